"""Immutable releases of publishers, dated by the day of publication.

`catalogue` knows which releases there are, `store` reads them as they stood on a day, `ingest` adds one,
`verify` proves that nothing has changed since.
"""

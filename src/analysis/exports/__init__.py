"""For machines: verdicts, figures, pictures, citations and maps of the site as files, made from the audit alone.

Every room returns {path in the site: text or bytes}, the same for the same audit to the byte.
"""

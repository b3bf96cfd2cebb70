"""Versions of the published book: frozen beside each other, compared, corrected and built again.

A version is the book's; a release is a publisher's.
"""

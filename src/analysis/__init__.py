"""Audit the figures of strategy papers against public data.

The rooms stand in one straight line and each imports only rooms to its left:
publishers -> snapshots -> measures -> claims -> verdicts -> chapters -> book.
"""

__version__ = "0.1.0"

"""Audit the figures of strategy papers against public data.

The rooms stand in one straight line and each imports only rooms to its left:
publishers -> snapshots -> measures -> claims -> verdicts -> chapters -> book.
"""

import time

__version__ = "0.1.0"

# What changes after this was perhaps loaded before: analysis.inputs does not take it for what was used.
LOADED = time.time_ns()

"""A replica of the publishers for tests: loopback servers that speak their protocols and can misbehave.

    with Replica(worldbank=WorldBank.of(store, "worldbank-2026-07-01")) as replica:
        wb.endpoint = f"{replica.url}/v2"
        replica.misbehave(faults.status(503), path="time/all", times=2)

What is known of each protocol, and from where, is told in the room that speaks it: worldbank, census, bea, files.
"""

from __future__ import annotations

from replica import faults
from replica.bea import Bea
from replica.census import Census
from replica.files import Files
from replica.server import Replica
from replica.wire import Reply, Request
from replica.worldbank import WorldBank

__all__ = ["Bea", "Census", "Files", "Replica", "Reply", "Request", "WorldBank", "faults"]

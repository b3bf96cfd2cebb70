"""One page of each type, by a name that tests bear. Whatever holds on these is held to be so on all of the type."""

from __future__ import annotations

PAGES = {
    "home": "index.html",
    "chapter": "chapters/trade.html",
    "moving": "chapters/scenarios.html",
    "claim": "claims/ics-two-way-trade.html",
    "fact": "claims/ics-nato-founder-host.html",
    "document": "documents/ics.html",
    "methods": "methods.html",
    "glossary": "glossary.html",
    "sources": "sources.html",
    "corrections": "corrections.html",
    "about": "about.html",
    "search": "search.html",
    "home-nl": "nl/index.html",
    "claim-nl": "nl/claims/ics-two-way-trade.html",
    "fact-fr": "fr/claims/ics-nato-founder-host.html",
    "card": "cards/ics-two-way-trade.html",
    "card-nl": "cards/ics-two-way-trade.nl.html",
}
CARDS = {name: path for name, path in PAGES.items() if path.startswith("cards/")}
FRAMED = {name: path for name, path in PAGES.items() if name not in CARDS}
"""Pages with the book's header, which cards go without."""
CHARTED = {name: PAGES[name] for name in ("chapter", "moving", "claim")}

OPEN_DETAILS = "document.querySelectorAll('details').forEach(part => { part.open = true; })"

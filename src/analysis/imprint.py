"""What the book says of itself wherever it is quoted: its name, its version, who made it, on which terms."""

import os

BOOK = "claimbook"
ABOUT = "A report book that audits the figures of strategy papers against public data."
MAKER = "The claimbook contributors"
VERSION_VARIABLE = "CLAIMBOOK_VERSION"
LICENCE, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"


def version() -> str:
    """The name of the version that is being built, such as 2026.11; empty for a book that is none.

    Set for a whole process and those it starts, so that each page, citation and file says the same.
    """
    return os.environ.get(VERSION_VARIABLE, "")

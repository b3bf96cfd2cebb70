"""What the book says of itself wherever it is quoted: its name, who made it, on which terms."""

BOOK = "claimbook"
ABOUT = "A report book that audits the figures of strategy papers against public data."
MAKER = "The claimbook contributors"
LICENCE, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"

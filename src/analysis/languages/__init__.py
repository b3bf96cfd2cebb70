"""What readers find in Dutch and French, the short answers, and the cards that other sites embed.

`files` gives the site's files, `alternates` the same page in the other languages, `summary` the short answer in
English and `block` what stands on a statement's page to be copied.
"""

from analysis.languages.files import alternates, files
from analysis.languages.share import block, summary

__all__ = ["alternates", "block", "files", "summary"]

"""What every edition needs, imported once by the warm parent: the makers of pages. The drawing engine is none of it."""
# ruff: noqa: F401

import jupyter_book.cli.main
import jupyter_book.sphinx
import myst_nb.sphinx_ext
import sphinx.builders.html
import sphinx.domains.std
import sphinx_external_toc

import analysis.editions.making
import analysis.editions.overview
import analysis.site.downloads
import analysis.site.extension
import analysis.site.inline
import analysis.site.links
import analysis.site.sphinx
from analysis.editions import statements
from analysis.snapshots.store import store

# What stands beside each sentence, the country of the documents, is the same in all editions: computed here, kept for
# every fork (analysis.reads tells again what was read for it).
statements.statements(statements.subject(statements.home_country()), store())

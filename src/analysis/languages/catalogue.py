"""Languages of the site and their gettext catalogues (locale/<language>/LC_MESSAGES/claimbook.po).

The English of the sources is the key of every text. Catalogues are read as they are, so nothing has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from analysis.errors import ClaimbookError
from analysis.languages.phrases import Phrase, leaf

LOCALES = Path(__file__).parent / "locale"
SOURCE = "en"
# Beside English. Their spelling of numbers and dates is the one of Belgium.
TRANSLATED = ("nl", "fr")
_LOCALES = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE"}


@dataclass(frozen=True)
class Language:
    """A language of the site: its code, how it spells, and its texts; English has no catalogue."""

    code: str
    locale: Locale
    catalogue: Catalog | None = None

    @property
    def name(self) -> str:
        """What the language calls itself."""
        name = self.locale.languages[self.code]
        return name[:1].upper() + name[1:]

    def known(self, context: str | None, message: str) -> str | None:
        """The translation of a text; None where there is none. English knows every text."""
        if self.catalogue is None:
            return message
        found = self.catalogue.get(message, context)
        return found.string if found is not None and found.string and not found.fuzzy else None

    def gettext(self, message: str) -> str:
        """A text of the pages; the English one where there is no translation."""
        return self.known(None, message) or message

    def pgettext(self, context: str, message: str) -> str:
        """A text whose meaning hangs on where it stands."""
        return self.known(context, message) or message

    def npgettext(self, context: str, singular: str, plural: str, form: str) -> str:
        """The text for a number, by its plural form as CLDR calls it: "one" or another."""
        at = 0 if form == "one" else 1
        found = self.catalogue.get(singular, context) if self.catalogue is not None else None
        if found is None or not all(found.string) or found.fuzzy:
            return (singular, plural)[at]
        return found.string[at]

    def data(self, context: str, text: str) -> Phrase:
        """A text of the ledger; where there is no translation the English one, marked as English."""
        translated = self.known(context, text)
        return leaf(text, SOURCE) if translated is None else leaf(translated)

    def foreign(self, text: str, language: str, tag: str = "span") -> Phrase:
        """A text that is in `language`, marked where that is not the language of the page."""
        return leaf(text, "" if language == self.code else language, tag)


def path(code: str) -> Path:
    """The file of a language's catalogue."""
    return LOCALES / code / "LC_MESSAGES" / "claimbook.po"


def read(code: str) -> Catalog:
    """The catalogue of a language as it stands in its file. ClaimbookError where it is missing or cannot be read."""
    file = path(code)
    try:
        with file.open("rb") as source:
            return read_po(source, locale=code, domain="claimbook", abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise ClaimbookError(f"the catalogue of language {code!r} cannot be read ({file.name}): {error}") from None


@cache
def language(code: str) -> Language:
    """A language of the site: en, nl or fr. ClaimbookError for any other."""
    if code not in _LOCALES:
        raise ClaimbookError(f"no texts in language {code!r}; there are: {', '.join(_LOCALES)}")
    return Language(code, Locale.parse(_LOCALES[code]), None if code == SOURCE else read(code))


def languages() -> tuple[Language, ...]:
    """All languages of the site, English first."""
    return tuple(language(code) for code in (SOURCE, *TRANSLATED))

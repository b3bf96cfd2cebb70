"""Sentences made of templates, as plain text and as HTML in which text of another language is marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Phrase:
    """A template with its named places filled by text or by other phrases.

    `str()` gives plain text. Templates of pages take it as HTML: values are escaped, and what has a `lang` of its
    own stands in an element that says so.
    """

    template: str
    values: Mapping[str, str | Phrase] = field(default_factory=dict)
    lang: str = ""
    tag: str = "span"

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __html__(self) -> Markup:
        inner = Markup(escape(self.template)).format(**self.values)
        if not self.lang and self.tag == "span":
            return inner
        marked = Markup(' lang="{}"').format(self.lang) if self.lang else ""
        return Markup("<{tag}{marked}>{inner}</{tag}>").format(tag=self.tag, marked=marked, inner=inner)


def phrase(template: str, **values: str | Phrase) -> Phrase:
    """A template with its places filled."""
    return Phrase(template, values)


def leaf(text: str, lang: str = "", tag: str = "span") -> Phrase:
    """Text that is no template, whatever it holds."""
    return Phrase("{text}", {"text": text}, lang, tag)


def N_(message: str) -> str:
    """Marks a text for the catalogue; it is translated where it is used."""
    return message

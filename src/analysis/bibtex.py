"""BibTeX from plain text: whatever the text holds, the entry can be read and set, by BibTeX and by biblatex."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote

# Commands rather than `\{`: BibTeX counts braces without looking at the backslash before them.
_COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_", "\u00a0": "~", "\u202f": "~",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}", "−": r"\textminus{}",
    "€": r"\texteuro{}", "£": r"\pounds{}", "§": r"\S{}", "©": r"\copyright{}", "°": r"\textdegree{}",
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}",
    "å": r"{\aa}", "Å": r"{\AA}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
# Names and titles keep their capitals, and an organisation is not taken for a person, within a second pair of braces.
_WHOLE = frozenset(("author", "booktitle", "editor", "institution", "organization", "publisher", "title"))
_ADDRESS_SAFE = "!$&'()*+,-./:;=?@_~#%[]"
_JOINERS = "\u200c\u200d"
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # but for those that keep a line together


def entry(kind: str, key: str, fields: Mapping[str, str | Sequence[str]]) -> str:
    """One BibTeX entry that ends with a line break: `entry("misc", "nvs-trade-share", {"title": "…"})`.

    Values are plain text; several authors are a list. Empty fields are left out. `url` is kept as an address.
    What a key may not hold is replaced by "-". ValueError for a kind or field name that is not a word.
    """
    for name in (kind, *fields):
        if not re.fullmatch(r"[a-z]+", name):
            raise ValueError(f"{name!r} is no kind or field of BibTeX")
    lines = [f"  {name} = {{{_value(name, value)}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{re.sub(r'[^A-Za-z0-9:.+/_-]+', '-', key)},\n{''.join(lines)}}}\n"


def text(plain: str) -> str:
    """Plain text as TeX: one line, nothing in it a command. Letters that TeX has no name for stay as they are."""
    seen = "".join(letter for letter in plain if letter.isspace() or letter in _JOINERS or not _unseen(letter))
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", _SPACES.sub(" ", seen).strip(" ")))


def _value(name: str, value: str | Sequence[str]) -> str:
    if name == "url":
        return quote(str(value), safe=_ADDRESS_SAFE, errors="replace")
    values = [value] if isinstance(value, str) else value
    told = [text(item) for item in values]
    return " and ".join(f"{{{item}}}" for item in told) if name in _WHOLE else " and ".join(told)


def _letter(letter: str) -> str:
    if letter in _COMMANDS:
        return _COMMANDS[letter]
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS:
        base = rf"\{parts[0]}" if parts[0] in "ij" and parts[1] not in "\u0327\u0328" else parts[0]
        return rf"{{\{_ACCENTS[parts[1]]}{{{base}}}}}"
    return letter


def _unseen(letter: str) -> bool:
    """Control characters, marks of direction and what is no character: they would break or reorder a line."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")

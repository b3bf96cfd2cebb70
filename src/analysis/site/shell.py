"""Pages that are made beside Sphinx, in the same frame: those in other languages."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis import imprint
from analysis.site.frame import HERE, SHELL, Frame
from analysis.site.head import PageFacts

_templates = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=FileSystemLoader(HERE / "theme")
)


def page(
    *,
    path: str,
    title: str,
    language: str,
    body: str,
    facts: PageFacts,
    scripts: Sequence[str] = (),
    address: str = "",
    version: str = "",
    inside: str = "",
    feed: str = "",
) -> str:
    """A page of the site as HTML. `path`: its place within the site; `body`: its article as HTML, escaped already.

    `scripts` are files below `_static`; `address` is the book's public address with a slash at its end, or nothing;
    `version` names the version that is being made, or nothing; `inside` is the folder of the book's own pages where
    they do not stand in the root, such as `latest/`; `feed` is the path of an Atom feed to name in the head.
    """
    frame = Frame(
        path=path,
        title=title,
        language=language,
        address=address,
        scripts=(SHELL, *scripts),
        version=version or imprint.version(),
        inside=inside,
        feed=feed,
    )
    home = f"{frame.root}{inside}{'' if language == 'en' else language + '/'}index.html"
    return _templates.get_template("shell.html").render(page=frame, facts=facts, body=Markup(body), home=home)

"""All pages of the e-book in one, to be printed: each anchor has its page's name before."""

import posixpath
from collections.abc import Sequence, Set
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

SUFFIX = ".xhtml"
_DEEPEST = 6

_PLAIN = "pre span:not(.gp, .kbd, .key, .hll)"
"""Pieces of code that only have another colour: for who listens, each would be a part of its own,
and there are more of them than of all others."""

Chapters = Sequence[tuple[str, Sequence[str]]]
"""The caption of each chapter, "" if it has none, and its pages in order."""


def whole(folder: Path, title: str, author: str, styles: Sequence[Path], chapters: Chapters) -> str:
    """The pages of ``chapters``, which lie in ``folder``, with a cover and their contents."""
    all_ = {name for _, names in chapters for name in names}
    parts = [_part(folder, caption, names, all_) for caption, names in chapters]
    contents = "".join(line for lines, _ in parts for line in lines)
    dress = "\n".join(style.read_text("utf-8") for style in styles)
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8"/><title>{escape(title)}'
        f'</title><style>{dress}</style></head><body><div class="cover"><p>{escape(title)}</p>'
        f"<p>{escape(author)}</p></div>"
        f'<nav class="contents"><p class="contents-title">Índice</p><ul>{contents}</ul></nav>'
        f"{''.join(body for _, body in parts)}</body></html>\n"
    )


def _part(
    folder: Path, caption: str, names: Sequence[str], all_: Set[str]
) -> tuple[list[str], str]:
    """The lines of a chapter in the contents, and its pages, which lead only to ``all_`` others."""
    lines, bodies = [], []
    if caption:
        anchor = f"parte-{_key(names[0])}"
        lines.append(f'<li class="part"><a href="#{anchor}">{escape(caption)}</a></li>')
        bodies.append(f'<h1 class="part" id="{anchor}">{escape(caption)}</h1>')
    for name in names:
        page = BeautifulSoup((folder / f"{name}{SUFFIX}").read_text("utf-8"), "html.parser")
        body = page.select("div.body")[0]
        title = body.select("h1")[0].get_text()
        lines.append(f'<li><a href="#{_key(name)}">{escape(title)}</a></li>')
        _lead(body, name, all_)
        _fit_in(body, name, deeper=bool(caption))
        bodies.append(f'<article id="{_key(name)}">{body.decode_contents()}</article>')
    return lines, "".join(bodies)


def _key(name: str) -> str:
    """A page's name, as an anchor."""
    return name.replace("/", "-")


def _fit_in(body: Tag, name: str, *, deeper: bool) -> None:
    """Have a page's anchors, links, pictures and headings be those of the whole."""
    for tag in body.select("[id]"):
        tag["id"] = f"{_key(name)}--{tag['id']}"
    for span in body.select(_PLAIN):
        span.unwrap()
    for picture in body.select("[src]"):
        picture["src"] = posixpath.normpath(posixpath.join(name, "..", str(picture["src"])))
    if deeper:
        for level in range(_DEEPEST - 1, 0, -1):
            for heading in body.select(f"h{level}"):
                heading.name = f"h{level + 1}"


def _lead(body: Tag, name: str, all_: Set[str]) -> None:
    """Have a page's links lead to where it is in the whole, or be none."""
    for link in body.select("a[href]"):
        parts = urlsplit(str(link["href"]))
        path = posixpath.join(name, "..", parts.path) if parts.path else name
        page = posixpath.normpath(path).removesuffix(SUFFIX)
        if not parts.scheme:
            link["href"] = f"#{_key(page)}" + (f"--{parts.fragment}" if parts.fragment else "")
        if not (parts.scheme or page in all_):
            link.unwrap()

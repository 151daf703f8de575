"""The icon font, cut down to the icons that the site shows: of two thousand, about twenty."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from sphinx.application import Sphinx

FONTS = Path("_static", "vendor", "fontawesome", "webfonts")
"""Where in a built site the theme's icon fonts are.

:meta hide-value:
"""

_NAMES = re.compile(r"\.fa-([a-z0-9-]+)")
"""The icons that a rule is for: «.fa-magnifying-glass,.fa-search{--fa:"\\f002"}»."""

_RULE = re.compile(r'([^{}]*)\{--fa:"\\([0-9a-f]+)"\}')

_CODE = re.compile(r"\\([ef][0-9a-f]{3})\b")

_WORD = re.compile(r"\bfa-([a-z0-9-]+)")

_PRIVATE = range(0xE000, 0xF900)
"""The characters that a font may give a picture of its own."""


def used(site: Path) -> set[int]:
    """The icons, as characters, that pages, scripts and style sheets of a built ``site`` name."""
    static = site / "_static"
    pages = (file for file in site.rglob("*.html") if static not in file.parents)
    names = set(_WORD.findall("\n".join(_texts([*pages, *static.rglob("*.js")]))))
    found = set()
    for style in _texts(static.rglob("*.css")):
        for selectors, code in _RULE.findall(style):
            if names & set(_NAMES.findall(selectors)):
                found.add(int(code, 16))
        # Those that a style sheet puts somewhere itself.
        itself = _RULE.sub("", style)
        found |= {int(code, 16) for code in _CODE.findall(itself)}
        found |= {ord(sign) for sign in set(itself) if ord(sign) in _PRIVATE}
    return found


def _texts(files: Iterable[Path]) -> Iterator[str]:
    return (file.read_text("utf-8") for file in sorted(files))


def cut(file: Path, codes: set[int]) -> None:
    """Leave only the characters ``codes`` in a font."""
    options = subset.Options(flavor="woff2")
    font = subset.load_font(str(file), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    subset.save_font(font, str(file), options)


def _build_finished(app: Sphinx, error: Exception | None) -> None:
    site = Path(app.outdir)
    if error is None and (site / FONTS).exists():
        codes = used(site)
        for file in sorted((site / FONTS).glob("*.woff2")):
            cut(file, codes)


def setup(app: Sphinx) -> dict[str, Any]:
    """Cut the fonts at the end of each build, which has copied them whole."""
    app.connect("build-finished", _build_finished)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Ask again: two questions of earlier chapters at a chapter's end, and the page that draws them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import question
from streamdocs.publishing.components import Component, add, hold
from streamdocs.publishing.question import QUESTION
from streamdocs.publishing.verdicts import Judge, warn

PRACTICE = Component("practice", "", ("question-review.js",), "question-data.js", needs=(QUESTION,))
"""What the page loads that draws the questions, beside what a question loads.

:meta hide-value:
"""

_REVIEWS = "streamdocs_reviews"
"""The page's metadata with the line of its review, and the pages that it is to draw from."""

_DRAWN = "streamdocs_drawn"
"""The environment's attribute with what each review shows."""

_MOST = 2
"""The questions of a review."""


@dataclass(frozen=True)
class Place:
    """A question of some page."""

    chapter: str
    page: str
    html: str


class Review(Directive):
    """Asks two questions of earlier chapters again, or of the pages in ``:from:``."""

    option_spec: ClassVar = {"from": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """A container that is filled when all questions are known."""
        env = self.state.document.settings.env
        pages = [name.strip() for name in self.options.get("from", "").split(",") if name.strip()]
        env.metadata[env.docname][_REVIEWS] = (self.lineno - 1, pages)
        hold(env, QUESTION)
        return [nodes.container("", review=True)]


class Practice(Directive):
    """Draws the questions of the course, those first that the reader does not know."""

    def run(self) -> list[nodes.Node]:
        """A container that is filled when all questions are known."""
        env = self.state.document.settings.env
        hold(env, PRACTICE)
        return [nodes.container("", practice=True)]


def chapters(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """The chapters in the order of the table of contents, with their pages."""
    found = []
    for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        names = [name for _, name in tree["entries"] if name in env.titles]
        if names:
            found.append((tree.get("caption") or env.titles[names[0]].astext(), names))
    return found


def places(env: BuildEnvironment) -> Iterator[Place]:
    """All questions, in the order of the table of contents."""
    its = question.found(env)
    for chapter, names in chapters(env):
        for name in names:
            yield from (Place(chapter, name, html) for html in its.get(name, {}).values())


def draw(asked: Iterable[Place], seed: str) -> list[Place]:
    """Two of the questions, of two chapters if there are: the same in every build."""
    mixed = sorted(asked, key=lambda each: hashlib.sha256(f"{seed}{each.html}".encode()).digest())
    first = mixed[:1]
    others = [each for each in mixed if first and each.chapter != first[0].chapter]
    return [*first, *(others or mixed[1:])][:_MOST]


def follow(app: Sphinx, judge: Judge) -> None:
    """Have the reviews drawn; after the questions are found."""
    app.connect("env-updated", partial(_draw, judge))


def _draw(judge: Judge, _app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw for each review; the pages to write again, since theirs is another now."""
    asked, now = list(places(env)), {}
    # What was not executed asks nothing.
    warns = all(map(judge.has_run, env.found_docs))
    for name in sorted(env.found_docs):
        if _REVIEWS in env.metadata[name]:
            line, pages = env.metadata[name][_REVIEWS]
            sources = pages or _earlier(env, name)
            now[name] = draw((each for each in asked if each.page in sources), name)
            if warns and not now[name]:
                warn(name, line, "no hay ninguna pregunta que repetir: corrige «:from:», o quítala")
    before = getattr(env, _DRAWN, {})
    setattr(env, _DRAWN, now)
    return [name for name, drawn in now.items() if drawn != before.get(name)]


def _earlier(env: BuildEnvironment, name: str) -> list[str]:
    """The pages of the chapters before that of a page."""
    earlier: list[str] = []
    for _, names in chapters(env):
        if name in names:
            break
        earlier += names
    return earlier


def _fill(app: Sphinx, tree: nodes.document, name: str) -> None:
    for node in list(tree.findall(nodes.container)):
        if "review" in node:
            drawn = getattr(app.env, _DRAWN, {}).get(name, [])
            html = "".join(_again(app, name, each) for each in drawn)
            node.replace_self(nodes.raw("", html, format="html"))
        elif "practice" in node:
            node.replace_self(nodes.raw("", _listed(app, name), format="html"))


def _again(app: Sphinx, name: str, place: Place) -> str:
    """A question of another page, with where it comes from."""
    return f'{place.html}<p class="question-from">De {_link(app, name, place.page)}.</p>\n'


def _link(app: Sphinx, name: str, page: str) -> str:
    address = app.builder.get_relative_uri(name, page)
    return f'<a href="{escape(address)}">{escape(app.env.titles[page].astext())}</a>'


def _listed(app: Sphinx, name: str) -> str:
    """Where the questions are, for who has no JavaScript."""
    its = question.found(app.env)
    items = "".join(
        f"<li>{_link(app, name, page)}: {len(its[page])}</li>"
        for _, names in chapters(app.env)
        for page in names
        if its.get(page)
    )
    said = "Sin JavaScript no se pueden sortear. Aquí tienes cuántas hay en cada página:"
    return f"<stream-review><p>{said}</p><ul>{items}</ul></stream-review>\n"


def write(app: Sphinx) -> None:
    """Publish the questions for the page that draws them."""
    env, file = app.env, Path(app.outdir, "_static", "question-data.js")
    all_ = [
        {
            "chapter": each.chapter,
            "title": env.titles[each.page].astext(),
            "href": app.builder.get_target_uri(each.page),
            "html": each.html,
        }
        for each in places(env)
    ]
    # A script, and not JSON: a site that is opened from a folder may read no other file.
    text = json.dumps(all_, ensure_ascii=False, separators=(",", ":"))
    file.write_text(f"globalThis.QuestionData = {text};\n", "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives; ``follow`` finds what they ask."""
    app.add_directive("review", Review)
    app.add_directive("practice", Practice)
    app.connect("doctree-resolved", _fill)
    add(app, PRACTICE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

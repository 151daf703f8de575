"""The stamp of a build: with what its pages ran, when, and how many tables were compared."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from functools import partial
from importlib.metadata import version
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.i18n import format_date

from streamdocs.publishing import measures
from streamdocs.publishing.verdicts import Judge
from streamdocs.system import java, programs

_STAMPED = "streamdocs_stamped"
"""The page's metadata that tells that it shows the stamp."""

_LAST = "streamdocs_stamp"
"""The environment's attribute with the stamp that the pages of the last build show."""


class Stamp(Directive):
    """Shows with what the site's pages ran, and what became of the comparison."""

    def run(self) -> list[nodes.Node]:
        """A list that is filled when all pages have been checked."""
        env = self.state.document.settings.env
        env.metadata[env.docname][_STAMPED] = True
        return [nodes.bullet_list("", stamp=True, classes=["stamp"])]


def facts(env: BuildEnvironment, judge: Judge) -> tuple[str, ...]:
    """What the stamp says: programs with their versions, the day, and the comparison."""
    major = java.java_major(str(programs.java()))
    when = format_date("%-d de %B de %Y", language="es")
    ran = [name for name in env.found_docs if judge.runs(name)]
    tables = sum(measures.of(env, name).tables for name in ran)
    return (
        f"Spark {version('pyspark')}",
        f"Java {major}",
        f"Python {platform.python_version()}",
        when,
        *_compared(judge, tables),
    )


def _compared(judge: Judge, tables: int) -> tuple[str, ...]:
    if judge.accepts:
        return (f"{tables} tablas, sin comparar",)
    wrong = len(judge.wrong)
    pages = "1 página" if wrong == 1 else f"{wrong} páginas"
    said = f"diferencias en {pages}" if wrong else "0 diferencias"
    not_run = (f"{len(judge.not_run)} páginas sin ejecutar",) if judge.not_run else ()
    return (f"{tables} tablas comparadas", said, *not_run)


def follow(app: Sphinx, judge: Judge) -> None:
    """Have the pages that show the stamp filled with what ``judge`` found in this build."""
    # After the pages have been checked.
    app.connect("env-updated", partial(_renewed, judge), priority=600)
    app.connect("doctree-resolved", _fill)


def _renewed(judge: Judge, _app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    stamped = [name for name in env.found_docs if env.metadata[name].get(_STAMPED)]
    if not stamped:
        return []
    now, before = facts(env, judge), getattr(env, _LAST, None)
    setattr(env, _LAST, now)
    return [] if now == before else stamped


def _fill(app: Sphinx, tree: nodes.document, _name: str) -> None:
    for node in tree.findall(nodes.bullet_list):
        if "stamp" in node:
            node += [
                nodes.list_item("", nodes.paragraph("", fact)) for fact in getattr(app.env, _LAST)
            ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive; ``follow`` fills it."""
    app.add_directive("stamp", Stamp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

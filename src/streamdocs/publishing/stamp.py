"""The stamp of a build: with what its pages ran, when, and how many tables were compared."""

import platform
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


class Stamp(Directive):
    """Shows with what the site's pages ran, and what became of the comparison."""

    def run(self) -> list[nodes.Node]:
        """A list that is filled when all pages have been checked."""
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
    """Have the stamp filled with what ``judge`` finds in this build.

    Sphinx writes the page with the table of contents again whenever another page has changed: there
    the stamp is never older than the pages.
    """
    app.connect("doctree-resolved", partial(_fill, judge))


def _fill(judge: Judge, app: Sphinx, tree: nodes.document, _name: str) -> None:
    for node in tree.findall(nodes.bullet_list):
        if "stamp" in node:
            said = facts(app.env, judge)
            node += [nodes.list_item("", nodes.paragraph("", fact)) for fact in said]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive; ``follow`` fills it."""
    app.add_directive("stamp", Stamp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

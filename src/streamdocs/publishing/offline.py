"""Pages that need what only a network brings, and what becomes of them without one."""

import glob
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from docutils import nodes
from sphinx.application import Sphinx

from streamdocs.course import needs
from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError
from streamdocs.system import child

_KAFKA = "kafka"


def without_network(app: Sphinx, course: Course) -> frozenset[str]:
    """The pages that cannot be executed, since what they need cannot be had; they are said.

    With ``CI=true`` or ``streamdocs_strict``, a page that cannot be executed is an error.
    """
    config = app.config
    names = app.project.discover(config.exclude_patterns, config.include_patterns)
    signs = needs.signs_of_network(course.examples)
    wanted: dict[str, list[str]] = {}
    for name in sorted(names):
        for what in _needs(_cells(course, name, signs)):
            wanted.setdefault(what, []).append(name)
    strict = config.streamdocs_strict or os.environ.get("CI") == "true"
    without: set[str] = set()
    try:
        lacking = _lacking(wanted, strict=strict)
    except KafkaError as error:
        sys.exit(str(error))
    for what, why in lacking.items():
        print(f"{why} Quedan sin ejecutar: {', '.join(wanted[what])}.")
        without.update(wanted[what])
    if without:
        config.nb_execution_excludepatterns = [
            glob.escape(str(course.docs / f"{name}.md")) for name in sorted(without)
        ]
    return frozenset(without)


def _cells(course: Course, name: str, signs: Sequence[str]) -> Sequence[str]:
    """What the cells of a page say, if it bears one of the ``signs``."""
    try:
        text = course.text(name)
    except PageError:
        return ()  # it is said when the page is read
    # Most have none, and reading a page takes a tenth of a second.
    if not any(sign in text for sign in signs):
        return ()
    return [cell.source for cell in course.page(name).cells]


def _needs(sources: Sequence[str]) -> Sequence[str]:
    """What those cells need of the network: Kafka, and packages for Spark."""
    kafka = (_KAFKA,) if needs.kafka(sources) else ()
    return (*kafka, *sorted(needs.packages(sources)))


def _lacking(wanted: Collection[str], *, strict: bool) -> Mapping[str, KafkaError]:
    """Have what is ``wanted`` in the cache; what of it cannot be had, and why.

    Kafka comes beside the packages. These come one by one: Ivy does not lock the cache they share.
    Raises KafkaError for the first that cannot be had, if that is ``strict``.
    """
    lacking = {}
    with child.beside() as threads:
        tasks: list[tuple[str, Callable[[], object]]] = [
            (what, jars.connector if what == _KAFKA else partial(jars.package, what))
            for what in wanted
        ]
        if _KAFKA in wanted:
            tasks.append((_KAFKA, threads.submit(jars.jars).result))
        for what, task in tasks:
            try:
                task()
            except KafkaError as error:
                if strict:
                    raise
                lacking[what] = error
    return lacking


def say_not_executed(tree: nodes.document) -> None:
    """Begin a page with the note that its cells did not run in this build."""
    note = nodes.warning(
        "",
        nodes.paragraph(
            "",
            "Esta página no se ha ejecutado en esta construcción: no se pudo descargar lo "
            "que necesita. Sus celdas se ven sin lo que imprimen.",
        ),
    )
    (section,) = [node for node in tree.children if isinstance(node, nodes.section)][:1]
    section.insert(1, note)

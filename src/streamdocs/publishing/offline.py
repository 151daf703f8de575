"""Pages that need what only a network brings, and what becomes of them without one."""

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from docutils import nodes
from sphinx.application import Sphinx

from streamdocs.course import needs
from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError

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
    without: set[str] = set()
    for what, error in _lacking(wanted).items():
        if config.streamdocs_strict or os.environ.get("CI") == "true":
            sys.exit(str(error))
        print(f"{error} Quedan sin ejecutar: {', '.join(wanted[what])}.")
        without.update(wanted[what])
    if without:
        config.nb_execution_excludepatterns = [
            str(course.docs / f"{name}.md") for name in sorted(without)
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


def _lacking(wanted: Collection[str]) -> Mapping[str, KafkaError]:
    """Have what is ``wanted`` in the cache; what of it cannot be had, and why.

    Kafka comes beside the packages. These come one by one: Ivy does not lock the cache they share.
    """
    lacking = {}
    with ThreadPoolExecutor() as beside:
        kafka = beside.submit(jars.jars) if _KAFKA in wanted else None
        for what in wanted:
            try:
                if what == _KAFKA:
                    jars.connector()
                else:
                    jars.package(what)
            except KafkaError as error:
                lacking[what] = error
        if kafka:
            try:
                kafka.result()
            except KafkaError as error:
                lacking[_KAFKA] = error
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

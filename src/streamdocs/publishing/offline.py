"""Pages that need what only a network brings, and what becomes of them without one."""

import os
import sys
from collections.abc import Sequence

from docutils import nodes
from sphinx.application import Sphinx

from streamdocs.course import needs
from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError


def without_kafka(app: Sphinx, course: Course) -> frozenset[str]:
    """The pages that cannot be executed, since Kafka's jars cannot be had; they are said.

    With ``CI=true`` or ``streamdocs_strict``, a page that cannot be executed is an error.
    """
    config = app.config
    names = app.project.discover(config.exclude_patterns, config.include_patterns)
    signs = needs.signs_of_kafka(course.examples)
    pages = [name for name in sorted(names) if _needs_kafka(course, name, signs)]
    try:
        if pages:
            jars.jars()
            jars.connector()
    except KafkaError as error:
        if config.streamdocs_strict or os.environ.get("CI") == "true":
            sys.exit(str(error))
        config.nb_execution_excludepatterns = [str(course.docs / f"{name}.md") for name in pages]
        print(f"{error} Quedan sin ejecutar: {', '.join(pages)}.")
        return frozenset(pages)
    return frozenset()


def _needs_kafka(course: Course, name: str, signs: Sequence[str]) -> bool:
    try:
        text = course.text(name)
    except PageError:
        return False  # it is said when the page is read
    # Most have none, and reading a page takes a tenth of a second.
    if not any(sign in text for sign in signs):
        return False
    return needs.kafka(cell.source for cell in course.page(name).cells)


def say_not_executed(tree: nodes.document) -> None:
    """Begin a page with the note that its cells did not run in this build."""
    note = nodes.warning(
        "",
        nodes.paragraph(
            "",
            "Esta página no se ha ejecutado en esta construcción: no se pudo descargar Kafka. "
            "Sus celdas se ven sin lo que imprimen.",
        ),
    )
    (section,) = [node for node in tree.children if isinstance(node, nodes.section)][:1]
    section.insert(1, note)

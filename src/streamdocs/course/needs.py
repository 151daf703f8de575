"""What a page needs besides Python: Spark in its kernel, a Kafka broker."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from streamdocs.course.page import Page

_KAFKA = ("kafka.bootstrap.servers", "--bootstrap-server")


def spark(page: Page) -> bool:
    """Whether a cell of ``page`` imports PySpark into the kernel."""
    return any(cell.terminal is None and "pyspark" in cell.source for cell in page.cells)


def kafka(sources: Iterable[str]) -> bool:
    """Whether any of these pieces of code reaches for a Kafka broker."""
    return any(mark in source for source in sources for mark in _KAFKA)


def signs_of_kafka(examples: Path) -> Sequence[str]:
    """Strings of which a page that needs Kafka has one: in its cells, or the name of an example."""
    scripts = sorted(examples.rglob("*.py"))
    with_kafka = (script for script in scripts if kafka([script.read_text("utf-8")]))
    return (*_KAFKA, *(script.relative_to(examples).as_posix() for script in with_kafka))

"""What a page or an example needs besides Python: Spark, a Kafka broker, a user."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from streamdocs.course.page import Page

_PACKAGES = "spark.jars.packages"
_PACKAGE = re.compile(r'"([a-z]\w*(?:\.\w+)+:[\w.-]+:\d[\w.-]*)"')
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


def packages(sources: Iterable[str]) -> frozenset[str]:
    """The packages for Spark that these pieces of code name whole: «group:name:version»."""
    return frozenset(name for source in sources for name in _PACKAGE.findall(source))


def signs_of_packages(examples: Path) -> Sequence[str]:
    """Strings of which a page that needs a package has one, as ``signs_of_kafka``."""
    scripts = sorted(examples.rglob("*.py"))
    naming = (script for script in scripts if packages([script.read_text("utf-8")]))
    return (_PACKAGES, *(script.relative_to(examples).as_posix() for script in naming))


def user(text: str) -> str | None:
    """Whose the terminals are in which ``text`` is typed: PostgreSQL does not start for root."""
    return "nobody" if "initdb" in text else None

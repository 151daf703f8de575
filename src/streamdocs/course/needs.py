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


def packages(sources: Iterable[str]) -> frozenset[str]:
    """The packages for Spark that these pieces of code name whole: «group:name:version»."""
    return frozenset(name for source in sources for name in _PACKAGE.findall(source))


def signs_of_network(examples: Path) -> Sequence[str]:
    """Strings of which a page that needs Kafka or a package has one, examples' names among them."""
    texts = {script: script.read_text("utf-8") for script in sorted(examples.rglob("*.py"))}
    needing = (script for script, text in texts.items() if kafka([text]) or packages([text]))
    names = (script.relative_to(examples).as_posix() for script in needing)
    return (*_KAFKA, _PACKAGES, *names)


def user(text: str) -> str | None:
    """Whose the terminals are in which ``text`` is typed: PostgreSQL does not start for root."""
    return "nobody" if "initdb" in text else None

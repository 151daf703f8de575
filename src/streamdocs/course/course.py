"""A course in a folder: its pages, its examples and what the pages must print."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nbformat import NotebookNode

from streamdocs.course import page
from streamdocs.course.options import PageError
from streamdocs.course.page import Page


@dataclass(frozen=True)
class Course:
    """Where the parts of a course are.

    Attributes:
        docs: the folder of the pages.
        examples: the folder of the examples.
        expected: the folder with what each page must print.
    """

    docs: Path
    examples: Path
    expected: Path

    @classmethod
    def at(cls, root: Path) -> Self:
        """The course whose parts have their usual places below ``root``."""
        return cls(root / "docs", root / "examples", root / "tests" / "expected")

    def name(self, file: Path) -> str:
        """The name of the page in ``file``: «hola/palabras»."""
        return file.resolve().relative_to(self.docs.resolve()).with_suffix("").as_posix()

    def text(self, name: str) -> str:
        """The text of a page.

        Raises PageError when it is not in UTF-8.
        """
        content = (self.docs / f"{name}.md").read_bytes()
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise PageError(
                f"no está en UTF-8 (byte {content[error.start]:#04x}, línea {line}): "
                "guárdalo en esa codificación"
            ) from None

    def read(self, name: str) -> NotebookNode:
        """A page as a notebook that was not executed; PageError as ``text``."""
        return page.read(self.text(name), str(self.examples))

    def page(self, name: str) -> Page:
        """A page; PageError as ``text``."""
        return Page(name, page.cells(self.read(name)))

    def wanted(self, name: str) -> Path:
        """The file with what a page must print."""
        return self.expected / f"{name}.txt"

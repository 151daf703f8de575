"""The whole course, built again, is the same but for the clock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import DOCS
from course import Course
from test_same import published

from streamdocs import expected

CLOCK = re.compile(r'"(?:start|at|duration)": ?(?:"[^"]*"|[\d.]+)')
"""When a recorded batch began, its input came, and how long it took."""
DRAWN = re.compile(r"<svg.*?</svg>|_images/[0-9a-f]{64}\.svg", re.DOTALL)


@pytest.mark.full
def test_the_whole_course_is_the_same_again(tmp_path: Path) -> None:
    again = Course.whole(tmp_path, lanes=2)
    again.clean()
    again.build("-W", "-n")
    first = published(DOCS / "_build" / "html")
    other = published(again.docs / "_build" / "html")
    assert first.keys() == other.keys()
    declared = {name: varies(again, name) for name in again.names()}
    for name, kinds in declared.items():
        for file in (f"{name}.html", f"{name}.ipynb"):
            if file in first:
                first[file] = unclocked(first[file], kinds)
                other[file] = unclocked(other[file], kinds)
    assert [file for file in first if first[file] != other[file]] == []
    clocked = sorted(name for name, kinds in declared.items() if kinds)
    print(f"Curso entero: {len(first)} ficheros, 0 distintos; declaran horas: {clocked}")


def varies(course: Course, name: str) -> set[str]:
    """What the cells of a page declare to vary from one build to the next."""
    return {kind for cell in course.cells(name) for kind in expected.varies(cell)}


def unclocked(content: bytes, kinds: set[str]) -> bytes:
    """A page without ids, without the times of its recorded batches, and without what varies."""
    text = CLOCK.sub("", expected.normalise(content.decode(), kinds).text)
    return (DRAWN.sub("", text) if kinds else text).encode()

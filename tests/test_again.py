"""The whole course, built again, is the same but for the clock."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import COURSE
from course import Course

from streamdocs.checking import expected

CLOCK = re.compile(r'"(?:start|at|duration)": ?(?:"[^"]*"|[\d.]+)')
"""When a recorded batch began, its input came, and how long it took."""
DRAWN = re.compile(r"<svg.*?</svg>|_images/[0-9a-f]{64}\.svg", re.DOTALL)
PART = re.compile(r"\d|^[a-f]+$")
"""A word that may be part of an id or of a time: the search index holds those, too."""


@pytest.mark.full
def test_the_whole_course_is_the_same_again(tmp_path: Path) -> None:
    again = Course.whole(tmp_path, lanes=2)
    again.clean()
    again.build("-W", "-n").green()
    declared = {name: varies(again, name) for name in again.names()}
    first = unclocked_site(COURSE, declared)
    other = unclocked_site(again, declared)
    assert first.keys() == other.keys()
    assert [file for file in first if first[file] != other[file]] == []
    clocked = sorted(name for name, kinds in declared.items() if kinds)
    print(f"Curso entero: {len(first)} ficheros, 0 distintos; declaran horas: {clocked}")


def unclocked_site(course: Course, declared: dict[str, set[str]]) -> dict[str, str]:
    """What is served of a course, by file, without what pages have ``declared`` to vary."""
    site = course.served()
    for name, kinds in declared.items():
        for file in (f"{name}.html", f"{name}.ipynb"):
            if file in site:
                site[file] = unclocked(site[file], kinds)
    site["searchindex.js"] = unclocked_index(site["searchindex.js"])
    return site


def varies(course: Course, name: str) -> set[str]:
    """What the cells of a page declare to vary from one build to the next."""
    return {kind for cell in course.cells(name) for kind in cell.options.varies}


def unclocked(content: str, kinds: set[str]) -> str:
    """A page without ids, without the times of its recorded batches, and without what varies."""
    text = CLOCK.sub("", expected.normalise(content, kinds))
    return DRAWN.sub("", text) if kinds else text


def unclocked_index(content: str) -> str:
    """The search index without words that may be part of an id or of a time."""
    found = json.loads(content[content.index("{") : content.rindex("}") + 1])
    found["terms"] = {word: at for word, at in found["terms"].items() if not PART.search(word)}
    return json.dumps(found)

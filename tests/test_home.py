"""What the home page tells of the course: with what it ran, and how long its routes take."""

from __future__ import annotations

import platform
from importlib.metadata import version

import pytest
from bs4 import BeautifulSoup
from conftest import EPOCH, Site
from docutils import nodes
from docutils.utils import new_document

from streamdocs.publishing import measures

TABLE = 'print("+---+\\n|uno|\\n+---+\\n|  1|\\n+---+\\n" * 3)'
FRONT = """# Sitio

```{stamp}
```

:::{route} Corta
a: Haz una cosa.
Segunda parte: Haz otra.
:::

```{toctree}
a
```

```{toctree}
:caption: Segunda parte

b
c
```
"""


@pytest.fixture
def course(site: Site) -> Site:
    """A site with a front page and three others, of which one prints three tables."""
    site.page("a", TABLE)
    site.page("b", "print(1)")
    site.page("c", "print(2)")
    site.write("index", FRONT)
    site.regen()
    return site


def text(site: Site) -> str:
    """The words of the front page, with one blank between."""
    page = BeautifulSoup((site.docs / "_build/html/index.html").read_text(), "html.parser")
    return " ".join(page.get_text(" ").split())


def test_the_stamp_tells_versions_day_and_tables(course: Site) -> None:
    assert "3 tablas, sin comparar" in text(course)
    course.build(**EPOCH).green()
    shown = text(course)
    assert f"Spark {version('pyspark')} Java " in shown
    assert f"Python {platform.python_version()} 14 de noviembre de 2023" in shown
    assert "3 tablas comparadas 0 diferencias" in shown


def test_the_stamp_tells_of_differences(course: Site) -> None:
    course.edit("expected/b.txt", "1", "2")
    assert course.build(**EPOCH).code == 1
    assert "3 tablas comparadas diferencias en 1 página" in text(course)
    course.edit("expected/b.txt", "2", "1")
    course.build(**EPOCH).green()
    assert "0 diferencias" in text(course)


def test_a_route_has_titles_and_times_of_pages_and_chapters(course: Site) -> None:
    course.build(**EPOCH).green()
    assert "Corta unas 5 min Página a 5 min Haz una cosa. Segunda parte 5 min" in text(course)
    # The front page itself does not change, nor does any title at first.
    course.append("c.md", "\npalabra " * 4000)
    course.build(**EPOCH).green()
    assert "Corta unas 20 min" in text(course)
    assert "Segunda parte 20 min Haz otra." in text(course)
    course.edit("a.md", "# Página a", "# Otro título")
    course.build(**EPOCH).green()
    assert "Otro título 5 min Haz una cosa." in text(course)


def test_the_stamp_is_renewed_when_only_another_page_has_changed(course: Site) -> None:
    course.build(**EPOCH).green()
    course.edit("a.md", "* 3)", "* 4)")
    course.regen()
    assert "4 tablas, sin comparar" in text(course)


def test_a_stop_that_is_neither_page_nor_chapter_is_named(course: Site) -> None:
    course.edit("index.md", "a: Haz", "d: Haz")
    built = course.build(**EPOCH)
    assert built.code == 1
    assert "index.md:7: WARNING: no hay ni página ni capítulo «d»" in built.err


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "5 min"), (7.4, "5 min"), (8, "10 min"), (58, "1 h"), (140, "2 h 20 min")],
)
def test_times_are_said_in_steps_of_five_minutes(minutes: float, said: str) -> None:
    assert measures.spoken(minutes) == said


def test_only_the_heads_of_tables_are_counted() -> None:
    one = "-------\nBatch: 0\n-------\n+---+---+\n|a  |b  |\n+---+---+\n|1  |2  |\n+---+---+\n\n"
    block = nodes.literal_block(one + one, one + one, classes=["output", "stream"])
    cell = nodes.container("", block, nb_element="cell_code", cell_metadata={})
    tree = new_document("")
    tree += [nodes.section("", nodes.paragraph("", "una frase")), cell]
    assert measures.measure(tree) == measures.Measures(minutes=2 / 200 + 1 / 4, tables=2)


@pytest.mark.parametrize(
    ("code", "tags", "lines"),
    [
        ("consulta.stop()", [], 1),
        ("a = 1\n\nb = 2", [], 2),
        ("%%terminal 1\nel mar", [], 1),
        ("a = 1\nb = 2", ["hide-output"], 2),
        ("a = 1\nb = 2", ["hide-input"], 0),
        ("a = 1\nb = 2", ["hide-cell"], 0),
    ],
)
def test_a_cell_takes_as_long_as_its_lines(code: str, tags: list[str], lines: int) -> None:
    source = nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    cell = nodes.container("", source, nb_element="cell_code", cell_metadata={"tags": tags})
    tree = new_document("")
    tree += cell
    assert measures.measure(tree).minutes == 1 / 4 + lines / 10

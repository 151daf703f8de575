"""The aula in a real browser: cells that run, terminals that are shells, on the reader's Spark."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest
from aulas import PATIENCE, Aula, open_
from conftest import DOCS, QUIET, read_by
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from test_browser import assert_accessible

from streamdocs.exercises import files
from streamdocs.system import waiting

SITE = DOCS / "_build" / "html"
SPARK = 120_000
"""Milliseconds that Spark may take to come up, or to answer, on a busy machine."""

BATCH = re.compile(r"Batch: (\d+)\n-+\n((?:[+|].*\n)+)")
STATE = ".aula-panel .aula-status:not(.aula-lacks)"


@pytest.fixture(scope="module")
def aula() -> Iterator[Aula]:
    with open_(SITE) as opened:
        yield opened


@contextmanager
def at(browser: Browser, aula: Aula, place: str = "") -> Iterator[Page]:
    """A window of the reader's, at ``place`` if one is named, in an aula where no page is live."""
    aula.ask("DELETE", "/aula/page", **aula.mine)
    with read_by(browser, f"http://{aula.host}") as page:
        page.goto(aula.address)
        if place:
            page.goto(place)
        yield page


@pytest.fixture
def tab(browser: Browser, aula: Aula) -> Iterator[Page]:
    """The page in which words are counted, from its beginning."""
    with at(browser, aula, "/curso/hola/palabras.html") as page:
        yield page


def cell(tab: Page, code: str, number: int = 0) -> Locator:
    """The cell with that number among those whose code has ``code``."""
    return tab.locator(".bd-article .cell:has(.cm-editor)").filter(has_text=code).nth(number)


def run(it: Locator, button: str = "Ejecutar") -> None:
    it.get_by_role("button", name=button).click()
    expect(it.locator(".aula-bar .aula-status")).not_to_have_text(
        re.compile("^$|Espera a|En marcha"), timeout=SPARK
    )


def said(it: Locator) -> str:
    return it.locator(".aula-bar .aula-status").inner_text()


def printed(it: Locator) -> str:
    texts = it.locator(".aula-output pre").all()
    return "".join(text.text_content() or "" for text in texts)


def recorded(tab: Page, code: str) -> list[tuple[str, str]]:
    """What the page recorded of the query that the first cell with ``code`` starts."""
    script = """code => {
      const all = [...document.querySelectorAll(".bd-article .cell")];
      const starts = cell => cell.querySelector(".cm-editor")?.innerText.includes(code);
      const blocks = all.slice(all.findIndex(starts)).flatMap(cell =>
        [...cell.querySelectorAll(".box.console pre")]);
      return blocks.map(block => block.textContent).join("");
    }"""
    found = BATCH.findall(str(tab.evaluate(script, code)))
    rest = takewhile(lambda pair: pair[1][0] != "0", enumerate(found[1:], 1))
    return [found[0], *(one for _, one in rest)]


def write(box: Locator, tab: Page, line: str) -> None:
    """Type into the real terminal, key by key."""
    box.locator(".xterm-helper-textarea").focus()
    tab.keyboard.type(f"{line}\n")


HEARD = """state => {
  window.heard = [];
  const it = document.querySelector(state);
  new MutationObserver(() => heard.push(it.textContent)).observe(it, { childList: true });
}"""


def test_by_clicks_from_the_terminal_to_the_table(tab: Page) -> None:
    """Two lines of the page, two others; a second terminal; then the kernel is made new."""
    query = cell(tab, "recuento.writeStream")
    boxes = tab.locator(".box.terminal:has(.aula-bar)")
    boxes.nth(0).get_by_role("button", name="Escribirlo").click()
    for code in ("SparkSession.builder", "lineas = (", "groupBy", "recuento.writeStream"):
        run(cell(tab, code))
    same = query.locator(".aula-compared").first  # the second is the player's
    expect(same).to_have_text("Igual que en la página: Batch 0.", timeout=SPARK)
    for number in (1, 2):
        boxes.nth(number).get_by_role("button", name="Escribirlo").click()
        told = f"Igual que en la página, de Batch 0 a Batch {number}."
        expect(same).to_have_text(told, timeout=SPARK)
    assert BATCH.findall(printed(query)) == recorded(tab, "recuento.writeStream")
    # Below the terminal stands the recording's; the reader's own is above, and out of sight.
    assert boxes.nth(2).locator("+ .aula-title").inner_text() == "Lo que grabó la página"
    expect(query.locator(".aula-output")).not_to_be_in_viewport()
    tab.get_by_role("button", name="Ha salido algo más arriba").click()
    expect(query.locator(".aula-output")).to_be_in_viewport()
    expect(tab.get_by_role("button", name="Ha salido algo")).to_be_hidden()

    others = ("la luna y el sol y la luna", "ni sol ni luna")
    for number, line in enumerate(others, 3):
        write(boxes.nth(2), tab, line)
        expect(query.locator(".aula-output")).to_contain_text(f"Batch: {number}", timeout=SPARK)
    expect(query.locator(".aula-output")).to_contain_text("|   ni|", timeout=SPARK)
    lines = ("el mar y el sol", "el sol y la arena", *others)
    words = Counter(word for line in lines for word in line.split())
    last = BATCH.findall(printed(query))[-1][1]
    rows = [[part.strip() for part in row.split("|")[1:-1]] for row in last.splitlines()]
    counted = {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1] != "count"}
    assert counted == words

    active = cell(tab, "consulta.isActive")
    run(active)
    assert active.locator(".aula-compared").inner_text() == "Igual que en la página."
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # where the panel rests
    assert_accessible(tab)

    boxes.nth(3).get_by_role("button", name="Escribirlo").click()  # ^C, and another nc
    expect(boxes.nth(3).locator(".aula-terminal")).to_contain_text("head -n 3", timeout=SPARK)

    state = tab.locator(STATE)
    tab.evaluate(HEARD, STATE)
    tab.get_by_role("button", name="Reiniciar").click()
    expect(state).to_have_text("Listo", timeout=SPARK)
    assert tab.evaluate("heard") == ["Arranca otra vez", "Listo"]
    run(active)
    assert said(active).startswith("Ha fallado: NameError. Si el nombre es de una celda de arriba")
    assert printed(active) == "NameError: name 'consulta' is not defined\n"
    expect(boxes.nth(3).locator(".aula-terminal")).to_contain_text("head -n 3")


def fill(it: Locator, code: str) -> None:
    it.locator(".cm-content").fill(code)


DRAWING = """from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="70" height="70"><rect width="9"/></svg>')"""


@pytest.mark.full
def test_what_a_cell_can_do(tab: Page) -> None:
    """Without Spark: an error by its class, a difference, an interrupt, one after another."""
    it = cell(tab, "lineas.isStreaming")
    fill(it, "1/0")
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    run(it)
    assert said(it) == "Ha fallado: ZeroDivisionError"
    assert printed(it) == "ZeroDivisionError: division by zero\n"
    assert it.locator(".aula-compared").inner_text() == "Distinto de lo que grabó la página."
    assert it.locator(".cell_output:not(.aula-output)").inner_text().rstrip().endswith("True")
    fill(it, "print('a' * 3)\n2 ** 10")
    it.locator(".cm-content").press("Shift+Enter")
    expect(it.locator(".aula-output")).to_contain_text("aaa", timeout=SPARK)
    expect(it.locator(".aula-output")).to_contain_text("1024", timeout=SPARK)
    fill(it, DRAWING)
    run(it)
    image = it.locator(".aula-output img")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 70
    assert printed(it) == ""
    fill(it, "import time\nprint('empieza', flush=True)\ntime.sleep(600)")
    it.get_by_role("button", name="Ejecutar").click()
    expect(it.locator(".aula-output")).to_contain_text("empieza", timeout=SPARK)
    it.get_by_role("button", name="Parar").click()
    expect(it.locator(".aula-bar .aula-status")).to_have_text("Parada", timeout=SPARK)
    fill(it, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    run(it)
    assert said(it) == "Se ha quedado sin acabar: el kernel ha terminado"
    expect(tab.locator(STATE)).to_contain_text("ejecuta desde el principio")
    fill(it, "True")
    run(it)
    assert it.locator(".aula-compared").inner_text() == "Igual que en la página."


def test_what_one_runs_is_told(tab: Page) -> None:
    """A cell that waits for its turn, a wrong column, and a query that dies by itself."""
    assert tab.locator(STATE).inner_text() == "Sin arrancar"
    tab.locator(".aula-panel").get_by_role("button", name="Parar").click()
    assert tab.locator(STATE).inner_text() == "Sin arrancar"  # nothing is begun to be stopped
    cells = [tab.locator(".bd-article .cell:has(.cm-editor)").nth(number) for number in range(3)]
    run(cells[0])
    fill(cells[1], "import time\nprint('empieza', flush=True)\ntime.sleep(600)")
    cells[1].get_by_role("button", name="Ejecutar").click()
    expect(cells[1].locator(".aula-output")).to_contain_text("empieza", timeout=SPARK)
    fill(cells[2], "spark.range(3).select('otra')")
    cells[2].get_by_role("button", name="Ejecutar").click()
    waits = cells[2].locator(".aula-bar .aula-status")
    expect(waits).to_have_text("Espera a que acabe la que está en marcha…", timeout=SPARK)
    expect(cells[2].get_by_role("button", name="Parar")).to_be_hidden()
    tab.locator(".aula-panel").get_by_role("button", name="Parar").click()
    expect(waits).to_have_text("No se ha ejecutado: falló otra antes", timeout=SPARK)
    run(cells[2])
    assert said(cells[2]) == "Ha fallado: AnalysisException"
    assert printed(cells[2]).startswith("AnalysisException: [UNRESOLVED_COLUMN")
    fill(cells[1], NOBODY)
    run(cells[1])
    assert said(cells[1]) == "Hecho"
    died = "La consulta que arrancó esta celda se ha parado: Connection refused"
    expect(cells[1].locator(".aula-ended")).to_have_text(died, timeout=SPARK)
    run(cells[0])
    assert said(cells[0]) == "Hecho"
    assert not cells[0].locator(".aula-ended").all()
    # The last row of a terminal is where one writes; and it is as light or as dark as the page.
    box = tab.locator(".box.terminal:has(.aula-bar)").first
    box.get_by_role("button", name="Abrir el terminal").click()
    write(box, tab, "seq 40")
    rows = box.locator(".xterm-rows")
    expect(rows).to_contain_text("40$", timeout=SPARK)
    script = "rows => rows.closest('.aula-terminal').getBoundingClientRect().bottom"
    assert rows.evaluate("rows => rows.getBoundingClientRect().bottom") <= rows.evaluate(script)
    colour = "rows => getComputedStyle(rows).color"
    light = rows.evaluate(colour)
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_function(
        f"light => ({colour})(document.querySelector('.xterm-rows')) !== light", arg=light
    )


NOBODY = """lineas = spark.readStream.format("socket").option("host", "localhost")
consulta = lineas.option("port", 9998).load().writeStream.format("console").start()"""


@pytest.mark.full
def test_what_is_folded_is_run_too(tab: Page) -> None:
    """The session of most pages is folded, and so is the terminal below a prediction."""
    tab.goto("/curso/modos/salida.html")
    session = tab.locator(".bd-article .cell:has(details.set-up)").first
    run(session)
    assert said(session) == "Hecho"
    fold = tab.locator("details.stream-after").first
    assert fold.locator("summary").first.inner_text().endswith("Ábrelo para ejecutarlo tú")
    assert_accessible(tab)


@pytest.mark.full
def test_a_kernel_that_dies_whenever_it_starts_is_left(tab: Page) -> None:
    """After five times Jupyter starts it no more: the next cell begins with another."""
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    state = tab.locator(STATE)
    fill(it, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    dead = "Se ha parado de golpe: ejecuta desde el principio"
    for _ in range(10):
        run(it)
        expect(it.locator(".aula-bar .aula-status")).to_have_text(
            re.compile("sin acabar|^$"), timeout=SPARK
        )
        if state.inner_text() == dead:
            break
    expect(state).to_have_text(dead)
    fill(it, "True")
    run(it)
    assert it.locator(".aula-compared").inner_text() == "Igual que en la página."


@pytest.mark.full
def test_a_line_is_not_typed_where_nobody_would_read_it(tab: Page) -> None:
    boxes = tab.locator(".box.terminal:has(.aula-bar)")
    boxes.nth(1).get_by_role("button", name="Escribirlo").click()
    expect(boxes.nth(1).locator(".aula-status")).to_contain_text(
        "no hay ningún programa", timeout=SPARK
    )
    boxes.nth(0).get_by_role("button", name="Escribirlo").click()
    expect(boxes.nth(0).locator(".aula-terminal")).to_contain_text("nc -lk", timeout=SPARK)
    boxes.nth(0).get_by_role("button", name="Escribirlo").click()
    expect(boxes.nth(0).locator(".aula-status")).to_contain_text(
        "hay un programa en marcha", timeout=SPARK
    )
    assert_accessible(tab)


def test_what_is_asked_for_twice_is_typed_once(tab: Page) -> None:
    box = tab.locator(".box.terminal:has(.aula-bar)").nth(0)
    bar = box.locator(".aula-bar")
    bar.scroll_into_view_if_needed()  # xterm draws no row that cannot be seen
    bar.evaluate("bar => bar.querySelectorAll('button').forEach(button => button.click())")
    up_to = bar.get_by_role("button", name="Hasta aquí")
    expect(up_to).not_to_have_attribute("aria-disabled", "true", timeout=SPARK)
    once = re.compile(r"^\$ nc -lk 127\.0\.0\.1 9999\s*$")
    expect(box.locator(".xterm-rows")).to_have_text(once, timeout=SPARK)


@pytest.mark.full
def test_lines_that_follow_are_not_typed_at_a_prompt(browser: Browser, aula: Aula) -> None:
    """The first line's program has ended at once: nobody listens."""
    with at(browser, aula, "/curso/nc/varios-clientes.html") as tab:
        box = tab.locator(".box.terminal:has(.aula-bar)", has_text="desde el terminal 2").first
        box.get_by_role("button", name="Escribirlo").click()
        expect(box.locator(".aula-status")).to_contain_text("no hay ningún programa", timeout=SPARK)
        expect(box.locator(".aula-terminal")).not_to_contain_text("command not found")


SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...all) { super(...all); window.sockets.push(this); }
};"""


@pytest.mark.full
def test_a_connection_that_is_cut_comes_back(tab: Page) -> None:
    """As when a laptop sleeps: what was said meanwhile is shown, and the shell is the same."""
    tab.add_init_script(SOCKETS)
    tab.reload()
    box = tab.locator(".box.terminal:has(.aula-bar)").nth(0)
    box.get_by_role("button", name="Abrir el terminal").click()
    expect(box.locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
    write(box, tab, "uno=1")
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    fill(it, "import time\nfor n in range(30):\n    print('n', n, flush=True)\n    time.sleep(0.1)")
    it.get_by_role("button", name="Ejecutar").click()
    expect(it.locator(".aula-output")).to_contain_text("n 1", timeout=SPARK)
    tab.evaluate("sockets.forEach(socket => socket.close())")
    expect(it.locator(".aula-bar .aula-status")).to_have_text("Hecho", timeout=SPARK)
    # What was on its way when it was cut is lost, as with any Jupyter; what was said later, not.
    assert len(printed(it).splitlines()) > 25
    assert printed(it).endswith("n 28\nn 29\n")
    expect(tab.locator(STATE)).to_have_text("Listo", timeout=SPARK)
    tab.wait_for_function("sockets.filter(socket => socket.readyState === 1).length === 2")
    write(box, tab, "echo es $uno")
    expect(box.locator(".xterm-rows")).to_contain_text("es 1", timeout=SPARK)


@pytest.mark.full
def test_a_cell_that_ended_while_only_another_window_was_there_is_told(
    tab: Page, aula: Aula
) -> None:
    """Jupyter keeps what a kernel says for one window only, and while there is no other."""
    tab.add_init_script(SOCKETS)
    tab.reload()
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    fill(it, AWAITS)
    it.get_by_role("button", name="Ejecutar").click()
    expect(it.locator(".aula-output")).to_contain_text("/sigue", timeout=SPARK)
    other = tab.context.new_page()
    other.goto("/curso/hola/palabras.html")
    box = other.locator(".box.terminal:has(.aula-bar)").first
    box.get_by_role("button", name="Abrir el terminal").click()
    expect(box.locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
    tab.context.set_offline(True)
    tab.evaluate("sockets.forEach(socket => socket.close())")
    Path(printed(it).strip()).touch()
    what = "la celda acabe"
    waiting.until(lambda: states(aula) == ["idle"], what, SPARK / 1000)
    tab.context.set_offline(False)
    expect(it.locator(".aula-bar .aula-status")).to_contain_text("no sé cómo", timeout=SPARK)
    expect(tab.locator(STATE)).to_have_text("Listo")
    fill(it, "1 + 1")
    run(it)
    assert said(it) == "Hecho"


AWAITS = """import os, time
print(os.path.abspath("sigue"), flush=True)
while not os.path.exists("sigue"):
    time.sleep(0.01)"""


def states(aula: Aula) -> list[str]:
    """What the server says of its kernels."""
    return [each["execution_state"] for each in aula.ask("GET", "/api/kernels", **aula.mine).json]


@pytest.mark.full
def test_a_cell_that_does_not_heed_the_stop_says_so(tab: Page) -> None:
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    fill(it, DEAF)
    it.get_by_role("button", name="Ejecutar").click()
    expect(it.locator(".aula-output")).to_contain_text("empieza", timeout=SPARK)
    it.get_by_role("button", name="Parar").click()
    told = "Sigue en marcha: su código no atiende a «Parar». «Reiniciar» acaba con él."
    expect(it.locator(".aula-bar .aula-status")).to_have_text(told, timeout=SPARK)
    tab.locator(".aula-panel").get_by_role("button", name="Reiniciar").click()
    expect(it.locator(".aula-bar .aula-status")).to_contain_text("sin acabar", timeout=SPARK)


DEAF = """import time
print("empieza", flush=True)
while True:
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        pass"""


@pytest.mark.full
def test_a_page_that_is_loaded_again_goes_on(tab: Page) -> None:
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    page = it.locator(".cm-content").inner_text()
    fill(it, "uno = 1\nuno")
    run(it)
    tab.reload()
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    assert it.locator(".cm-content").inner_text() == "uno = 1\nuno"
    fill(it, "uno + 1")
    run(it)
    assert printed(it) == "2\n"
    tab.goto("/curso/hola/sql.html")
    tab.goto("/curso/hola/palabras.html")
    assert it.locator(".cm-content").inner_text() == "uno + 1"
    it.get_by_role("button", name="Como estaba").click()
    assert it.locator(".cm-content").inner_text() == page
    tab.reload()
    assert it.locator(".cm-content").inner_text() == page


@pytest.mark.full
def test_what_was_done_before_it_was_loaded_again_is_not_done_twice(tab: Page) -> None:
    """A terminal that holds a server would never be at its prompt again."""
    boxes = tab.locator(".box.terminal:has(.aula-bar)")
    run(cell(tab, "palabras = lineas"), "Hasta aquí")
    terminal = boxes.nth(0).locator(".aula-status")
    busy = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    fill(busy, "import time\nprint('empieza', flush=True)\ntime.sleep(600)")
    busy.get_by_role("button", name="Ejecutar").click()
    expect(busy.locator(".aula-output")).to_contain_text("empieza", timeout=SPARK)
    tab.reload()
    expect(tab.locator(STATE)).to_have_text("En marcha", timeout=SPARK)
    tab.locator(".aula-panel").get_by_role("button", name="Parar").click()
    expect(tab.locator(STATE)).to_have_text("Listo", timeout=SPARK)
    expect(terminal).to_have_text("Hecho antes de recargar")
    query = cell(tab, "recuento.writeStream")
    run(query, "Hasta aquí")
    expect(query.locator(".aula-compared")).to_contain_text("Igual", timeout=SPARK)
    boxes.nth(0).get_by_role("button", name="Escribirlo").click()
    expect(terminal).to_have_text("Espera a que este terminal quede libre…", timeout=SPARK)


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.full), "dark"])
def test_it_fits_a_telephone_in_light_and_dark(tab: Page, scheme: str) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto("/curso/hola/palabras.html")
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    fill(it, "print('x' * 500)")
    run(it)
    boxes = tab.locator(".box.terminal:has(.aula-bar)")
    boxes.nth(0).get_by_role("button", name="Abrir el terminal").click()
    expect(boxes.nth(0).locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
    wide = tab.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide == 0
    # Scrolled up a little, the theme shows a way back to the top, which hides no button; there
    # are two lines of them when there is news.
    tab.evaluate("document.querySelector('.aula-panel').style.minHeight = '5.5rem'")
    tab.evaluate("scrollTo(0, 1200)")
    tab.evaluate("scrollTo(0, 1000)")
    top = tab.locator("#pst-back-to-top")
    expect(top).to_be_visible()
    above, panel = top.bounding_box(), tab.locator(".aula-panel").bounding_box()
    assert above
    assert panel
    assert above["y"] + above["height"] <= panel["y"]
    assert_accessible(tab)


def test_with_the_keyboard_alone(tab: Page) -> None:
    """Tab leaves an editor, and the buttons are pressed with the keys of any button."""
    it = tab.locator(".bd-article .cell:has(.cm-editor)").nth(2)
    it.locator(".cm-content").focus()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "▶ Ejecutar"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "⤓ Hasta aquí"
    tab.keyboard.press("Shift+Tab")
    fill(it, "6 * 7")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(it.locator(".aula-output")).to_contain_text("42", timeout=SPARK)
    box = tab.locator(".box.terminal:has(.aula-bar)").nth(0)
    box.get_by_role("button", name="Abrir el terminal").press("Enter")
    expect(box.locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
    expect(box.locator(".xterm-helper-textarea")).to_be_focused()
    tab.keyboard.press("Shift+Tab")
    assert "Abrir el terminal" in str(tab.evaluate("document.activeElement.textContent"))


@contextmanager
def writing(browser: Browser, home: Path) -> Iterator[tuple[Page, Locator, Path]]:
    """The page of an exercise, its editor, which is open, and the file of who writes there.

    ``home`` is the writer's.
    """
    with open_(SITE, HOME=str(home)) as aula, read_by(browser, f"http://{aula.host}") as tab:
        tab.goto(aula.address)
        tab.goto("/curso/ejercicios/hola.html")
        it = tab.locator(".aula-exercise").first
        it.get_by_role("button", name="Escribirlo aquí").click()
        yield tab, it, home / "curso" / "hola.py"


@pytest.mark.full
def test_an_exercise_is_checked_where_its_text_stands(browser: Browser, tmp_path: Path) -> None:
    right = (files.folder() / "soluciones" / "hola.py").read_text("utf-8")
    with writing(browser, tmp_path) as (tab, it, kept):
        expect(it.locator(".cm-content")).to_contain_text("# Completa")
        assert not kept.exists()
        check = it.get_by_role("button", name="Comprueba")
        check.click()
        expect(it.locator(".aula-status")).to_have_text("Todavía no", timeout=SPARK)
        report = it.locator(".aula-report").inner_text()
        line = re.search(r"hola\.py:(\d+): falta tu código", report)
        assert line
        numbers = it.locator(".cm-lineNumbers .cm-gutterElement").all_inner_texts()
        assert line[1] in numbers
        it.locator(".cm-content").fill(right)
        expect(it.locator(".aula-status")).to_have_text("Guardado")
        assert kept.read_text("utf-8") == right
        check.click()
        told = "Bien: es lo que se pedía"
        expect(it.locator(".aula-status")).to_have_text(told, timeout=SPARK)
        assert_accessible(tab)
        tab.reload()
        it.get_by_role("button", name="Escribirlo aquí").click()
        expect(it.locator(".cm-content")).not_to_contain_text("# Completa")


def test_what_is_written_last_is_kept(browser: Browser, tmp_path: Path) -> None:
    """Also by who leaves the page at once, before it is kept as one writes."""
    with writing(browser, tmp_path) as (tab, it, kept):
        it.locator(".cm-content").fill("# Hasta luego")
        tab.goto("/curso/ejercicios.html")
        waiting.until(kept.exists, "se guarde lo escrito", PATIENCE)
        assert kept.read_text("utf-8") == "# Hasta luego"


@pytest.fixture
def keeper(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps the pages that it leaves, as a reader's does."""
    drops = ["--disable-back-forward-cache"]
    system = shutil.which("chromium")
    opened = browser.browser_type.launch(
        executable_path=system, args=QUIET, ignore_default_args=drops
    )
    yield opened
    opened.close()


def test_a_page_that_is_left_is_in_no_window(keeper: Browser, aula: Aula) -> None:
    """The next page in the same tab takes its place, and nobody is asked."""
    aula.ask("DELETE", "/aula/page", **aula.mine)
    asked: list[str] = []
    with read_by(keeper, f"http://{aula.host}") as tab:

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.dismiss()

        tab.on("dialog", answer)
        tab.goto(aula.address)
        for page in ("hola/palabras", "modos/salida"):
            tab.goto(f"/curso/{page}.html")
            box = tab.locator(".box.terminal:has(.aula-bar)").first
            box.get_by_role("button", name="Abrir el terminal").click()
            expect(box.locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
            assert asked == []

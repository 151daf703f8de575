"""The laboratories of the built course, in a real browser: by mouse, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCS, page_names, read_by
from playwright.sync_api import Browser, Locator, Page, expect
from test_browser import assert_accessible

TEXTS = {name: (DOCS / f"{name}.md").read_text("utf-8") for name in page_names()}
PAGES = [
    # One only shows how a laboratory is written.
    name
    for name, text in TEXTS.items()
    if "\n```{lab} " in text and name != "escribir-paginas"
]
WATERMARK = "/ventanas/watermark.html"

Set = Callable[[Locator, str], None]
By = tuple[Set, Set, Callable[[Locator], None]]
"""How one chooses, writes and presses."""


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails on what a reader should never meet, and asks nothing of others."""
    copies = ["clipboard-read", "clipboard-write"]
    with read_by(browser, address, "blob:", reduced_motion="reduce", permissions=copies) as page:
        yield page


def choose(select: Locator, value: str) -> None:
    """As a mouse does."""
    select.select_option(value)


def choose_by_keys(select: Locator, value: str) -> None:
    """With the arrow keys alone."""
    values = select.locator("option").evaluate_all("all => all.map(one => one.value)")
    now = values.index(select.input_value())
    select.focus()
    for _ in range(abs(values.index(value) - now)):
        select.page.keyboard.press("ArrowDown" if values.index(value) > now else "ArrowUp")


def write(field: Locator, text: str) -> None:
    """With a click, and then by typing."""
    field.click(click_count=3)
    field.page.keyboard.type(text)


def write_by_keys(field: Locator, text: str) -> None:
    """With keys alone."""
    field.focus()
    field.page.keyboard.press("Control+a")
    field.page.keyboard.type(text)


def press(button: Locator) -> None:
    """With a click."""
    button.click()


def press_by_keys(button: Locator) -> None:
    """With the space bar."""
    button.focus()
    button.page.keyboard.press("Space")


MOUSE = (choose, write, press)
KEYS = (choose_by_keys, write_by_keys, press_by_keys)


def make(tab: Page, scenario: dict[str, Any], by: By) -> None:
    """Turn the laboratory's scenario into another one, whose files go on where its own end."""
    to, fill, push = by
    for name, value in [("query", scenario["kind"]), *scenario["settings"].items()]:
        select = tab.locator(f".lab-settings select[name={name}]")
        if select.count() and select.input_value() != value:
            to(select, value)
    for number, file in enumerate(scenario["files"]):
        if tab.locator(".lab-rows tbody").count() <= number:
            push(tab.get_by_role("button", name="Fichero nuevo"))
        body = tab.locator(".lab-rows tbody").nth(number)
        for row, cells in enumerate(file["rows"]):
            if body.locator(".lab-row").count() <= row:
                push(body.get_by_role("button", name="Añadir una fila"))
            fields = body.locator(".lab-row").nth(row).locator("input")
            for column, cell in enumerate(cells):
                if fields.nth(column).input_value() != cell:
                    fill(fields.nth(column), cell)


TASKS = """() => LabAuthor.tasksOf(JSON.parse(
  document.querySelector("stream-lab > script").textContent))"""

LISTEN = """() => {
  window.told = [];
  const said = document.querySelector(".lab-said");
  new MutationObserver(() => window.told.push(said.textContent)).observe(said, { childList: true });
}"""


@pytest.mark.parametrize("by", [MOUSE, KEYS], ids=["mouse", "keys"])
@pytest.mark.parametrize("name", PAGES)
def test_the_tasks_are_solved(tab: Page, name: str, by: By) -> None:
    tab.goto(f"/{name}.html")
    tasks = tab.evaluate(TASKS)
    tab.evaluate(LISTEN)
    assert 2 <= len(tasks) <= 3
    items = tab.locator(".lab-tasks > li")
    for number, task in enumerate(tasks):
        assert items.nth(number).get_attribute("data-done") is None, task["text"]
        for solution in task["solutions"]:
            by[2](again(tab))
            make(tab, solution, by)
            tab.wait_for_timeout(300)
        expect(items.nth(number)).to_have_attribute("data-done", "")
    told = [f"Conseguido: {task['text']}" for task in tasks]
    assert [text for text in tab.evaluate("window.told") if text in told] == told
    tab.reload()
    expect(tab.locator(".lab-tasks > li[data-done]")).to_have_count(len(tasks))


def again(tab: Page) -> Locator:
    """The button that leads back to the start; a prediction has one of that name, too."""
    return tab.locator(".lab-actions").get_by_role("button", name="Empezar de nuevo")


def said(tab: Page) -> Locator:
    return tab.locator(".lab-said")


def shown(tab: Page) -> list[Any]:
    """What a laboratory shows: its rows, what is chosen, and what comes out."""
    values = "all => all.map(one => one.value)"
    return [
        tab.locator(".lab select, .lab-row input").evaluate_all(values),
        tab.locator(".lab-summary").inner_text(),
        tab.locator(".lab-result").inner_text(),
    ]


def test_another_tab_shows_the_same(tab: Page) -> None:
    tab.goto(WATERMARK)
    before = shown(tab)
    assert "#" not in tab.url
    choose(tab.locator("select[name=watermark]"), "5 minutes")
    write(tab.get_by_label("torno, fila 1 de 2.csv"), "Ñ & ;/+")
    expect(tab.locator(".lab-result")).to_contain_text("Ñ & ;/+")
    tab.get_by_role("button", name="Copiar la dirección").click()
    expect(said(tab)).to_contain_text("Copiada")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == tab.url
    other = tab.context.new_page()
    other.emulate_media(reduced_motion="reduce")
    other.goto(copied)
    assert shown(other) == shown(tab) != before
    again(other).click()
    assert shown(other) == before
    assert "#" not in other.url
    other.go_back()
    assert shown(other) == shown(tab)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("lab=9&query=tumbling&files=12:01,A,1", "otra versión"),
        ("lab=1&query=tumbling&mode=uppend&files=12:01,A,1", "«uppend»"),
        ("lab=1&query=join&files=1,12:01,A,1", "ninguna consulta «join»"),
        ("lab=1&query=tumbling&files=12:99,A,1", "«12:99» no es una hora"),
        ("lab=1", "ninguna consulta"),
    ],
)
def test_a_broken_address_is_told(tab: Page, broken: str, why: str) -> None:
    tab.goto(WATERMARK)
    before = shown(tab)
    tab.goto("/index.html")
    tab.goto(f"{WATERMARK}#{broken}")
    expect(said(tab)).to_contain_text("ves el de la página")
    expect(said(tab)).to_contain_text(why)
    assert shown(tab) == before


def test_what_spark_refuses_is_refused_with_its_condition(tab: Page) -> None:
    tab.goto(WATERMARK)
    choose(tab.locator("select[name=watermark]"), "none")
    expect(tab.locator(".lab-summary")).to_contain_text("Spark se niega a arrancar")
    assert tab.locator(".lab-refused").inner_text() == "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION"
    assert tab.locator(".lab stream-player").count() == 0
    choose(tab.locator("select[name=mode]"), "update")
    expect(tab.locator(".lab stream-player")).to_be_visible()


def test_a_bad_row_is_told_in_place_and_nothing_is_lost(tab: Page) -> None:
    tab.goto(WATERMARK)
    before = tab.locator(".lab-result").inner_text()
    field = tab.get_by_label("hora, fila 2 de 3.csv")
    write(field, "12:99")
    wrong = tab.locator(".lab-wrong:visible")
    assert wrong.inner_text() == "«12:99» no es una hora: escribe, por ejemplo, 12:08."
    assert field.get_attribute("aria-describedby") == wrong.locator("td").get_attribute("id")
    expect(tab.locator(".lab-summary")).to_contain_text("Corrige la fila marcada")
    assert tab.locator(".lab-result").inner_text() == before
    assert tab.locator(".lab-row").count() == 8
    tab.get_by_role("button", name="Llévatelo a Spark").click()
    assert said(tab).inner_text() == "Corrige antes la fila marcada."
    write(tab.get_by_label("viajeros, fila 1 de 1.csv"), "7")
    write(field, "12:27")
    expect(tab.locator(".lab-summary")).to_contain_text("micro-batches")
    assert tab.locator(".lab-wrong:visible").count() == 0
    expect(tab.locator(".lab-result")).to_contain_text("2026-03-02 12:01,A,7")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/laboratorio.html", WATERMARK])
def test_what_a_change_does_is_seen_without_scrolling(tab: Page, path: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(path)
    choice = tab.locator("select[name=mode]")
    choice.scroll_into_view_if_needed()
    before = tab.evaluate("scrollY")
    choice.select_option("update")
    told = tab.locator(".lab-summary").bounding_box()
    changed = choice.bounding_box()
    assert told is not None
    assert changed is not None
    assert tab.evaluate("scrollY") == before
    assert 0 <= told["y"] <= 800 - told["height"] + 1
    beside = told["x"] >= changed["x"] + changed["width"]
    assert beside or told["y"] >= changed["y"] + changed["height"]


def test_the_laboratorys_own_page_has_the_chart_beside_the_knobs(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto("/laboratorio.html")
    field, chart = (
        tab.locator(f".lab {part}").first.bounding_box() for part in ("input", ".stream-chart")
    )
    assert field is not None
    assert chart is not None
    assert chart["x"] > field["x"] + field["width"]
    assert chart["y"] + chart["height"] < 800


def files(tab: Page) -> list[list[str]]:
    """The hours of the rows, file by file."""
    values = "all => all.map(one => one.value)"
    return [
        body.locator(".lab-row td:nth-child(2) input").evaluate_all(values)
        for body in tab.locator(".lab-rows tbody").all()
    ]


def test_a_row_is_dragged(tab: Page) -> None:
    # The whole laboratory: scrolled by the test itself, another row would be under the mouse.
    tab.set_viewport_size({"width": 1280, "height": 1200})
    tab.goto(WATERMARK)
    grips = tab.locator("span.lab-grip")
    rows = tab.locator(".lab-row")
    grips.nth(3).drag_to(rows.nth(0), target_position={"x": 40, "y": 3})
    assert files(tab)[:3] == [["12:08", "12:01", "12:04"], ["12:14"], ["12:26"]]
    grips.nth(0).drag_to(tab.get_by_role("button", name="Fichero nuevo"))
    assert files(tab) == [
        ["12:01", "12:04"], ["12:14"], ["12:26"], ["12:05", "12:06"], ["12:45"], ["12:08"],
    ]  # fmt: skip
    expect(tab.locator(".lab-result")).to_contain_text("de 10")
    low = float(rows.nth(2).evaluate("node => node.clientHeight - 3"))
    grips.nth(0).drag_to(rows.nth(2), target_position={"x": 40, "y": low})
    assert files(tab)[:2] == [["12:04"], ["12:14", "12:01"]]


def test_a_row_is_moved_by_keys_and_by_buttons(tab: Page) -> None:
    tab.goto(WATERMARK)
    tab.get_by_label("torno, fila 2 de 1.csv").focus()
    for after in (
        [["12:01"], ["12:04"], ["12:14"]],
        [["12:01"], ["12:04", "12:14"]],
        [["12:01"], ["12:14", "12:04"]],
    ):
        tab.keyboard.press("Alt+ArrowDown")
        assert files(tab)[: len(after)] == after
    assert tab.evaluate("document.activeElement.value") == "B"
    tab.get_by_role("button", name="Subir la fila 1 de 2.csv").click()
    assert files(tab)[:3] == [["12:01"], ["12:14"], ["12:04"]]
    focused = "document.activeElement.getAttribute('aria-label')"
    assert tab.evaluate(focused) == "Subir la fila 1 de 2.csv"
    tab.get_by_label("hora, fila 1 de 3.csv").press("Alt+Delete")
    assert files(tab)[:3] == [["12:01"], ["12:14"], ["12:08", "12:26"]]
    tab.get_by_label("viajeros, fila 2 de 3.csv").press("Enter")
    assert tab.evaluate(focused) == "hora, fila 1 de 4.csv"
    tab.get_by_label("viajeros, fila 1 de 5.csv").press("Enter")
    assert files(tab)[4] == ["12:45", "12:45"]


def test_a_program_is_taken_away(tab: Page) -> None:
    tab.goto(WATERMARK)
    choose(tab.locator("select[name=watermark]"), "5 minutes")
    expect(tab.locator(".lab-summary")).to_contain_text("Descarta")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Llévatelo a Spark").click()
    assert download.value.suggested_filename == "laboratorio.py"
    program = Path(download.value.path()).read_text("utf-8")
    compile(program, "laboratorio.py", "exec")
    assert 'ESPERA = "5 minutes"' in program
    assert '"2026-03-02 12:45,A,5"' in program


def test_a_solution_that_is_shown_solves_nothing(tab: Page) -> None:
    tab.goto(WATERMARK)
    first = tab.locator(".lab-tasks > li").first
    first.get_by_role("button", name="Solución").click()
    expect(tab.locator(".lab-summary")).to_contain_text("Descarta 1.")
    assert first.get_attribute("data-done") is None
    write(tab.get_by_label("viajeros, fila 1 de 1.csv"), "2")
    expect(first).to_have_attribute("data-done", "")


def test_rows_are_kept_while_another_query_is_looked_at(tab: Page) -> None:
    tab.goto("/laboratorio.html")
    query = tab.locator("select[name=query]")
    write(tab.get_by_label("valor, fila 1 de 1.csv"), "77")
    choose(query, "words")  # which append would refuse
    assert tab.locator("select[name=mode]").input_value() == "complete"
    expect(tab.locator(".lab-result")).to_contain_text("luna")
    choose(query, "join")
    choose(tab.get_by_label("Stream de pedido/1.csv"), "1")
    expect(tab.get_by_label("Stream de cobro/1.csv")).to_be_focused()
    choose(query, "sliding")
    expect(tab.locator(".lab-result")).to_contain_text("12:01,A,77")
    assert tab.locator("select[name=watermark]").input_value() == "10 minutes"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_however_it_is_seen_it_is_accessible(tab: Page, scheme: Any, width: int) -> None:
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/laboratorio.html")
    write(tab.get_by_label("hora, fila 1 de 1.csv"), "ayer")
    expect(tab.locator(".lab-summary")).to_contain_text("Corrige")
    assert_accessible(tab)
    again(tab).click()
    choose(tab.locator("select[name=watermark]"), "none")
    expect(tab.locator(".lab-tasks > li[data-done]")).to_have_count(1)
    assert_accessible(tab)
    choose(tab.locator("select[name=query]"), "join")
    expect(tab.locator(".lab stream-player")).to_be_visible()
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_javascript_and_on_paper_there_are_the_rows(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(WATERMARK)
    fallback = tab.locator("stream-lab .stream-fallback")
    assert fallback.is_visible()
    assert "12:05,C,60" in fallback.inner_text()
    context.close()
    context = browser.new_context(base_url=address)
    tab = context.new_page()
    tab.emulate_media(media="print")
    tab.goto(WATERMARK)
    assert tab.locator("stream-lab .stream-fallback").is_visible()
    assert tab.locator(".lab").is_hidden()
    context.close()


def test_two_hundred_rows_are_worked_through_at_once(tab: Page) -> None:
    tab.goto("/laboratorio.html")
    seconds = tab.evaluate(
        """() => {
      const lab = JSON.parse(document.querySelector("stream-lab > script").textContent);
      const rows = Array.from({ length: 200 }, (_, n) =>
        [`${String(10 + (n % 9))}:${String(n % 60).padStart(2, "0")},A,1`]);
      const scenario = LabScenario.read(lab, "sliding", { keyed: "yes" }, rows);
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        LabRun.run(lab, scenario);
        return performance.now() - start;
      });
      return Math.min(...times) / 1000;
    }"""
    )
    assert seconds < 0.05


def test_only_a_page_with_a_laboratory_loads_it() -> None:
    def held(name: str) -> bool:
        return "lab.js?v=" in (DOCS / "_build" / "html" / f"{name}.html").read_text("utf-8")

    assert [name for name in page_names() if held(name)] == PAGES
    assert len(PAGES) == 9

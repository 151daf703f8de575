"""The site in a real browser: terminals, copy buttons, narrow screens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import DOCS, page_names
from playwright.sync_api import Browser, Locator, Page


def pages_with(directive: str) -> list[str]:
    """The pages of the course that use a directive; one only shows how it is written."""
    texts = {name: (DOCS / f"{name}.md").read_text("utf-8") for name in page_names()}
    del texts["escribir-paginas"]
    return [name for name, text in texts.items() if f":::{{{directive}}}" in text]


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may use the clipboard, and fails on what a reader should never meet."""
    context = browser.new_context(
        base_url=address, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url)
    )
    yield page
    context.close()
    assert wrong == []


def open_answers(tab: Page) -> None:
    """Open what is folded after the questions of a page."""
    for folded in tab.locator("details.stream-after > summary").all():
        folded.click()


def copied(tab: Page, button: str) -> str:
    """What a press on the copy button puts on the clipboard."""
    tab.evaluate("navigator.clipboard.writeText('nada')")
    block = tab.locator(button).first
    block.scroll_into_view_if_needed()
    block.hover()
    block.locator("button.copybtn").click()
    tab.wait_for_function("navigator.clipboard.readText().then(text => text !== 'nada')")
    return str(tab.evaluate("navigator.clipboard.readText()"))


def test_a_terminal_shows_prompt_typed_line_and_answer(tab: Page) -> None:
    tab.goto("/nc/cliente-y-servidor.html")
    boxes = tab.locator(".terminal")
    assert boxes.nth(0).locator(".box-title").inner_text() == "Terminal 1"
    assert boxes.nth(1).locator(".box-title").inner_text() == "Terminal 2"
    answer = tab.locator(".terminal", has_text="echo $?").first
    assert answer.locator(".gp").first.inner_text() == "$ "
    assert answer.locator(".kbd").first.inner_text().strip() == "echo $?"
    assert answer.locator(".go").first.inner_text().strip() == "0"


def test_the_copy_button_copies_what_is_typed(tab: Page) -> None:
    tab.goto("/nc/cliente-y-servidor.html")
    two = copied(tab, ".terminal:has-text('failed: Connection refused')")
    assert two.strip().splitlines() == ["nc 127.0.0.1 9999", "echo $?", "nc -v 127.0.0.1 9999"]


def test_the_copy_button_copies_code(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    code = copied(tab, ".cell_input:has-text('readStream') div.highlight")
    assert code.startswith("lineas = (")
    assert code.rstrip().endswith(")")


def test_outputs_have_no_copy_button(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    assert tab.locator(".console").count() > 2
    assert tab.locator(".console button.copybtn, .output-only button.copybtn").count() == 0


def test_a_batch_stands_under_the_cell_that_caused_it(tab: Page) -> None:
    tab.goto("/modos/ejercicio.html")
    open_answers(tab)
    cell = tab.locator(".cell", has_text="Enviamos segunda linea primera").first
    assert "primera|    2" in cell.locator(".console pre").inner_text()


def test_an_example_can_be_downloaded(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    with tab.expect_download() as download:
        tab.locator(".example-file a").first.click()
    assert download.value.suggested_filename == "palabras.py"


@pytest.mark.parametrize("name", page_names())
def test_a_phone_needs_no_horizontal_bar(tab: Page, name: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(f"/{name}.html")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_buttons_above_a_page_stand_in_one_row(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/index.html")
    header = tab.locator(".bd-header-article")
    boxes = [shown.bounding_box() for shown in header.locator(".btn:visible").all()]
    assert len(boxes) > 3
    middles = [box["y"] + box["height"] / 2 for box in boxes if box]
    assert max(middles) - min(middles) < 6
    assert min(box["y"] for box in boxes if box) >= 0


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


@pytest.mark.parametrize("name", page_names())
def test_a_page_is_accessible(tab: Page, name: str) -> None:
    tab.goto(f"/{name}.html")
    assert_accessible(tab)


@pytest.mark.full
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", page_names())
def test_a_page_is_accessible_however_it_is_seen(
    tab: Page, name: str, scheme: Literal["light", "dark"], width: int
) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(f"/{name}.html")
    assert tab.locator("html").get_attribute("data-theme") == scheme
    assert_accessible(tab)


def assert_accessible(tab: Page) -> None:
    """Nothing in ``tab`` that axe finds against WCAG 2.2, A and AA."""
    options = {
        "runOnly": {"type": "tag", "values": WCAG},
        # In full only what is wrong: telling where all the rest passed takes a quarter of the time.
        "resultTypes": ["violations"],
        # Preloaded, a stylesheet would be asked for once more, and a missing one be an error.
        "preload": False,
    }
    found = Axe().run(tab, options=options)
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("ventana", "Ventanas de tiempo"),
        ("añadir", "Guardar en ficheros"),
        ("AnalysisException", "Ejercicio: las dos frases"),
    ],
)
def test_the_search_finds(tab: Page, words: str, page: str) -> None:
    tab.goto("/index.html")
    tab.locator(".bd-sidebar-primary .search-button-field").click()
    tab.locator("dialog input[type=search], .search-button__wrapper input").first.fill(words)
    tab.keyboard.press("Enter")
    tab.locator("#search-results li", has_text=page).first.wait_for()
    tab.locator("#search-results", has_text="páginas con lo que buscas").wait_for()


def test_the_colours_can_be_switched(tab: Page) -> None:
    tab.goto("/index.html")
    tab.get_by_role("button", name="Modo claro u oscuro").first.click()
    tab.locator("button:visible", has_text="Oscuro").click()
    assert tab.locator("html").get_attribute("data-theme") == "dark"


def test_the_copy_button_speaks_spanish(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    assert tab.locator("button.copybtn").first.get_attribute("data-tooltip") == "Copiar"


def all_of(tab: Page, selector: str) -> list[Locator]:
    """Every such element, when the page has made the first: without one there is no test."""
    found = tab.locator(selector)
    found.first.wait_for(state="attached")
    return found.all()


def payload(host: Locator) -> Any:
    """What the build recorded, as the page carries it."""
    return json.loads(host.locator("script").text_content() or "")


def cells(table: Locator) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
@pytest.mark.parametrize("name", pages_with("player"))
def test_a_player_ends_with_what_its_last_batch_wrote(tab: Page, name: str, how: str) -> None:
    """test_trace holds that this is what the console printed in the page."""
    tab.goto(f"/{name}.html")
    open_answers(tab)
    for host in all_of(tab, "stream-player"):
        forward = host.get_by_role("button", name="Batch siguiente")
        if how == "keyboard":
            host.get_by_role("slider").press("End")
        while how == "mouse" and forward.get_attribute("aria-disabled") != "true":
            forward.click()
        records = payload(host)["records"]
        last = [
            [batch for batch in one["record"]["batches"] if len(records) == 1 or batch["inputRows"]]
            for one in records
        ]
        written = [batches[-1]["output"]["rows"] for batches in last]
        shown = [cells(table) for table in host.locator(".stream-panel").all()]
        for rows in written:
            assert [[value or "NULL" for value in row] for row in rows] in shown


OVERLAPS = """names => {
  const boxes = names.map(name => name.getBoundingClientRect());
  return boxes.filter((box, i) => i && box.left < boxes[i - 1].right + 4).length;
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_names_on_a_time_line_do_not_touch(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/triggers/triggers.html")
    for drawing in all_of(tab, "stream-player .stream-chart"):
        names = drawing.locator("text[y='139']")
        assert names.count() > 1
        assert names.evaluate_all(OVERLAPS) == 0


@pytest.mark.parametrize("name", pages_with("predict"))
def test_a_prediction_knows_right_from_wrong(tab: Page, name: str) -> None:
    tab.goto(f"/{name}.html")
    for host in all_of(tab, "stream-predict"):
        asked = payload(host)
        fields = host.locator("form input")
        while fields.count() < len(asked["columns"]) * len(asked["rows"]):
            host.get_by_role("button", name="Añadir fila").click()
        for number, value in enumerate(value for row in asked["rows"] for value in row):
            fields.nth(number).fill(value or "NULL")
        after = host.locator("xpath=../following-sibling::*[1][self::details]")
        assert after.get_attribute("open") is None
        check = host.get_by_role("button", name="Comprobar")
        check.click()
        assert "Has acertado" in host.locator(".stream-result").inner_text()
        assert after.get_attribute("open") is not None
        host.get_by_role("button", name="Empezar de nuevo").click()
        fields.nth(0).fill("otra cosa")
        check.click()
        assert "Todavía no" in host.locator(".stream-result").inner_text()
        assert after.get_attribute("open") is None
    assert_accessible(tab)


def test_without_javascript_the_player_is_a_list_of_tables(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/hola/palabras.html")
    assert page.locator(".stream-fallback table").first.is_visible()
    context.close()

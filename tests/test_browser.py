"""The site in a real browser: terminals, copy buttons, narrow screens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import drawn
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import DOCS, page_names, read_by
from playwright.sync_api import Browser, Locator, Page


def pages_with(directive: str) -> list[str]:
    """The pages of the course that use a directive; one only shows how it is written."""
    texts = {name: (DOCS / f"{name}.md").read_text("utf-8") for name in page_names()}
    del texts["escribir-paginas"]
    return [name for name, text in texts.items() if f":::{{{directive}}}" in text]


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may use the clipboard, and fails on what a reader should never meet."""
    with read_by(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


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
    two = copied(tab, ".terminal:has-text('nc 127.0.0.1 9999'):has-text('echo $?')")
    assert two.strip().splitlines() == ["nc 127.0.0.1 9999", "echo $?"]


def test_the_copy_button_copies_code(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    code = copied(tab, ".cell_input:has-text('readStream') div.highlight")
    assert code.startswith("lineas = (")
    assert code.rstrip().endswith(")")


def test_a_marked_line_is_copied_with_the_others(tab: Page) -> None:
    tab.goto("/ventanas/watermark.html")
    cell = ".cell_input:has(mark.hll)"
    assert tab.locator(f"{cell} mark").inner_text().strip().startswith("pasos.withWatermark(")
    code = copied(tab, f"{cell} div.highlight")
    assert code.rstrip() == (tab.locator(f"{cell} pre").first.text_content() or "").rstrip()


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (1100, True), (1000, False)])
def test_two_terminals_stand_side_by_side_where_there_is_room(
    tab: Page, width: int, beside: bool
) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/nc/cliente-y-servidor.html")
    left, right = tab.locator(".terminals").first.locator(".terminal").all()
    one, two = left.bounding_box(), right.bounding_box()
    assert one
    assert two
    assert (two["x"] > one["x"]) == beside
    assert (two["y"] > one["y"]) == (not beside)


def test_a_term_is_explained_on_the_keyboard_and_by_touch(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, has_touch=True, java_script_enabled=False)
    page = context.new_page()
    page.goto("/hola/palabras.html")
    term = page.get_by_role("button", name="micro-batch", exact=True)
    note = page.locator(".term-note", has_text="Cada uno de los trozos")
    below = page.get_by_role("heading", name="Primero, alguien que escuche")
    term.scroll_into_view_if_needed()
    place = below.bounding_box()
    term.tap()
    assert note.is_visible()
    assert below.bounding_box() == place
    box, button = note.bounding_box(), term.bounding_box()
    assert box
    assert button
    assert abs(box["y"] - button["y"] - button["height"]) < 12
    page.keyboard.press("Escape")
    assert not note.is_visible()
    context.close()


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
    assert len(boxes) >= 3
    middles = [box["y"] + box["height"] / 2 for box in boxes if box]
    assert max(middles) - min(middles) < 6
    assert min(box["y"] for box in boxes if box) >= 0


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


@pytest.mark.parametrize("name", drawn.pages(page_names()))
def test_a_page_is_accessible(tab: Page, name: str) -> None:
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(f"/{name}.html")
    assert_accessible(tab)


@pytest.mark.full
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", page_names())
def test_a_page_is_accessible_however_it_is_seen(
    tab: Page, name: str, scheme: Literal["light", "dark"], width: int
) -> None:
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(f"/{name}.html")
    assert tab.locator("html").get_attribute("data-theme") == scheme
    assert_accessible(tab)


def assert_accessible(tab: Page) -> None:
    """Nothing in ``tab`` that axe finds against WCAG 2.2, A and AA.

    Colours are looked at once, at rest: what fades in is pale for a moment.
    """
    options = {
        "runOnly": {"type": "tag", "values": WCAG},
        # In full only what is wrong: telling where all the rest passed takes a quarter of the time.
        "resultTypes": ["violations"],
        # Preloaded, a stylesheet would be asked for once more, and a missing one be an error.
        "preload": False,
    }
    # Not awaited: what is folded in the middle of an animation stands still, and never ends.
    tab.evaluate("document.getAnimations().forEach(animation => animation.finish())")
    found = Axe().run(tab, options=options)
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


def played_to_the_end(tab: Page) -> None:
    tab.goto("/ventanas/watermark.html")
    tab.locator("stream-player").first.get_by_role("slider").press("End")


def answered(tab: Page) -> None:
    tab.goto("/modos/ejercicio.html")
    host = tab.locator("stream-predict").first
    host.locator("form input").first.fill("otra cosa")
    host.get_by_role("button", name="Comprobar").click()


def searching(tab: Page) -> None:
    tab.goto("/index.html")
    tab.locator(".bd-sidebar-primary .search-button-field").click()
    tab.locator("dialog[open]").wait_for()


def found(tab: Page) -> None:
    tab.goto("/search.html?q=ventana")
    tab.locator("#search-results li").first.wait_for()


def highlighted(tab: Page) -> None:
    tab.goto("/ventanas/ventanas.html?highlight=ventana")
    tab.locator(".highlighted").first.wait_for()


def unfolded(tab: Page) -> None:
    tab.goto("/modos/matriz.html")
    tab.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


def lost(tab: Page) -> None:
    tab.goto("/404.html")


def copying(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    tab.locator("button.copybtn").first.press("Enter")
    tab.locator("button.copybtn.success").wait_for()


STATES = [played_to_the_end, answered, searching, found, highlighted, unfolded, lost, copying]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_page_in_use_is_accessible(
    tab: Page, state: Callable[[Page], None], scheme: Literal["light", "dark"]
) -> None:
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    state(tab)
    assert_accessible(tab)


@pytest.mark.parametrize("rule", ["region", "empty-table-header"])
def test_what_is_good_practice_is_kept(tab: Page, rule: str) -> None:
    for name in ("index", "ventanas/watermark"):
        tab.goto(f"/{name}.html")
        options = {"runOnly": {"type": "rule", "values": [rule]}, "preload": False}
        found = Axe().run(tab, options=options)
        assert found.violations_count == 0, found.generate_report()


SIZES = """() => ["h1", "h2", "h3", "h4"].map(name => {
  const title = document.querySelector("article " + name);
  return title && parseFloat(getComputedStyle(title).fontSize);
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_titles_get_smaller_from_level_to_level(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    # No page need have all four.
    tab.goto("/hola/palabras.html")
    tab.evaluate(
        "document.querySelector('article section section').append("
        "...['h3', 'h4'].map(name => document.createElement(name)))"
    )
    sizes = tab.evaluate(SIZES)
    assert sizes == sorted(set(sizes), reverse=True), sizes


def style(shown: Locator, name: str, part: str | None = None) -> str:
    """A property as the browser computes it."""
    code = "(node, [name, part]) => getComputedStyle(node, part).getPropertyValue(name)"
    return str(shown.evaluate(code, [name, part]))


def test_every_box_has_a_name_and_a_radius(tab: Page) -> None:
    tab.goto("/errores.html")
    titles = {
        ".cell:not(:has(.example-file)) .cell_input": '"Python"',
        ".cell_output > .output.stream": '"Salida"',
        ".cell_output > .output.traceback": '"Error"',
    }
    for box, title in titles.items():
        assert style(tab.locator(box).first, "content", "::before") == title
    names = [*titles, ".box.terminal", ".box.console"]
    right = {style(tab.locator(box).last, "border-bottom-right-radius") for box in names}
    assert right == {"8px"}
    left = {style(tab.locator(box).first, "border-left-width") for box in names}
    assert left == {"4px"}


def test_an_output_is_glued_to_the_code_that_made_it(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    cell = tab.locator(".cell", has=tab.locator(".cell_input + .cell_output")).first
    code = cell.locator(".cell_input").bounding_box()
    output = cell.locator(".cell_output > *").first.bounding_box()
    assert code is not None
    assert output is not None
    assert output["y"] == pytest.approx(code["y"] + code["height"], abs=1)


def test_terminals_are_told_apart(tab: Page) -> None:
    tab.goto("/nc/varios-clientes.html")
    boxes = [tab.locator(f".terminal-{number}").first for number in (1, 2, 3)]
    assert len({style(box, "border-left-color") for box in boxes}) == 3
    names = [box.locator(".terminal-name").inner_text() for box in boxes]
    assert names == ["1", "2", "3"]
    assert tab.locator(".terminal .key", has_text="^C").count() > 0


def test_a_session_is_folded_but_where_the_page_explains_it(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    assert tab.locator("#la-sesion .cell_input").is_visible()
    tab.goto("/modos/salida.html")
    session = tab.locator("details.set-up")
    assert not session.locator(".cell_input").is_visible()
    session.locator("summary").click()
    assert "SparkSession" in session.locator(".cell_input").inner_text()


def test_paper_has_typed_commands_in_black_and_nothing_folded(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    tab.emulate_media(media="print")
    typed = tab.locator(".terminal .kbd").first
    assert style(typed, "color") == "rgb(0, 0, 0)"
    assert style(tab.locator(".terminal pre").first, "background-color") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    tab.goto("/modos/matriz.html")
    folded = tab.locator("details:not([open])").count()
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not([open])").count() == 0
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details:not([open])").count() == folded > 0


FOCUS = """() => {
  const one = document.activeElement;
  const [box, look] = [one.getBoundingClientRect(), getComputedStyle(one)];
  const over = document.elementFromPoint(box.left + 3, box.top + box.height / 2);
  const seen = look.outlineStyle !== "none" || look.boxShadow !== "none";
  return one === document.body ? null : [one.outerHTML.slice(0, 80), box.left, box.top,
    seen && box.bottom > 0 && box.top < innerHeight && !over?.closest(".lab-summary")];
}"""


@pytest.mark.parametrize("name", ["index", "modos/salida", "laboratorio"])
def test_the_focus_is_seen_wherever_it_goes(tab: Page, name: str) -> None:
    tab.goto(f"/{name}.html")
    tab.keyboard.press("Tab")  # the link that jumps over the menu slides in
    been: list[Any] = []
    for _ in range(300):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(FOCUS)
        if focused is None:
            break
        been.append(focused)
    assert 60 < len(been) < 300
    assert [what for what, *_, seen in been if not seen] == []


@pytest.mark.parametrize("name", ["triggers/triggers", "errores"])
def test_the_contents_tell_where_the_reader_is(tab: Page, name: str) -> None:
    tab.goto(f"/{name}.html")
    links = tab.locator(".page-toc a")
    hashes = links.evaluate_all("all => all.map(link => link.hash.slice(1))")
    # The last ones stand at the end of the page, which scrolls no further.
    for one in [*hashes[4:-2], *hashes[:4]]:
        tab.evaluate("name => document.getElementById(name).scrollIntoView()", one)
        told = tab.locator(f".page-toc a.active[aria-current=true][href='#{one}']")
        told.wait_for(state="attached", timeout=2000)
        assert tab.locator(".page-toc a.active").count() == 1
    tab.keyboard.press("End")
    tab.locator(f".page-toc a.active[href='#{hashes[-1]}']").wait_for(state="attached")


def test_a_drawing_is_dark_where_the_page_is_and_light_on_paper(tab: Page) -> None:
    tab.goto("/triggers/triggers.html")
    chart = tab.locator(".cell_output > img").first
    assert style(chart, "filter") == "brightness(0.7)"
    tab.emulate_media(color_scheme="dark")
    tab.reload()
    assert style(chart, "filter").startswith("invert(1)")
    assert style(chart, "background-color") == "rgba(0, 0, 0, 0)"
    tab.emulate_media(color_scheme="dark", media="print")
    assert style(chart, "filter") == "brightness(0.7)"


def test_paper_shows_what_was_folded_at_once(tab: Page) -> None:
    tab.emulate_media(media="print", color_scheme="dark")
    tab.goto("/modos/salida.html")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    hidden = tab.locator("details.hide .cell_output")
    assert style(hidden, "animation-name") == "none"
    assert style(tab.locator("p code.literal").first, "color") == "rgb(0, 0, 0)"


def test_who_copies_by_keyboard_stays_where_he_was(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    button = tab.locator("button.copybtn").nth(1)
    button.press("Enter")
    tab.locator("button.copybtn.success").wait_for()
    assert button.evaluate("node => node === document.activeElement")


def test_a_finger_sees_the_copy_buttons(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto("/hola/palabras.html")
    assert float(style(page.locator("button.copybtn").first, "opacity")) > 0.5
    context.close()


def test_a_lost_reader_gets_the_nearest_pages(tab: Page, address: str) -> None:
    lost = (DOCS / "_build" / "html" / "404.html").read_text("utf-8")
    tab.route(f"{address}/vantanas/watermrk.html", lambda route: route.fulfill(body=lost))
    tab.goto("/vantanas/watermrk.html")
    nearest = tab.locator("#nearest a")
    nearest.first.wait_for()
    assert str(nearest.first.get_attribute("href")).endswith("/ventanas/watermark.html")
    assert nearest.count() == 3
    assert tab.locator("article form input[type=search]").is_visible()


@pytest.mark.parametrize("name", ["errores", "glosario", "apuntes-y-spark"])
def test_a_phone_shows_tables_whole(tab: Page, name: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(f"/{name}.html")
    cut = tab.evaluate(
        """() => [...document.querySelectorAll("article table a")]
          .filter(link => link.getBoundingClientRect().right > innerWidth)
          .map(link => link.textContent)"""
    )
    assert cut == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_answers_are_accessible(tab: Page, scheme: Literal["light", "dark"], width: int) -> None:
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("/errores.html")
    tab.get_by_role("button", name="Un ejemplo").click()
    tab.locator(".diagnose-places a").first.wait_for()
    assert_accessible(tab)
    tab.keyboard.press("Control+k")
    tab.keyboard.type("ventana")
    tab.locator("dialog .search-hits a").first.wait_for()
    assert_accessible(tab)
    tab.goto("/search.html?q=watermark")
    tab.locator("#search-results .search-hits a").first.wait_for()
    assert_accessible(tab)
    wide = "document.documentElement.scrollWidth"
    assert tab.evaluate(wide) <= width


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
    """test_trace holds that this is what the console printed in the page.

    A laboratory's player shows what a model computes: see test_lab.
    """
    tab.goto(f"/{name}.html")
    open_answers(tab)
    for host in all_of(tab, "stream-player:not(stream-lab *)"):
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

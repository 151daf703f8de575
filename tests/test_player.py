"""The player and the prediction in a real browser, opened as files, with records made up here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DOCS
from playwright.sync_api import Browser, Locator, Page, expect

from streamdocs.publishing.components import PAGE, STATIC
from streamdocs.publishing.player import STREAM

FILES = [STATIC / name for name in (STREAM.style, *PAGE.scripts, *STREAM.scripts)]
MEDIA = {"phone.css": "(max-width: 600px)", "print.css": "print"}  # as in conf.py
STYLES = "".join(
    f'<link rel="stylesheet" href="{file.as_uri()}" media="{MEDIA.get(file.name, "all")}">'
    for file in (*sorted((DOCS / "_static").glob("*.css")), FILES[0])
)
LOADED = "".join(f'<script src="{file.as_uri()}" defer></script>' for file in FILES[1:])
HEAD = f"""<!doctype html><html lang="es"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Prueba</title>
<script>document.documentElement.classList.add("js")</script>{STYLES}{LOADED}"""

WORDS = ["palabra", "count"]
FIRST = [["Esta", "1"], ["es", "1"], ["frase", "1"], ["la", "1"], ["primera", "1"]]
NEW = [["Enviamos", "1"], ["linea", "1"], ["segunda", "1"]]
BOTH = [*FIRST[:4], ["primera", "2"], *NEW]
UPDATED = [["primera", "2"], *NEW]
SENT = ["Esta es la primera frase", "Enviamos segunda linea primera"]

WINDOWS = ["desde", "hasta", "viajeros"]


def table(columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {"columns": columns, "rows": rows}


def batch(number: int, lines: list[str], output: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A micro-batch that starts every five seconds and reads what came a second before."""
    at = f"2026-11-24T05:00:{5 * number:02}.000Z"
    came = f"2026-11-24T05:00:{max(5 * number - 1, 0):02}.000Z"
    return {
        "id": number,
        "start": at,
        "duration": 1500,
        "input": [{"text": line, "from": "Terminal 1", "at": came} for line in lines],
        "inputRows": len(lines),
        "state": None,
        "watermark": None,
        "output": output,
        "dropped": 0,
    } | more


def record(mode: str, batches: list[dict[str, Any]], trigger: str = "") -> dict[str, Any]:
    return {"name": "prueba", "mode": mode, "trigger": trigger, "runId": "1", "batches": batches}


def counting(mode: str, last: list[list[str]]) -> dict[str, Any]:
    """The two sentences, counted."""
    return record(
        mode,
        [
            batch(0, [], table(WORDS, []), state=table(WORDS, [])),
            batch(1, SENT[:1], table(WORDS, FIRST), state=table(WORDS, FIRST)),
            batch(2, SENT[1:], table(WORDS, last), state=table(WORDS, BOTH)),
        ],
    )


COMPLETE = counting("complete", BOTH)
UPDATE = counting("update", UPDATED)
WATERMARK = record(
    "append",
    [
        batch(
            0,
            ["2026-03-02 12:04,A,1", "2026-03-02 12:26,A,4"],
            table(WINDOWS, []),
            state=table(WINDOWS, [["12:00", "12:10", "1"], ["12:20", "12:30", "4"]]),
            watermark="1970-01-01T00:00:00.000Z",
        ),
        batch(
            1,
            [],
            table(WINDOWS, [["12:00", "12:10", "1"]]),
            state=table(WINDOWS, [["12:20", "12:30", "4"]]),
            watermark="2026-03-02T12:16:00.000Z",
        ),
        batch(
            2,
            ["2026-03-02 12:05,C,100", "2026-03-02 12:21,B,2"],
            table(WINDOWS, []),
            state=table(WINDOWS, [["12:20", "12:30", "6"]]),
            watermark="2026-03-02T12:16:00.000Z",
            dropped=1,
        ),
    ],
)

ORDERS, PAYMENTS = ["pedido", "ticket"], ["cobrado", "pagado"]
PAIRS = ["ticket", "cobro"]


def joined(number: int, read: list[str], out: list[list[str]], *sides: Any) -> dict[str, Any]:
    """A micro-batch of a join; each line that is read says its file, and then its text."""
    lines = [line.split(" ", 1) for line in read]
    kept = zip(("pedidos", "cobros"), (ORDERS, PAYMENTS), sides, strict=True)
    return batch(
        number,
        [],
        table(PAIRS, out),
        input=[{"text": text, "from": origin, "at": None} for origin, text in lines],
        inputRows=len(lines),
        stores=[{"name": name, "keys": 2, "table": table(*side)} for name, *side in kept],
    )


FIRST_READ = ["pedidos/0.csv 12:00,1", "cobros/0.csv 12:02,9"]
JOIN = record(
    "append",
    [
        joined(0, FIRST_READ, [], [["12:00", "1"]], [["12:02", "9"]]),
        joined(
            1,
            ["cobros/1.csv 12:20,1"],
            [["1", "12:20"]],
            [["12:00", "1"]],
            [["12:02", "9"], ["12:20", "1"]],
        ),
        joined(2, [], [], [["12:00", "1"]], [["12:20", "1"]])
        | {"watermark": "2026-03-02T12:10:00.000Z"},
    ],
)

Open = Callable[[str], Page]


def element(name: str, data: dict[str, Any], attributes: str = "") -> str:
    payload = json.dumps(data).replace("<", "\\u003c")
    return (
        f'<{name} {attributes}><script type="application/json">{payload}</script>'
        f'<div class="stream-fallback"><p>La lista de tablas</p></div></{name}>'
    )


def player(view: str, *records: dict[str, Any]) -> str:
    labelled = [{"label": one["mode"], "record": one} for one in records]
    data = {"title": "El recuento", "records": labelled}
    return element("stream-player", data, f'view="{view}"')


def predict(**more: Any) -> str:
    """A prediction of the second sentence, with a cell after it that gives the answer."""
    data = {
        "title": "¿Qué sale ahora?",
        "name": "prueba 2",
        "mode": "update",
        "columns": WORDS,
        "rows": UPDATED,
        "shown": FIRST,
        "input": SENT[1:],
        "earlier": [[], FIRST],
        "state": BOTH,
    }
    after = '<details class="stream-after"><summary>Lo que salió</summary><p>La celda</p></details>'
    return f'<div class="stream-asks">{element("stream-predict", data | more)}</div>{after}'


PREDICT = predict()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page that fails on what a reader should never meet."""
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def show(tab: Page, tmp_path: Path) -> Open:
    """Opens a page with this in its body, as a file."""
    return lambda body: opened(tab, tmp_path, body)


def opened(tab: Page, folder: Path, body: str) -> Page:
    file = folder / "prueba.html"
    file.write_text(f"{HEAD}<body>{body}</body></html>", "utf-8")
    tab.goto(file.as_uri())
    return tab


def panel(tab: Page, title: str) -> Locator:
    heading = tab.locator(".box-title", has_text=title)
    return tab.locator(".stream-panel").filter(has=heading)


def rows(panel: Locator) -> list[list[str]]:
    """The cells of a panel's table, as a reader would copy them."""
    return [row.locator("td").all_inner_texts() for row in panel.locator("tbody tr").all()]


def test_play_runs_to_the_end_and_stops(show: Open, tab: Page) -> None:
    tab.clock.install()
    show(player("tables", COMPLETE))
    tab.get_by_role("button", name="Reproducir").click()
    assert tab.locator("stream-player").get_attribute("data-step") == "2"
    assert rows(panel(tab, "Estado")) == FIRST
    tab.clock.run_for(1500)
    assert rows(panel(tab, "Estado")) == BOTH
    tab.clock.run_for(15_000)
    assert rows(panel(tab, "Estado")) == rows(panel(tab, "Salida")) == BOTH
    expect(tab.get_by_role("button", name="Reproducir")).to_be_visible()


def test_buttons_go_back_and_forth(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE))
    forward = tab.get_by_role("button", name="Batch siguiente")
    for _ in range(2):
        forward.click()
    expect(forward).to_be_disabled()
    assert rows(panel(tab, "Entrada")) == [["1", SENT[0]], ["2", SENT[1]]]
    tab.get_by_role("button", name="Batch anterior").click()
    assert rows(panel(tab, "Entrada")) == [["1", SENT[0]]]


def test_the_keyboard_is_enough(show: Open, tab: Page) -> None:
    tab.clock.install()
    show(player("tables", COMPLETE))
    host = tab.locator("stream-player")
    tab.keyboard.press("Tab")
    steps = []
    for key in ("ArrowRight", "End", "ArrowLeft", "Home"):
        tab.keyboard.press(key)
        steps.append(host.get_attribute("data-step"))
    assert steps == ["2", "3", "2", "0"]
    tab.get_by_role("slider").focus()
    tab.keyboard.press("ArrowRight")
    assert host.get_attribute("data-step") == "1"
    tab.keyboard.press("Space")
    tab.clock.run_for(15_000)
    assert rows(panel(tab, "Estado")) == BOTH


def test_what_is_new_and_what_has_changed_is_marked(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE))
    tab.get_by_role("slider").fill("3")
    state = panel(tab, "Estado")
    marks = {
        kind: state.locator(f"tr[data-mark='{kind}'] td:first-child").all_inner_texts()
        for kind in ("new", "changed")
    }
    assert marks == {"new": ["Enviamos", "linea", "segunda"], "changed": ["primera"]}
    assert state.locator("[data-before]").get_attribute("data-before") == "1"
    sign = "node => getComputedStyle(node, '::before').content"
    assert "+" in state.locator("[data-mark='new'] td").first.evaluate(sign)


def test_each_step_is_announced(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE))
    tab.get_by_role("slider").fill("3")
    said = tab.locator("stream-player [aria-live='polite']").inner_text()
    assert said == (
        "Batch 2. Entra 1 fila. Estado: 3 filas nuevas, primera pasa de 1 a 2. Salen 8 filas."
    )
    assert tab.get_by_role("slider").get_attribute("aria-valuetext") == "Batch 2"


def test_each_source_and_each_store_is_told_by_its_name(show: Open, tab: Page) -> None:
    show(player("tables", JOIN))
    host, slider = tab.locator("stream-player"), tab.get_by_role("slider")
    slider.fill("2")
    assert rows(panel(tab, "Entrada")) == [
        ["0", "12:00,1", "pedidos/0.csv"],
        ["0", "12:02,9", "cobros/0.csv"],
        ["1", "12:20,1", "cobros/1.csv"],
    ]
    assert rows(panel(tab, "Estadopedidos")) == [["12:00", "1"]]
    assert rows(panel(tab, "Estadocobros")) == [["12:02", "9"], ["12:20", "1"]]
    names = host.get_by_role("table").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert names == ["Entrada", "Estado pedidos", "Estado cobros", "Salida append"]
    # By the keyboard to the end, where the watermark has passed a payment.
    slider.press("End")
    gone = host.locator(".stream-gone").all_inner_texts()
    assert gone == ["Se borra: 12:02, 9"]
    assert tab.locator("stream-player [aria-live='polite']").inner_text() == (
        "Batch 2. No entra nada. Watermark: 12:10. Estado (pedidos): no cambia. "
        "Estado (cobros): 1 fila se borra. No sale ninguna fila."
    )


def test_on_a_phone_the_stores_lie_one_below_the_other(show: Open, tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    show(player("tables", JOIN))
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    boxes = [each.bounding_box() for each in tab.locator(".stream-panel").all()]
    assert len(boxes) == 4
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops))


def test_modes_stand_side_by_side_on_the_same_batches(show: Open, tab: Page) -> None:
    show(player("tables", UPDATE, COMPLETE))
    tab.get_by_role("slider").press("End")
    assert tab.locator("stream-player").get_attribute("data-step") == "2"
    assert rows(panel(tab, "Entrada")) == [["1", SENT[0]], ["2", SENT[1]]]
    assert rows(panel(tab, "Salidaupdate")) == UPDATED
    assert rows(panel(tab, "Salidacomplete")) == BOTH
    assert panel(tab, "Estado").count() == 0


def test_a_time_line_is_to_scale(show: Open, tab: Page) -> None:
    show(player("triggers", record("update", UPDATE["batches"], "5 seconds")))
    tab.get_by_role("slider").press("End")
    drawing = tab.get_by_role("img")
    bars = drawing.locator(".bar rect")
    x = [float(bar.get_attribute("x") or 0) for bar in bars.all()]
    width = float(bars.first.get_attribute("width") or 0)
    assert x[2] - x[1] == pytest.approx(x[1] - x[0])
    assert width / (x[1] - x[0]) == pytest.approx(1.5 / 5)
    assert drawing.locator("text", has_text="00:05").count() == 1
    assert drawing.locator(".bar.now text").text_content() == "2"
    dots = [float(dot.get_attribute("cx") or 0) for dot in drawing.locator("circle").all()]
    assert (x[1] - dots[0]) / (x[1] - x[0]) == pytest.approx(1 / 5)
    drawing.locator(".bar").nth(1).click()
    assert rows(panel(tab, "Salida")) == FIRST
    assert "tarda 1,5 s" in tab.locator("[aria-live]").inner_text()


def test_no_two_ticks_of_a_short_time_line_read_the_same(show: Open, tab: Page) -> None:
    at = "2026-11-24T05:00:01.000Z"
    short = [batch(0, [], table(WORDS, [])), batch(1, SENT, table(WORDS, FIRST), start=at)]
    show(player("triggers", record("update", short)))
    names = tab.get_by_role("img").locator("text[y='139']").all_text_contents()
    assert len(names) > 3
    assert len(set(names)) == len(names)


def test_the_watermark_rises_and_a_late_row_is_lost(show: Open, tab: Page) -> None:
    show(player("windows", WATERMARK))
    slider = tab.get_by_role("slider")
    drawing = tab.get_by_role("img")
    slider.fill("1")
    assert drawing.locator(".mark").count() == 0
    slider.fill("2")
    assert drawing.locator(".mark").count() == 1
    assert rows(panel(tab, "Salida")) == [["12:00", "12:10", "1"]]
    assert panel(tab, "Estado").locator(".stream-gone").inner_text() == "Se borra: 12:00, 12:10, 1"
    slider.fill("3")
    kinds = [drawing.locator(f".{kind}").count() for kind in ("onTime", "late", "lost")]
    assert kinds == [2, 1, 1]
    assert "se pierden: 1 fila" in tab.locator("[aria-live]").inner_text()
    legend = tab.locator(".stream-chart + .stream-legend").inner_text()
    assert "con retraso: cuenta" in legend
    assert "ventana" not in legend


def test_a_backlog_is_to_scale(show: Open, tab: Page) -> None:
    batches = [
        {**batch(number, ["x"] * 6, table(["n"], [["6"]])), "waiting": waiting}
        for number, waiting in enumerate([2, 6, 0])
    ]
    show(player("backlog", record("append", batches)))
    tab.get_by_role("slider").fill("2")
    drawing = tab.get_by_role("img")

    def heights(kind: str) -> list[float]:
        all_ = drawing.locator(f"rect.{kind}").all()
        return [float(each.get_attribute("height") or 0) for each in all_]

    six = heights("read")[0]
    assert heights("read") == pytest.approx([six] * 3)
    assert heights("waits") == pytest.approx([six / 3, six, 0])
    # What is to come is not told.
    assert drawing.locator("g").all_text_contents() == [
        "Batch 0: lee 6 y deja 2" + "2" + "0",
        "Batch 1: lee 6 y deja 6" + "6" + "1",
        "Batch 2: lee 6 y deja 0" + "2",
    ]
    assert "Quedan 6 filas esperando." in tab.locator("[aria-live]").inner_text()
    drawing.locator(".bar").nth(0).click()
    assert "Quedan 2 filas esperando." in tab.locator("[aria-live]").inner_text()


@pytest.mark.parametrize("view", ["tables", "triggers", "windows", "backlog"])
def test_a_phone_scrolls_inside_the_player(show: Open, tab: Page, view: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    wide = record("append", [batch(0, ["2026-03-02 12:00 " + "x" * 80], table(["ancha" * 20], []))])
    show(player(view, wide) + PREDICT)
    tab.get_by_role("slider").press("End")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    scrolling = panel(tab, "Salida").locator(".stream-scroll")
    assert scrolling.evaluate("node => { node.scrollLeft = 9; return node.scrollLeft; }") == 9
    assert scrolling.get_attribute("tabindex") == "0"


def test_nothing_moves_for_whom_motion_disturbs(show: Open, tab: Page) -> None:
    animation = "node => getComputedStyle(node).animationName"
    tab.emulate_media(reduced_motion="no-preference")
    tab.clock.install()
    show(player("tables", COMPLETE))
    tab.get_by_role("slider").fill("3")
    row = panel(tab, "Estado").locator("[data-mark]").first
    assert row.evaluate(animation) == "stream-arrive"
    tab.emulate_media(reduced_motion="reduce")
    assert row.evaluate(animation) == "none"
    tab.get_by_role("button", name="Reproducir").click()
    tab.clock.run_for(15_000)
    assert tab.locator("stream-player").get_attribute("data-step") == "3"


def test_without_javascript_the_list_is_seen(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = opened(context.new_page(), tmp_path, player("tables", COMPLETE) + PREDICT)
    assert [one.is_visible() for one in tab.locator(".stream-fallback").all()] == [True, True]
    context.close()


def test_on_paper_the_list_is_seen(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE) + PREDICT)
    assert not tab.get_by_text("La lista de tablas").first.is_visible()
    tab.emulate_media(media="print")
    assert [one.is_visible() for one in tab.locator(".stream-fallback").all()] == [True, True]
    assert [one.is_visible() for one in tab.locator(".stream-ui").all()] == [False, False]


def test_data_are_text_and_not_markup(show: Open, tab: Page) -> None:
    evil = "<img src=x onerror=alert(1)>"
    show(player("tables", record("append", [batch(0, [evil], table([evil], [[evil]]))])))
    tab.get_by_role("slider").press("End")
    assert rows(panel(tab, "Salida")) == [[evil]]
    assert tab.locator("img").count() == 0


def test_at_rest_it_shows_what_comes_out(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE))
    assert rows(panel(tab, "Estado")) == rows(panel(tab, "Salida")) == BOTH
    # The third step is that of the micro-batch 2.
    assert tab.locator(".stream-caption").inner_text().startswith("Batch 2.")
    assert tab.locator(".stream-position").inner_text() == "paso 3 de 3"
    tab.get_by_role("button", name="Batch siguiente").click()
    assert rows(panel(tab, "Entrada")) == [["1", SENT[0]]]


def test_no_room_is_kept_below_the_tables(show: Open, tab: Page) -> None:
    show(player("tables", COMPLETE))
    for step in ("0", "3"):
        tab.get_by_role("slider").fill(step)
        stage, frame = (
            tab.locator(part).last.bounding_box() for part in (".stream-stage", ".column")
        )
        assert stage
        assert frame
        assert stage["height"] - frame["height"] < 2


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_moves_by_itself_once_unless_motion_disturbs(show: Open, tab: Page, motion: Any) -> None:
    tab.emulate_media(reduced_motion=motion)
    tab.clock.install()
    show(player("tables", COMPLETE).replace('view="tables"', 'view="tables" autoplay'))
    host, said = tab.locator("stream-player"), tab.locator(".stream-caption")
    if motion == "no-preference":
        tab.get_by_role("button", name="Pausa").wait_for()
        assert (host.get_attribute("data-step"), said.get_attribute("aria-live")) == ("2", "off")
    tab.clock.run_for(30_000)
    assert host.get_attribute("data-step") == "3"
    tab.get_by_role("button", name="Reproducir").click()
    assert (host.get_attribute("data-step"), said.get_attribute("aria-live")) == ("2", "polite")


def test_on_a_phone_the_buttons_stay_while_the_tables_scroll(show: Open, tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 400})
    show(f"{player('tables', COMPLETE)}<p style='height: 900px'></p>")
    tab.mouse.wheel(0, 300)
    tab.wait_for_function("scrollY > 200")
    assert tab.get_by_role("button", name="Reproducir").evaluate(
        "node => node.getBoundingClientRect().top > 0"
    )


def test_windows_are_bands_with_what_they_came_to(show: Open, tab: Page) -> None:
    day = "2026-03-02"
    window = [f"{{{day} 12:00:00, {day} 12:10:00}}", "12"]
    kept = table(["window", "sum"], [window])
    closed = batch(
        1, [], table(WINDOWS, [["12:00", "12:10", "12"]]), state=table(["window", "sum"], [])
    )
    opened = batch(0, [f"{day} 12:04,A,12"], table(WINDOWS, []), state=kept)
    show(player("windows", record("append", [opened, closed])))
    tab.get_by_role("slider").fill("1")
    assert rows(panel(tab, "Estado")) == [["12:00–12:10", "12"]]
    assert tab.locator(".stream-chart .band.open").count() == 1
    assert tab.locator(".stream-chart text.strong", has_text="12").count() == 1
    tab.get_by_role("slider").fill("2")
    assert tab.locator(".stream-chart .band.closed").count() == 1
    legend = tab.locator(".stream-chart + .stream-legend").inner_text()
    assert "con retraso, en una ventana abierta: cuenta" in legend
    assert "12 lo que lleva la ventana" in legend


def fill(tab: Page, table: list[list[str]]) -> None:
    for number, row in enumerate(table, 1):
        if tab.get_by_label(f"palabra, fila {number}", exact=True).count() == 0:
            tab.get_by_role("button", name="Añadir fila").click()
        for column, value in zip(WORDS, row, strict=True):
            tab.get_by_label(f"{column}, fila {number}", exact=True).fill(value)


def predicted(tab: Page, table: list[list[str]]) -> str:
    """Fill in a table, check it, and return what is said of it."""
    fill(tab, table)
    tab.get_by_role("button", name="Comprobar").click()
    return tab.locator(".stream-result").inner_text()


def verdicts(tab: Page) -> list[str]:
    """What is said in each row of the form."""
    return tab.locator(".stream-verdict").all_inner_texts()


WRONG = [["primera", "1"], ["Enviamos", "1"], ["frase", "1"]]


def test_a_right_prediction_in_another_order_opens_what_follows(show: Open, tab: Page) -> None:
    show(PREDICT)
    assert not tab.get_by_text("La celda").is_visible()
    said = predicted(tab, [[f" {word}", f"{n} "] for word, n in reversed(UPDATED)])
    assert "Has acertado: 4 bien." in said
    assert verdicts(tab) == ["bien"] * 4
    assert tab.get_by_text("La celda").is_visible()


def test_the_first_try_tells_nothing_that_the_reader_has_not_written(show: Open, tab: Page) -> None:
    show(PREDICT)
    assert predicted(tab, WRONG) == "Todavía no: 1 bien, 1 valor distinto, 2 faltan, 1 sobra."
    assert verdicts(tab) == ["valor distinto", "bien", "sobra"]
    shown = tab.locator("stream-predict .stream-ui").inner_text()
    assert not {"segunda", "linea"} & set(shown.replace(SENT[1], "").split())
    assert not tab.get_by_text("La celda").is_visible()


def test_the_second_try_gets_a_hint_and_the_third_the_answer(show: Open, tab: Page) -> None:
    show(PREDICT)
    predicted(tab, WRONG)
    assert "Pista" not in predicted(tab, WRONG), "the same again is no try"
    said = predicted(tab, [*WRONG[:2], ["es", "1"]])
    assert "Pista: update escribe el total, no lo que suma este batch." in said
    assert "segunda" not in said
    assert not tab.get_by_text("La celda").is_visible()
    predicted(tab, [["primera", "3"], *WRONG[1:]])
    assert rows(tab.locator(".stream-result")) == [
        ["valor distinto", "primera", "escribiste 3, salió 2"],
        ["bien", "Enviamos", "1"],
        ["falta", "linea", "1"],
        ["falta", "segunda", "1"],
        ["sobra", "frase", "1"],
    ]
    assert tab.get_by_text("La celda").is_visible()


def test_a_batch_may_print_nothing(show: Open, tab: Page) -> None:
    show(predict(rows=[], shown=[], input=SENT, earlier=[]))
    assert tab.get_by_text("La tabla anterior").count() == 0
    assert "sobra" in predicted(tab, [["primera", "1"]])
    fill(tab, [["", ""]])
    tab.get_by_role("button", name="Comprobar").click()
    assert "Has acertado" in tab.locator("[aria-live]").inner_text()


def test_rows_can_be_removed_and_all_begun_again(show: Open, tab: Page) -> None:
    show(PREDICT)
    predicted(tab, [["a", "1"], ["b", "2"]])
    tab.get_by_role("button", name="Quitar la fila 1").click()
    assert tab.get_by_label("palabra, fila 1").input_value() == "b"
    tab.get_by_role("button", name="Ver la respuesta").click()
    assert rows(tab.get_by_role("table", name="La respuesta")) == UPDATED
    assert tab.get_by_text("La celda").is_visible()
    tab.get_by_role("button", name="Empezar de nuevo").click()
    assert tab.get_by_label("palabra, fila 1").input_value() == ""
    assert tab.locator("[aria-live]").inner_text() == ""
    assert tab.get_by_role("table", name="La respuesta").count() == 0
    assert not tab.get_by_text("La celda").is_visible()


def test_the_keyboard_fills_the_form(show: Open, tab: Page) -> None:
    show(PREDICT)
    tab.get_by_label("palabra, fila 1").focus()
    for value in [cell for row in UPDATED for cell in row]:
        tab.keyboard.type(value)
        tab.keyboard.press("Enter")
    assert tab.get_by_label("palabra, fila 5").count() == 1
    tab.get_by_label("count, fila 4").press("Alt+Delete")
    assert tab.get_by_label("palabra, fila 5").count() == 0
    focused = []
    tab.get_by_label("palabra, fila 1").focus()
    for _ in range(2):
        tab.keyboard.press("Tab")
        focused.append(tab.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert focused == ["count, fila 1", "palabra, fila 2"]


def test_a_pasted_table_fills_the_form(show: Open, tab: Page) -> None:
    show(PREDICT)
    tab.get_by_label("palabra, fila 1").evaluate(
        """(field, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData, bubbles: true, cancelable: true }));
        }""",
        "\n".join("\t".join(row) for row in UPDATED),
    )
    assert predicted(tab, []) == "Has acertado: 4 bien."


def test_what_was_done_is_there_after_a_reload(show: Open, tab: Page) -> None:
    show(PREDICT)
    predicted(tab, WRONG)
    tab.reload()
    assert verdicts(tab) == ["valor distinto", "bien", "sobra"]
    assert "Pista" in predicted(tab, [["primera", "4"]])
    tab.get_by_role("button", name="Empezar de nuevo").click()
    tab.reload()
    assert tab.get_by_label("palabra, fila 1").input_value() == ""
    assert "Pista" not in predicted(tab, WRONG)


def test_on_paper_and_without_javascript_what_follows_is_open(
    show: Open, tab: Page, browser: Browser, tmp_path: Path
) -> None:
    seen = "node => node.checkVisibility({contentVisibilityAuto: true})"
    show(PREDICT)
    assert not tab.get_by_text("La celda").evaluate(seen)
    tab.emulate_media(media="print")
    assert tab.get_by_text("La celda").evaluate(seen)
    context = browser.new_context(java_script_enabled=False)
    bare = opened(context.new_page(), tmp_path, PREDICT)
    box = bare.get_by_text("La celda").bounding_box()
    assert box
    assert box["height"] > 0
    context.close()

"""Questions in a real browser: answered right and wrong, by keyboard, kept, drawn again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import read_by
from playwright.sync_api import Browser, Locator, Page, expect
from test_browser import assert_accessible

MODEL = "/modos/salida.html"


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails on what a reader should never meet, or asks another machine."""
    with read_by(browser, address, "blob:", reduced_motion="reduce") as page:
        yield page


ANSWER = """isRight => {
  const result = [];
  for (const { html } of QuestionData) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const host = template.content.firstElementChild;
    host.setAttribute("fresh", "");
    document.body.append(host);
    const all = (what) => [...host.querySelectorAll(what)];
    const check = () => {
      all(".question-primary")[0].click();
      result.push([host.dataset.key, host.dataset.state, all(".question-result")[0].innerText]);
    };
    const fill = () => {
      const rights = all(".question-why > li[data-right] > b").map((each) =>
        each.textContent.slice(2));
      all("select").forEach((field, place) => {
        const wanted = [...field.options].slice(1).find((option) =>
          (option.value === rights[place]) === isRight);
        field.value = wanted.value;
      });
    };
    if (host.dataset.kind === "choice") {
      for (const item of all(".question-options > li"))
        if (("right" in item.dataset) === isRight) { item.querySelector("input").click(); check(); }
    } else if (host.dataset.kind === "order") {
      const right = all("details pre")[0].textContent.split("\\n");
      const put = (line) => all(".question-lines > li").find((each) =>
        each.dataset.line === line).querySelector("button").click();
      (isRight ? right : right.toReversed()).forEach(put);
      fill();
      check();
    } else {
      fill();
      check();
    }
    host.remove();
  }
  return result;
}"""


def test_every_question_is_answered_right_and_wrong(tab: Page) -> None:
    tab.goto("/repaso.html")
    keys = tab.evaluate("QuestionData.length")
    assert keys >= 10
    right, wrong = (tab.evaluate(ANSWER, is_right) for is_right in (True, False))
    assert len(right) == keys
    assert {state for _, state, _ in right} == {"right"}
    assert {state for _, state, _ in wrong} == {"wrong"}
    assert {key for key, *_ in wrong} == {key for key, *_ in right}
    assert [said for *_, said in right if len(said) < len("Bien. Porque sí.")] == []
    assert [said for *_, said in wrong if said.count(".") < 3] == []


def first(tab: Page, path: str = MODEL) -> Locator:
    tab.goto(path)
    return tab.locator("stream-question").first


def choose(question: Locator, *, right: bool) -> None:
    rights = question.locator(".question-options > li[data-right] label")
    wrongs = question.locator(".question-options > li:not([data-right]) label")
    (rights if right else wrongs.first).click()
    question.get_by_role("button", name="Comprobar").click()


def kept(tab: Page) -> dict[str, Any]:
    stored = tab.evaluate("localStorage.getItem('streamdocs-progress')")
    return dict(json.loads(stored)) if stored else {}


def test_wrong_says_why_and_lets_try_again_right_says_why(tab: Page) -> None:
    question = first(tab)
    question.get_by_role("button", name="Comprobar").click()
    expect(question.locator(".question-result")).to_have_text("Elige una respuesta.")
    choose(question, right=False)
    expect(question.locator(".question-result")).to_contain_text("No. ")
    expect(question.locator(".question-result")).to_contain_text("Prueba otra vez.")
    choose(question, right=True)
    expect(question.locator(".question-result")).to_contain_text("Bien. Guarda una fila")
    expect(question.get_by_role("button", name="Comprobar")).to_be_hidden()
    (done,) = kept(tab)["questions"].values()
    assert (done["wrong"], done["right"], done["box"]) == (1, 1, 1)


def test_an_answer_is_kept_and_can_be_given_again(tab: Page) -> None:
    choose(first(tab), right=True)
    question = first(tab)
    expect(question.locator(".question-result")).to_contain_text("Bien. ")
    (before,) = kept(tab)["questions"].values()
    question.get_by_role("button", name="Otra vez").click()
    expect(question.locator("input:checked")).to_have_count(0)
    choose(question, right=True)
    (after,) = kept(tab)["questions"].values()
    assert (after["box"], after["due"]) == (before["box"], before["due"])


def test_who_looks_first_is_asked_again(tab: Page) -> None:
    question = first(tab)
    question.locator("summary").click()
    question.locator("summary").click()
    (done,) = kept(tab)["questions"].values()
    assert (done["wrong"], done["box"]) == (1, 0)


def test_all_kinds_are_answered_by_keyboard_alone(tab: Page) -> None:
    question = first(tab)
    place = question.locator(".question-options > li[data-right] input")
    question.locator("input").first.focus()
    while not place.is_checked():
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(question).to_have_attribute("data-state", "right")
    order = tab.locator("stream-question[data-kind=order]")
    tab.goto("/hola/palabras.html")
    right = order.locator("details pre").text_content()
    assert right is not None
    for line in right.split("\n"):
        order.locator(".question-lines button").first.focus()
        while tab.evaluate("document.activeElement.textContent") != line:
            tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
    while tab.evaluate("document.activeElement.textContent") != "Comprobar":
        tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    expect(order).to_have_attribute("data-state", "right")
    blanks = tab.locator("stream-question[data-kind=blanks]")
    for field, wanted in zip(
        blanks.locator("select").all(), ("writeStream", '"console"', "start"), strict=True
    ):
        field.focus()
        tab.keyboard.type(wanted)
        expect(field).to_have_value(wanted)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(blanks).to_have_attribute("data-state", "right")


SIGNS = """all => all.map(one =>
  [one.dataset.mark, getComputedStyle(one, "::after").content.split(" ")[0]])"""


def test_a_blank_is_told_right_or_wrong_by_a_sign(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    blanks = tab.locator("stream-question[data-kind=blanks]")
    seen = []
    for choice in (1, 2):
        for field in blanks.locator("select").all():
            field.select_option(index=choice)
        blanks.get_by_role("button", name="Comprobar").click()
        seen += blanks.locator(".question-field").evaluate_all(SIGNS)
    assert {tuple(sign) for sign in seen} == {("right", '"✓"'), ("wrong", '"✗"')}


def test_a_line_goes_back_and_only_allowed_lines_change_places(tab: Page) -> None:
    tab.goto("/hola/palabras.html")
    order = tab.locator("stream-question[data-kind=order]")
    right = (order.locator("details pre").text_content() or "").split("\n")

    def put(lines: list[str]) -> None:
        for line in order.locator(".question-mine button").all()[::-1]:
            line.click()
        for text in lines:
            order.locator(".question-lines button").filter(has_text=text.strip()).first.click()
        if order.get_by_role("button", name="Otra vez").is_visible():
            order.get_by_role("button", name="Otra vez").click()
            return put(lines)
        order.get_by_role("button", name="Comprobar").click()

    put([*right[:2], right[3], right[2], *right[4:]])
    expect(order).to_have_attribute("data-state", "right")
    order.get_by_role("button", name="Otra vez").click()
    put([right[0], right[2], right[1], *right[3:]])
    expect(order).to_have_attribute("data-state", "wrong")
    expect(order.locator(".question-result")).to_contain_text("Hasta la línea 1 va bien")


def test_lines_with_blanks_are_right_when_both_are(tab: Page) -> None:
    tab.goto("/ejercicios/hola.html")
    faded = tab.locator("stream-question[data-kind=order]").first
    check = faded.get_by_role("button", name="Comprobar")
    right = (faded.locator("details pre").text_content() or "").split("\n")
    fields = faded.locator("select")
    for line in right:
        # The line as it is, whatever stands in its blank.
        place = faded.locator(".question-lines > li").evaluate_all(
            "(all, line) => all.findIndex((each) => each.dataset.line === line)", line
        )
        faded.locator(".question-lines > li button").nth(place).click()
    check.click()
    expect(faded.locator(".question-result")).to_contain_text("algún hueco por rellenar")
    for field in fields.all():
        field.select_option("start" if "start" in field.inner_text() else "read")
    check.click()
    expect(faded).to_have_attribute("data-state", "wrong")
    expect(faded.locator(".question-result")).to_contain_text("una fuente se carga")
    for field in fields.all():
        field.select_option("load" if "load" in field.inner_text() else "readStream")
    check.click()
    expect(faded).to_have_attribute("data-state", "right")
    tab.reload()
    expect(faded).to_have_attribute("data-state", "right")
    expect(fields.first).to_have_value(re.compile("readStream|load"))
    faded.get_by_role("button", name="Otra vez").click()
    expect(fields.first).to_have_value("")


def test_without_javascript_the_answer_is_folded(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    question = first(page)
    assert question.locator(".question-options > li").count() == 3
    assert not question.locator(".question-explained").is_visible()
    question.locator("summary").click()
    assert question.locator(".question-explained").is_visible()
    page.goto("/repaso.html")
    assert "Sin JavaScript" in page.locator("stream-review").inner_text()
    context.close()


def test_practice_draws_what_the_reader_has_read(tab: Page) -> None:
    tab.goto("/repaso.html")
    expect(tab.locator("stream-review")).to_contain_text("Marca los capítulos")
    choose(first(tab), right=False)
    tab.goto("/repaso.html")
    question = tab.locator("stream-review stream-question")
    assert question.get_attribute("data-key") == next(iter(kept(tab)["questions"]))
    choose(question, right=True)
    seen = set()
    while tab.locator("stream-review stream-question").count():
        seen.add(tab.locator("stream-review stream-question").get_attribute("data-key"))
        tab.get_by_role("button", name="Siguiente").click()
    expect(tab.locator("stream-review")).to_contain_text("a la primera")
    assert {str(key).partition("/")[0] for key in seen} == {"modos"}
    expect(tab.locator("stream-review")).to_contain_text("mañana: 1 pregunta")
    expect(tab.locator("stream-review")).to_contain_text("1 fallo")
    tab.get_by_text("De qué capítulos").click()
    tab.get_by_label("Ventanas").check()
    expect(tab.locator("stream-review .question-from")).to_contain_text("1 de 6")


def test_progress_is_exported_deleted_and_imported(tab: Page, tmp_path: Any) -> None:
    choose(first(tab), right=True)
    before = kept(tab)
    tab.goto("/repaso.html")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Exportar").click()
    file = tmp_path / "progreso.json"
    download.value.save_as(file)
    assert json.loads(file.read_text("utf-8")) == before
    tab.get_by_role("button", name="Borrar").click()
    assert kept(tab) == before
    tab.get_by_role("button", name="Sí, borrarlo").click()
    expect(tab.locator("stream-review")).to_contain_text("He borrado tu progreso.")
    assert kept(tab)["questions"] == {}
    other = tmp_path / "otro.json"
    other.write_text("{}")
    tab.locator("input[type=file]").set_input_files(other)
    expect(tab.locator("stream-review")).to_contain_text("no es un progreso")
    tab.locator("input[type=file]").set_input_files(file)
    expect(tab.locator("stream-review")).to_contain_text("He recuperado tu progreso.")
    assert kept(tab) == before


def test_links_show_what_is_known_and_nothing_moves(tab: Page) -> None:
    link = tab.locator(".bd-sidebar-primary a", has_text="Los tres modos de salida")

    def place(title: re.Pattern[str]) -> Any:
        """Where it stands, with its chapter open; a font that comes late would move it."""
        tab.goto("/index.html")
        tab.locator(".bd-sidebar-primary summary", has_text="Modos de salida").click()
        expect(link).to_have_attribute("title", title)
        tab.evaluate("document.fonts.ready.then(() => true)")
        expect(link).to_be_visible()
        return link.bounding_box()

    before = place(re.compile(r"^$"))
    assert link.get_attribute("data-known") is None
    choose(first(tab), right=True)
    expect(link).to_have_attribute("data-known", "")
    assert place(re.compile(r"^1 de \d preguntas acertadas$")) == before
    card = tab.locator(".route > ol > li", has_text="Decide qué filas se escriben").first
    expect(card.locator(".route-known")).to_have_text(re.compile(r"^1/\d$"))


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_an_answered_question_is_accessible_and_fits(tab: Page, width: int, right: bool) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    choose(first(tab), right=right)
    for scheme in ("light", "dark"):
        tab.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.goto("/repaso.html")
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

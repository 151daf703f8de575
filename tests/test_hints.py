"""Hints of an exercise, in a small site: one inside the other, few, and opened one by one."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from conftest import Site, read_by
from playwright.sync_api import Browser

from streamdocs.publishing import takehome

HINTS = """# Página

:::{hints}
- Mira qué se repite.
- Una columna puede ser una lista: `split`.

  Y dos párrafos.
- `explode`.
:::
"""
REFUSED = "ERROR: «hints» es una lista de 1 a 3 pistas: escribe «- …» por cada una."


def shown(site: Site, text: str) -> BeautifulSoup:
    site.write("index", text)
    site.build("-D", "nb_execution_mode=off").green()
    return BeautifulSoup((site.docs / "_build/html/index.html").read_text("utf-8"), "html.parser")


def test_each_hint_is_folded_in_the_one_before(site: Site) -> None:
    first, second, third = shown(site, HINTS).select("details.hint")
    assert [fold.summary.get_text() for fold in (first, second, third) if fold.summary] == [
        *("Pista 1", "Pista 2", "Pista 3"),
    ]
    assert second.parent is first
    assert third.parent is second
    assert not any(fold.has_attr("open") for fold in (first, second, third))
    assert len(second.find_all("p", recursive=False)) == 2
    assert all({"box", "aside"} <= set(fold.get_attribute_list("class")) for fold in (first, third))


def test_one_hint_alone_is_enough(site: Site) -> None:
    (fold,) = shown(site, "# Página\n\n:::{hints}\n- Una.\n:::\n").select("details.hint")
    assert fold.get_text(" ").split() == ["Pista", "1", "Una."]


@pytest.mark.parametrize(
    "wrong", ["", "- a\n- b\n- c\n- d\n", "Un párrafo.\n", "- a\n\nUn párrafo.\n", "1. a\n"]
)
def test_what_is_no_short_list_is_refused_with_its_line(site: Site, wrong: str) -> None:
    site.write("index", f"# Página\n\nTexto.\n\n:::{{hints}}\n{wrong}:::\n")
    built = site.build("-D", "nb_execution_mode=off")
    assert built.code != 0
    assert f"index.md:5: {REFUSED}" in built.err


def test_a_notebook_says_that_there_are_hints() -> None:
    assert takehome.markdown(HINTS).endswith(
        "*En la página del curso hay aquí pistas, que se abren de una en una.*\n"
    )


def test_a_keyboard_opens_them_one_by_one(site: Site, browser: Browser) -> None:
    shown(site, HINTS)
    html = site.docs / "_build" / "html"
    with read_by(browser, html.as_uri()) as tab:
        tab.goto((html / "index.html").as_uri())
        texts = [tab.get_by_text(text) for text in ("Mira qué", "Una columna", "explode")]
        for number in range(3):
            assert [text.is_visible() for text in texts] == [at < number for at in range(3)]
            tab.locator("summary").nth(number).press("Enter")
        assert all(text.is_visible() for text in texts)

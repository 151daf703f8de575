"""The glossary's terms: explained once a page, where it is running text; listed where used."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import Site
from playwright.sync_api import Browser

GLOSSARY = """# Glosario

Un *sink*, por ejemplo.

```{glossary}
micro-batch
  Un trozo <corto>. Se ve en [](una.md). Usa un *sink*.

sink
destino
  Adonde se escribe.

watermark
  Una hora.
```
"""
ONE = """# Un *sink*

`*sink*`, [un *sink*](dos.md), [un *sink*](https://spark.apache.org) y «*nada*».

| *sink* |
|---|
| *sink* |

Los *Sinks* y los *sinks*, cada {term}`micro-batch` y cada {term}`micro-batch`.
"""
TWO = "# Dos\n\nUn **destino**, una vez. Otra vez: *sink*. Y un *micro-batch*.\n"


@pytest.fixture
def built(site: Site) -> Site:
    """A glossary and two pages that use it."""
    for name, text in {"glosario": GLOSSARY, "una": ONE, "dos": TWO}.items():
        site.write(name, text)
    site.contents()
    site.build("-D", "nb_execution_mode=off").green()
    return site


def page(site: Site, name: str) -> BeautifulSoup:
    html = (site.docs / f"_build/html/{name}.html").read_text("utf-8")
    return BeautifulSoup(html, "html.parser")


def texts(tags: list[Tag]) -> list[str]:
    return [tag.get_text() for tag in tags]


def test_a_term_is_explained_where_it_is_first_used(built: Site) -> None:
    one = page(built, "una")
    assert texts(one.select("button.term")) == ["Sinks", "micro-batch"]
    notes = one.select("[popover]")
    assert texts(notes) == ["Adonde se escribe. Glosario", "Un trozo <corto>. Glosario"]
    for button, note in zip(one.select("button.term"), notes, strict=True):
        assert button["popovertarget"] == note["id"]
    assert [link["href"] for note in notes for link in note.select("a")] == [
        "glosario.html#term-sink",
        "glosario.html#term-micro-batch",
    ]
    # Another one stays the link that it was.
    assert len(one.select("a.reference .std-term")) == 1
    assert texts(page(built, "dos").select("button.term")) == ["destino", "micro-batch"]


def test_the_glossary_says_where_a_term_is_used(built: Site) -> None:
    glossary = page(built, "glosario")
    assert not glossary.select("button.term")
    batch, sink = glossary.select("details.term-users")
    # Its own text leads to the other page.
    assert texts(batch.select("summary, a")) == ["Se usa en otra página", "Dos"]
    assert texts(sink.select("summary, a")) == ["Se usa en otras 2 páginas", "Dos", "Un sink"]
    letters = glossary.select(".glossary-finder nav a")
    assert [(link.get_text(), link["href"]) for link in letters] == [
        ("M", "#term-micro-batch"),
        ("S", "#term-sink"),
        ("W", "#term-watermark"),
    ]
    assert glossary.select_one("script[src*='glossary.js']")
    assert not page(built, "una").select_one("script[src*='glossary.js']")


def test_what_changes_in_the_glossary_changes_the_pages(built: Site) -> None:
    built.edit("glosario.md", "Adonde se", "A donde se")
    built.edit("dos.md", "Y un *micro-batch*", "Y un *watermark*")
    built.build("-D", "nb_execution_mode=off").green()
    assert "A donde se escribe." in texts(page(built, "una").select("[popover]"))[0]
    assert "Dos" in page(built, "glosario").select("details.term-users")[-1].get_text()
    # Only where it is used.
    built.edit("dos.md", "Y un *watermark*", "Y nada")
    built.build("-D", "nb_execution_mode=off").green()
    assert len(page(built, "glosario").select("details.term-users")) == 1


def test_a_browser_shows_and_filters_them(built: Site, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto((built.docs / "_build/html/una.html").as_uri())
    note = tab.get_by_text("Adonde se escribe.")
    assert not note.is_visible()
    tab.get_by_role("button", name="Sinks").press("Enter")
    assert note.is_visible()
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    tab.goto((built.docs / "_build/html/glosario.html").as_uri())
    tab.get_by_label("Busca un término").fill("HORA")
    assert tab.locator("dl.glossary dt:visible").all_inner_texts() == ["watermark"]
    assert tab.locator("#glossary-found").inner_text() == "1 de 3 términos"
    tab.get_by_role("navigation", name="Letras").get_by_role("link", name="M").click()
    assert tab.locator("dl.glossary dt:visible").count() == 4
    tab.close()

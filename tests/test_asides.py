"""The boxes of text of a page, in a small site: their names, what is folded, what is refused."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from conftest import Site
from playwright.sync_api import Browser

from streamdocs.publishing import takehome

BOXES = """# Página

:::{learn}
- Contar.
- Parar.
:::

:::{careful} lo de `checkpoint`
Se borra.
:::

:::{careful}
Otra.
:::

::::{deeper} Por qué `cuenta`
Un párrafo.

```{sketch} Hace falta una red
curl x
```

(dentro)=
Aquí.
::::

[Dentro](#dentro).
"""


@pytest.fixture
def shown(site: Site) -> BeautifulSoup:
    """The page above, as it is published."""
    site.write("index", BOXES)
    site.build("-D", "nb_execution_mode=off").green()
    return BeautifulSoup((site.docs / "_build/html/index.html").read_text("utf-8"), "html.parser")


def test_each_box_says_what_it_is(shown: BeautifulSoup) -> None:
    learn, *careful, deeper = (
        bar.get_text() for bar in shown.select(".aside > :is(.box-title, summary)")
    )
    assert learn == "Vas a aprender"
    assert careful == ["Cuidado: lo de checkpoint", "Cuidado"]
    assert deeper == "A fondo: Por qué cuenta"
    assert [item.get_text() for item in shown.select(".learn li")] == ["Contar.", "Parar."]
    (folded,) = shown.select("details.deeper")
    assert not folded.has_attr("open")
    assert folded.select_one("summary > code") is not None
    assert folded.select_one(".sketch") is not None


@pytest.mark.parametrize("opening", ["{learn}", "{careful}", "{careful} algo", "{deeper} algo"])
def test_an_empty_box_is_refused(site: Site, opening: str) -> None:
    site.write("index", f"# Página\n\n:::{opening}\n:::\n")
    built = site.build("-D", "nb_execution_mode=off")
    name = opening[1:].partition("}")[0]
    assert built.code != 0
    assert f"ERROR: «{name}» está vacío: escribe algo en él, o quítalo." in built.err


def test_a_notebook_has_them_as_quotes() -> None:
    text = takehome.markdown(BOXES)
    assert "> **Vas a aprender**\n>\n> - Contar.\n> - Parar.\n" in text
    assert "> **Cuidado: lo de `checkpoint`**\n>\n> Se borra.\n" in text
    assert "> **A fondo: Por qué `cuenta`**\n" in text
    assert "> Hace falta una red:\n>\n> ```\n> curl x\n> ```\n" in text


def test_the_way_to_an_anchor_and_to_paper_opens_what_is_folded(
    shown: BeautifulSoup, site: Site, browser: Browser
) -> None:
    assert shown.select_one("#dentro")
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site.docs / "_build/html/index.html").as_uri())
    inside = tab.get_by_text("Aquí.")
    assert not inside.is_visible()
    tab.get_by_role("link", name="Dentro").click()
    inside.wait_for(state="visible")
    context.close()

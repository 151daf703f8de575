"""The picture of each page: what stands on it, that all of it is seen, and who names it."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, page_names
from test_publication import two_pages

from streamdocs.errors import StreamdocsError
from streamdocs.publishing import cards
from streamdocs.publishing.book import pdf
from streamdocs.publishing.cards import Card

SITE = DOCS / "_build" / "html"
POINT = 72 / 96
MARGIN = 20
"""Pixels that stay free below the last line."""

EMPTY = "+-+\n|a|\n+-+\n+-+"
FULL = "+-+\n|a|\n+-+\n|1|\n+-+"
WIDE = FULL.replace("-", "-" * 60)


def page(*outputs: str) -> BeautifulSoup:
    """A page that printed ``outputs``."""
    written = "".join(f"<div class='cell_output'><pre>{text}</pre></div>" for text in outputs)
    head = (
        "<meta property='og:title' content='Unir'><meta property='og:description' content='Así.'>"
    )
    return BeautifulSoup(f"{head}<article>{written}</article>", "html.parser")


@pytest.mark.parametrize(
    ("outputs", "printed"),
    [
        (("hola", EMPTY, WIDE, f"Batch: 0\n{FULL}\nfin"), FULL),
        ((EMPTY, "hola"), EMPTY),
        ((WIDE, "hola"), "hola"),
        ((), ""),
    ],
)
def test_a_card_shows_the_first_table_with_rows_that_fits(
    outputs: tuple[str, ...], printed: str
) -> None:
    made = cards.card("transformaciones/joins", page(*outputs))
    assert made == Card("transformaciones/joins", "Unir", "Así.", tuple(printed.splitlines()))


def texts(made: list[Card], folder: Path) -> list[tuple[str, float]]:
    """The text of each sheet that is printed, and the pixels that it leaves free below."""
    html, printed = folder / "tarjetas.html", folder / "tarjetas.pdf"
    html.write_text(cards.sheets(made), "utf-8")
    pdf.print_page(html, printed)
    found = []
    with pypdfium2.PdfDocument(printed) as document:
        for sheet in document:
            assert sheet.get_size() == pytest.approx(
                (cards.WIDTH * POINT, cards.HEIGHT * POINT), abs=1
            )
            text = sheet.get_textpage()
            lowest = min(text.get_rect(n)[1] for n in range(text.count_rects()))
            found.append((text.get_text_bounded(), lowest / POINT))
    return found


def test_all_that_stands_on_the_cards_of_the_course_is_seen(tmp_path: Path) -> None:
    made = [
        cards.card(name, BeautifulSoup((SITE / f"{name}.html").read_text("utf-8"), "html.parser"))
        for name in page_names()
    ]
    assert sum(bool(each.printed) for each in made) > len(made) / 2
    found = texts(made, tmp_path)
    assert len(found) == len(made)
    for each, (text, free) in zip(made, found, strict=True):
        assert free > MARGIN, each.name
        for line in (*each.title.split(), *each.printed):
            assert " ".join(line.split()) in " ".join(text.split()), each.name


def test_a_card_that_is_too_tall_is_noticed(tmp_path: Path) -> None:
    tall = Card(
        "a", "Título de dos líneas, que es lo más que cabe en una tarjeta", "b " * 99, ("c",) * 12
    )
    ((_, free),) = texts([tall], tmp_path)
    assert free <= MARGIN


def test_a_page_names_its_card_where_the_site_has_an_address(tmp_path: Path) -> None:
    html = two_pages(tmp_path, "", "https://ejemplo.org/curso/")
    drawn = cards.draw(html)
    assert [file.relative_to(html).as_posix() for file in drawn] == [
        "tarjetas/index.png",
        "tarjetas/nc/otra.png",
    ]
    otra = BeautifulSoup((html / "nc" / "otra.html").read_text("utf-8"), "html.parser")
    (named,) = otra.select('meta[property="og:image"]')
    assert named["content"] == "https://ejemplo.org/curso/tarjetas/nc/otra.png"
    assert "og:image" not in (html / "search.html").read_text("utf-8")
    assert cards.draw(html / "nc") == []


def test_cards_that_take_more_sheets_than_they_are_do_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = two_pages(tmp_path, "", "https://ejemplo.org/curso/")
    monkeypatch.setattr(cards, "sheets", lambda made: "<p>1</p>")
    with pytest.raises(StreamdocsError, match="2 tarjetas han salido en 1 hojas"):
        cards.draw(html)

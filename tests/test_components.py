"""Only a page that holds a component loads what it needs, however it came to be written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, Site
from course import ROOT
from playwright.sync_api import Browser
from rcssmin import cssmin
from records import LINE, changed

from streamdocs.publishing import incremental, lab
from streamdocs.publishing.components import PAGE, STATIC
from streamdocs.publishing.player import STREAM
from streamdocs.publishing.question import QUESTION
from streamdocs.publishing.review import PRACTICE
from streamdocs.recording.record import RECORD_MIME

PLAYED = changed(
    input=[LINE | {"text": "el <mar>"}],
    output={"columns": ["palabra", "count"], "rows": [["mar", "1"]]},
)
# What a recorded query leaves under its cell, without the query.
CELL = f"""import json
from IPython.display import display
display({{"{RECORD_MIME}": json.loads({json.dumps(json.dumps(PLAYED))})}}, raw=True)"""
PLAYER = "```{player} Todo\nr: El recuento\n```\n"
PREDICT = "```{predict} r\n:batch: 0\n:title: ¿Qué sale?\n```\n"
PAGES = {"juega": PLAYER, "predice": PREDICT, "lee": "Nada que jugar.\n"}
MANY = PAGES | {f"lee-{number}": "Nada que jugar.\n" for number in range(4)}


ALL = ["_static/stream.css", "_static/page-elements.js", "_static/stream.js"]
"""What a page with a player loads of ours."""


def written(site: Site, pages: Mapping[str, str] = PAGES) -> None:
    """Pages with the same cell and one of these texts below it."""
    for name, text in pages.items():
        site.page(name, f"{CELL}\n# {name}")  # one notebook, one record of the page cache
        site.edit(f"{name}.md", "Una frase.", f"Una frase.\n\n{text}")


def loaded(site: Site) -> dict[str, list[str]]:
    """What each page loads of ours, in order, without checksums."""
    found = {}
    pages = {name: text for name, text in site.published().items() if name.endswith(".html")}
    for name, html in pages.items():
        tags = BeautifulSoup(html, "html.parser").select("link[href], script[src]")
        files = [str(tag.get("href") or tag.get("src")).partition("?")[0] for tag in tags]
        found[name.removesuffix(".html")] = [file for file in files if file in ALL]
    return found


@pytest.mark.parametrize("lanes", ["1", "2"])
def test_only_a_page_with_a_component_loads_it(site: Site, lanes: str) -> None:
    written(site, MANY)  # Sphinx reads and writes fewer than six in one process
    assert site.build("-j", lanes, "-D", "streamdocs_regen=1").code == 0
    # What is expected is new, so this reads the pages; then only that with another title is read,
    # and all are written.
    for before, after in (("", ""), ("# Sitio", "# Otro sitio")):
        site.edit("index.md", before, after)
        built = site.build("-j", lanes)
        assert built.code == 0, built.err
        pages = loaded(site)
        assert pages.pop("juega") == pages.pop("predice") == ALL
        assert set(pages) >= {"lee", "index", "genindex", "search"}
        assert not any(pages.values())


def test_a_page_that_gains_or_loses_a_component(site: Site) -> None:
    written(site)
    site.regen()
    site.edit("lee.md", "Nada que jugar.\n", PREDICT)
    site.edit("juega.md", PLAYER, "Nada que jugar.\n")
    site.regen()
    pages = loaded(site)
    assert pages["lee"] == pages["predice"] == ALL
    assert pages["juega"] == []


def test_every_script_is_loaded_deferred_and_by_its_checksum(site: Site) -> None:
    components = (PAGE, STREAM, lab.LAB, QUESTION, PRACTICE)
    ours = {file for each in components for file in (each.style, *each.scripts)} - {""}
    kinds = ("stream*", "lab*", "question*")
    assert ours == {file.name for kind in kinds for file in STATIC.glob(kind)}
    written(site, {"juega": PLAYER})
    site.regen()
    html = BeautifulSoup(site.published()["juega.html"], "html.parser")
    scripts = html.select("script[src*='stream.js'], script[src*='page-elements.js']")
    assert len(scripts) == 2
    assert all(tag.has_attr("defer") and "?v=" in str(tag["src"]) for tag in scripts)
    assert "?v=" in str(html.select_one(f"link[href*='{STREAM.style}']")["href"])  # type: ignore[index]


def test_a_changed_script_writes_the_pages_that_load_it(site: Site) -> None:
    shutil.copytree(STATIC, site.root / "static")
    site.edit(
        "conf.py",
        "from streamdocs.running import cache",
        "from streamdocs.publishing import components\nfrom streamdocs.running import cache",
    )
    site.edit("conf.py", "HERE = Path(__file__).parent", MOVED)
    written(site)
    site.regen()
    assert site.build().code == 0  # reads the pages again, since what is expected is new
    before = site.published()
    site.edit("static/stream-words.js", "Has acertado", "Has atinado")
    built = site.build()
    assert (built.code, built.executed) == (0, frozenset())
    after = site.published()
    assert {name for name in after if after[name] != before[name]} == {
        "_static/stream.js",
        "juega.html",
        "predice.html",
    }
    assert site.build().code == 0
    assert site.published() == after


MOVED = 'HERE = Path(__file__).parent\ncomponents.STATIC = HERE / "static"'


def test_changed_publishing_code_has_pages_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "publishing"
    shutil.copytree(Path(incremental.__file__).parent, room)
    monkeypatch.setattr(incremental, "__file__", str(room / "incremental.py"))
    before = incremental.version()
    (room / "static" / "stream.css").write_text("", "utf-8")  # written again, but not read
    assert incremental.version() == before
    (room / "boxes.py").write_text("", "utf-8")
    assert incremental.version() != before


def test_a_component_works_from_a_file(site: Site, browser: Browser) -> None:
    written(site, {"juega": f"{PLAYER}\n{PREDICT}"})
    site.regen()
    tab = browser.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto((site.root / "_build/html/juega.html").as_uri())
    tab.locator("stream-player").get_by_role("slider").press("End")
    assert "el <mar>" in tab.locator("stream-player").inner_text()
    tab.get_by_role("button", name="Comprobar").click()
    assert "Todavía no: 1 falta." in tab.locator("stream-predict").inner_text()
    tab.close()
    assert wrong == []


@pytest.mark.parametrize("pseudo", [" :is(", " :not(", " :has("])
def test_shorter_selectors_are_the_same(pseudo: str) -> None:
    """In a nested rule rcssmin takes the blank for one of a declaration's."""
    for file in (*STATIC.glob("*.css"), *(DOCS / "_static").glob("*.css")):
        text = file.read_text("utf-8")
        for sign in ">+~,":
            text = text.replace(f"{sign} ", sign)
        assert cssmin(text).count(pseudo) == text.count(pseudo), file.name


def test_the_wheel_holds_what_pages_load(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    held = {Path(name) for name in ZipFile(wheel).namelist()}
    assert held >= {
        Path("streamdocs/publishing/static", name) for name in (STREAM.style, *STREAM.scripts)
    }

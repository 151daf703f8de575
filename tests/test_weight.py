"""What a visit costs: bytes as a server sends them, requests, and what the reader waits for."""

from __future__ import annotations

import functools
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, Server, Silent, page_names
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, BrowserContext, Page

from streamdocs.publishing import icons

SITE = DOCS / "_build" / "html"
FIRST_VISIT = 250_000
FURTHER_PAGE = 14_800
"""Of a page like others; some show more, and none is without a bound."""

# The reference of the package, for who maintains it.
LONGEST_PAGE = 115_000
OWN = 60_000
"""Of the scripts and style sheets of ours, all together."""

OTHERS = (
    *("basic.css", "pygments.css", "mystnb.*.css", "sphinx-design.min.css", "copybutton*"),
    *("clipboard.min.js", "design-tabs.js", "doctools.js", "documentation_options.js"),
    *("language_data.js", "searchtools.js", "sphinx_highlight.js", "translations.js"),
    *("*-stemmer.js", "*-data.js"),
)
"""Of Sphinx and its extensions, and what the pages say: whatever else is published is ours."""

REQUESTS = 42
SHIFT = 0.02

SLOW_4G = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
"""Chromium's «slow 4G»: 1.6 Mb/s, and 150 ms to and fro."""

PLAYER_READY = 2500

SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
READY = """
customElements.whenDefined("stream-player").then(() => { window.ready = performance.now(); });
"""
THEME = """
new PerformanceObserver(list => {
  window.painted = document.documentElement.dataset.theme + " " + (document.body
    ? getComputedStyle(document.body).backgroundColor : "");
}).observe({ type: "paint", buffered: true });
"""


class Compressed(Silent):
    """A server that compresses what gets smaller, and lets a browser keep it, as real ones do."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> Any:
        """Answer with the file compressed, whatever it is."""
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return None
        body, coding = file.read_bytes(), None
        if file.suffix != ".woff2":
            body, coding = gzip.compress(body), "gzip"
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if coding:
            self.send_header("Content-Encoding", coding)
        self.end_headers()
        return BytesIO(body)

    def copyfile(self, source: Any, outputfile: BinaryIO) -> None:  # type: ignore[override]
        """Send what ``send_head`` has made."""
        outputfile.write(source.read())


@pytest.fixture(scope="module")
def hosted() -> Iterator[str]:
    """Where the built course is served compressed, on loopback."""
    handler = functools.partial(Compressed, directory=str(SITE))
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser, hosted: str) -> Iterator[BrowserContext]:
    """A browser that has never seen the site, and keeps what it gets of it."""
    with visiting(browser, hosted) as context:
        yield context


@contextmanager
def visiting(browser: Browser, hosted: str, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=hosted, **options)
    yield context
    context.close()


@dataclass
class Wire:
    """What a tab asks for: the bytes of each address, headers and all, as the browser counts."""

    bytes: dict[str, float] = field(default_factory=dict)

    @classmethod
    def tapped(cls, tab: Page, **slow: Any) -> Wire:
        wire, asked = cls(), {}
        session = tab.context.new_cdp_session(tab)
        session.send("Network.enable")
        if slow:
            session.send("Network.emulateNetworkConditions", {"offline": False, **slow})
        session.on(
            "Network.responseReceived",
            lambda event: asked.update({event["requestId"]: event["response"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda event: wire.bytes.update(
                {asked.get(event["requestId"], "?"): event["encodedDataLength"]}
            ),
        )
        return wire

    @property
    def sent(self) -> dict[str, float]:
        """What was not kept from before."""
        return {url: size for url, size in self.bytes.items() if size}


def test_a_first_visit_is_light_and_so_is_each_further_page(visitor: BrowserContext) -> None:
    tab = visitor.new_page()
    wire = Wire.tapped(tab)
    tab.goto("/index.html", wait_until="networkidle")
    assert 10 < len(wire.sent) <= REQUESTS, wire.sent
    assert sum(wire.sent.values()) <= FIRST_VISIT, wire.sent
    assert not [url for url in wire.sent if "searchindex" in url or "fontawesome.js" in url]
    own = {}
    for name in page_names():
        wire.bytes.clear()
        tab.goto(f"/{name}.html", wait_until="load")
        own[name] = sum(wire.sent.values())
    assert {name: size for name, size in own.items() if size > LONGEST_PAGE} == {}
    assert sorted(own.values())[len(own) // 2] <= FURTHER_PAGE, own


def test_what_is_ours_is_light() -> None:
    published = [*(SITE / "_static").glob("*.css"), *(SITE / "_static").glob("*.js")]
    files = [file for file in published if not any(map(file.match, OTHERS))]
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files}
    assert {"stream.js", "lab.js", "question.js", "boxes.css", "page.js"} <= set(sizes)
    assert sum(sizes.values()) <= OWN, sizes


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps(browser: Browser, hosted: str, width: int) -> None:
    moved = {}
    with visiting(browser, hosted, viewport={"width": width, "height": 800}) as context:
        context.add_init_script(SHIFTS)
        tab = context.new_page()
        for name in page_names():
            tab.goto(f"/{name}.html", wait_until="load")
            tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            moved[name] = tab.evaluate("window.shift")
    assert {name: by for name, by in moved.items() if by > SHIFT} == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_on_a_slow_network_the_front_page_is_steady_and_soon_ready(
    browser: Browser, hosted: str, width: int
) -> None:
    with visiting(browser, hosted, viewport={"width": width, "height": 800}) as context:
        tab = context.new_page()
        Wire.tapped(tab, **SLOW_4G)
        tab.add_init_script(SHIFTS + READY)
        tab.goto("/index.html", wait_until="load")
        tab.wait_for_function("window.ready")
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("window.shift") <= SHIFT
        assert tab.evaluate("window.ready") <= PLAYER_READY


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_thing_painted_has_its_colours(
    browser: Browser, hosted: str, scheme: str
) -> None:
    with visiting(browser, hosted, color_scheme=scheme) as context:
        tab = context.new_page()
        Wire.tapped(tab, **SLOW_4G)
        tab.add_init_script(THEME)
        tab.goto("/index.html", wait_until="load")
        ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert tab.evaluate("window.painted") == f"{scheme} {ground}"
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_without_javascript_a_page_is_light(browser: Browser, hosted: str) -> None:
    with visiting(browser, hosted, java_script_enabled=False, color_scheme="dark") as context:
        tab = context.new_page()
        tab.goto("/index.html")
        assert tab.locator("html").get_attribute("data-theme") == "light"
        assert tab.locator(".stream-fallback").first.is_visible()


ICONS = """() => [...document.querySelectorAll("*")].flatMap(node =>
  ["::before", "::after"].map(part => getComputedStyle(node, part))
    .filter(style => style.fontFamily.includes("Awesome") && style.content.startsWith('"'))
    .map(style => style.content[1]))"""


def test_every_icon_is_in_the_fonts_that_were_cut(visitor: BrowserContext) -> None:
    """As a browser computes them, and not as they were found for cutting."""
    tab = visitor.new_page()
    shown: set[str] = set()
    for name in ("index", "hola/palabras", "search", "genindex"):
        tab.goto(f"/{name}.html")
        shown |= set(tab.evaluate(ICONS))
    assert len(shown) > 8
    fonts = [TTFont(file) for file in sorted((SITE / icons.FONTS).glob("*.woff2"))]
    there = {chr(code) for font in fonts for code in font.getBestCmap() or {}}
    assert shown - there == set()
    assert sum(file.stat().st_size for file in (SITE / icons.FONTS).iterdir()) < 12_000


def test_every_page_has_one_title_and_one_viewport() -> None:
    for name in page_names():
        head = BeautifulSoup((SITE / f"{name}.html").read_text("utf-8"), "html.parser").head
        assert head is not None
        assert len(head.select("meta[name=viewport]")) == 1
        (title,) = head.select("title")
        parts = title.get_text().split(" — ")
        assert len(parts) == len(set(parts)), title

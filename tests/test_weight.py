"""What a visit costs: the bytes that a browser asks for, as a server sends them compressed."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

import pytest
from conftest import page_names
from playwright.sync_api import Browser, BrowserContext, Page, Response

FIRST_VISIT = 1_000_000
FURTHER_PAGE = 100_000
COMPRESSED_ALREADY = (".woff2", ".png", ".zip")


@pytest.fixture(scope="module")
def visitor(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser that keeps what it has got, as a reader's does from one page to the next."""
    context = browser.new_context(base_url=address)
    yield context
    context.close()


def weighed(tab: Page, name: str, known: Iterable[str] = ()) -> dict[str, int]:
    """What a page asks for that is not ``known``, with its compressed size in bytes."""
    asked: list[Response] = []
    tab.on("response", lambda answer: asked.append(answer))
    tab.goto(f"/{name}.html", wait_until="load")
    return {answer.url: sent(answer) for answer in asked if answer.url not in known}


def sent(answer: Response) -> int:
    """The size of a response's body, compressed unless its kind is already."""
    body = answer.body()
    path = answer.url.partition("?")[0]
    return len(body if path.endswith(COMPRESSED_ALREADY) else gzip.compress(body))


def test_a_visit_is_light(visitor: BrowserContext) -> None:
    tab = visitor.new_page()
    first = weighed(tab, "index")
    assert sum(first.values()) <= FIRST_VISIT, first
    assert len(first) > 10
    heavy = {}
    for name in page_names():
        tab = visitor.new_page()
        own = weighed(tab, name, first)
        tab.close()
        if sum(own.values()) > FURTHER_PAGE:
            heavy[name] = own
    assert heavy == {}

"""What is relied on of others' insides is still there, and does what it is relied on for."""

from __future__ import annotations

import inspect
import logging
import re
from types import SimpleNamespace

import pytest
from conftest import SESSION, Site
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import builders

from streamdocs.publishing import upstream


def test_sphinx_shares_pages_by_a_function_that_it_looks_up_when_it_reads() -> None:
    source = inspect.getsource(builders.Builder._read_parallel)
    assert "make_chunks(docnames, nproc)" in source
    with upstream.share_pages(lambda names, processes: [("a",)]):
        assert vars(builders)["make_chunks"](["a"], 2) == [("a",)]
    assert vars(builders)["make_chunks"](["a"], 2) == [["a"]]


def test_sphinx_reads_pages_in_the_encoding_of_its_settings() -> None:
    source = inspect.getsource(builders.Builder.read_doc)
    assert "read_text(encoding=env.settings['input_encoding'])" in source


def test_myst_nb_puts_an_english_label_where_it_is_replaced() -> None:
    translator = SimpleNamespace(body=["<p>"])
    node = HideCodeCellNode(prompt_show="Desplegar", prompt_hide="Plegar")
    upstream.visit_hidden(translator, node)
    assert "<summary>\n" in translator.body
    assert "Toggle" not in "".join(translator.body)


def test_warnings_are_heard_once_with_their_place(site: Site) -> None:
    site.page("a", "print(1)")
    site.regen()
    (site.root / "suelta.md").write_text("# Suelta\n\nVe a {ref}`nada`.\n")
    site.build()
    said = (site.root / "_build/html/.doctrees/streamdocs-verdict.json").read_text()
    assert said.count("document isn't included in any toctree") == 1
    assert len(re.findall(r"suelta\.md:\d: WARNING: undefined label", said)) == 1
    site.edit("conf.py", '["mystnb.exec"]', '["mystnb.exec", "toc.not_included", "ref.ref"]')
    site.build()
    assert '"said":[]' in (site.root / "_build/html/.doctrees/streamdocs-verdict.json").read_text()


def test_what_is_hidden_has_the_course_s_words(site: Site) -> None:
    site.page("a", ":tags: [hide-input]\nprint(1)")
    site.regen()
    html = (site.root / "_build/html/a.html").read_text()
    assert "<details" in html
    assert "Toggle hidden" not in html


def test_a_page_that_did_not_end_is_known_as_such(site: Site) -> None:
    site.page("a", SESSION, "1 / 0", "print(1)")
    built = site.build()
    assert built.code == 1
    assert "a.md:10: WARNING: la celda «1 / 0» ha fallado" in built.err


def test_an_ear_hears_only_while_it_listens(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []
    app = SimpleNamespace(config=SimpleNamespace(suppress_warnings=("a.b",)))
    ear = upstream.Ear(app, heard.append)  # type: ignore[arg-type]
    logger = logging.getLogger("sphinx.prueba")
    logger.warning("uno")
    logger.warning("dos", extra={"type": "a", "subtype": "b"})
    ear.end()
    logger.warning("tres")
    assert heard == ["uno"]

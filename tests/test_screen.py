"""A screen shows what a terminal shows, on a page, in what is expected, copied and taken home."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import DOCS, Site
from docutils import nodes

from streamdocs.publishing import render
from streamdocs.system.screen import render as screen
from streamdocs.system.screen import shown
from streamdocs.system.segment import Kind, Segment

ESC = "\x1b"


def test_nobody_waits_for_the_emulator_who_does_not_need_it() -> None:
    """Every build and every kernel would."""
    rooms = "streamdocs.publishing.sphinx_ext, streamdocs.running.kernel"
    code = f"import sys, {rooms}; sys.exit('pyte' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("abc\b\bX\n", "aXc\n"),
        ("\r50%\r100%\n", "100%\n"),
        ("uno\r\ndos\r\n", "uno\ndos\n"),
        ("vt\vff\f\n", "vt\n  ff\n\n"),
        ("\ta\r\tb\n", "        b\n"),
        (f"{'x' * 200}\rY\n", f"Y{'x' * 199}\n"),
        (f"{'x' * 100}\ty\a\n", f"{'x' * 100}    y\n"),
        ("uno\n" * 50 + f"{ESC}[2Ados\n", "uno\n" * 48 + "dos\nuno"),
        (f"viejo\r{ESC}[Knuevo\n", "nuevo\n"),
        (f"viejo\r{ESC}[K\n", "\n"),
        (f"abc{ESC}[2D{ESC}[4hX\n", "aXbc\n"),
        (f"viejo\n{ESC}[2J{ESC}[Hnuevo\n", "nuevo\n"),
        (f"{ESC}[1;31mrojo{ESC}[0m {ESC}[38;5;9mrojo{ESC}[38:2::255:0:0mrojo\n", "rojo rojorojo\n"),
        (f"{ESC}]0;título\aa{ESC}]8;;http://b{ESC}\\b{ESC}]8;;{ESC}\\\n", "ab\n"),
        (f"{ESC}(Ba{ESC}*Bb{ESC}%Gc{ESC} Fd{ESC}=e{ESC}>f\n", "abcdef\n"),
        (
            f"{ESC}Pq#0{ESC}\\a{ESC}_x{ESC}\\b{ESC}[!pc{ESC}[>4;1md{ESC}[0 qe{ESC}[?2004hf\n",
            "abcdef\n",
        ),
        # Sequences with numbers that make no sense are not seen, and take nothing with them.
        (f"{ESC}[1;2;3Aa{ESC}[5Jb{ESC}[7Kc{ESC}[?4md\n", "abcd\n"),
        ("\x00\x01\x7f\x85a\n", "a\n"),
        # Without a width, and yet not combining: a family is one character and two joiners.
        ("\a👨‍👩‍👧 ❤️ fin\n", "👨‍👩‍👧 ❤️ fin\n"),
        ("\ae\u0301l 語\b\bx\n", "e\u0301l x\n"),
        ("blancos  \a\n", "blancos  \n"),
        ("sin fin de línea\a", "sin fin de línea"),
        # Nothing to emulate: as it is, be it what some call the end of a line.
        ("a\tb\u2028c\n", "a\tb\u2028c\n"),
    ],
)
def test_what_is_written_and_what_is_seen(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_each_piece_stays_whose_it_is() -> None:
    """As the screen shows them: what is overwritten belongs to who wrote last."""
    pieces: list[tuple[Kind, str]] = [
        ("prompt", "$ "),
        ("typed", "cat\r\n"),
        ("output", "uno\rX"),
        ("key", ""),
        ("prompt", "$ "),
        ("typed", "b\r\n"),
    ]
    assert screen(Segment(*piece) for piece in pieces) == [
        Segment("prompt", "$ "),
        Segment("typed", "cat\n"),
        Segment("output", "X"),
        Segment("key", ""),
        Segment("prompt", "$ "),
        Segment("typed", "b\n"),
    ]


PAGE = (
    'print("a\\rb")',
    "%%terminal 1\nprintf 'abc\\b\\bX\\n'",
    "%%terminal 1\nprintf '\\r50%%\\r100%%\\n'",
    "%%terminal 1\nprintf 'vt\\vff\\f\\n'",
    "%%terminal 2\nread -s clave\nsecreto\necho hola\necho $clave",
    "%%terminal 2\ncat\nuno\n^D\ncat\ndos\n^C",
    "%%terminal 2\n^C\necho fin",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that was accepted and built again, with no complaint."""
    site = Site.new(tmp_path_factory.mktemp("pantalla"))
    site.page("pantalla", *PAGE)
    site.regen()
    (site.root / "pantalla.md").touch()
    again = site.build("-E")
    assert again.code == 0, again.err
    return site


def boxes(site: Site) -> Sequence[Tag]:
    soup = BeautifulSoup(site.published()["pantalla.html"], "html.parser")
    return soup.select(".terminal pre")


def copied(box: Tag) -> str:
    """What the copy button copies: what its setting in the course leaves of a box."""
    (exclude,) = re.findall(r'copybutton_exclude = "(.*)"', (DOCS / "conf.py").read_text("utf-8"))
    rest = BeautifulSoup(str(box), "html.parser")
    for excluded in rest.select(exclude):
        excluded.decompose()
    return rest.get_text()


def test_a_page_shows_what_a_terminal_shows(built: Site) -> None:
    answers = ["".join(part.get_text() for part in box.select(".go, .key")) for box in boxes(built)]
    assert answers == [
        "aXc\n",
        "100%\n",
        "vt\n  ff\n\n",
        "hola\nsecreto\n",
        "uno\ndos\n^C\n",
        "^C\nfin\n",
    ]
    assert "<span></span>b\n" in built.published()["pantalla.html"]


def test_what_is_expected_is_what_is_shown(built: Site) -> None:
    text = (built.root / "expected" / "pantalla.txt").read_bytes().decode()
    assert not set(text) & set("\r\v\f\b")
    assert "    b\n" in text
    assert "    vt\n      ff\n" in text


def test_only_what_one_program_reads_is_copied(built: Site) -> None:
    assert [copied(box) for box in boxes(built)[3:]] == [
        "read -s clave\necho hola\necho $clave\n",
        "cat\nuno\n",
        "echo fin\n",
    ]


def test_a_key_is_seen_as_a_key_and_leaves_no_other_trace() -> None:
    """A key stands where it is seen, as a key cap; one that is not seen leaves no trace."""
    pieces = [("typed", "cat\n"), ("output", "a\n"), ("key", "^C"), ("output", "\n"), ("key", "")]
    box = render.terminal("1", [{"kind": kind, "text": text} for kind, text in pieces])
    assert [(piece["classes"], piece.astext()) for piece in box.findall(nodes.inline)] == [
        (["kbd"], "cat\n"),
        (["go"], "a\n"),
        (["key"], "^C"),
        (["go"], "\n"),
    ]

"""Terminals are real shells, and settling knows when they have done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streamdocs.errors import WaitTimeoutError
from streamdocs.running import settle
from streamdocs.system.terminal import LONGEST_LINE, Terminal

Start = Callable[[str], Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Opens terminals by name; they are closed at the end."""
    opened: list[Terminal] = []

    def open_(name: str) -> Terminal:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        opened.append(Terminal(name, tmp_path, env))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


def do(terminal: Terminal, line: str, *others: Terminal) -> str:
    """Type a line, wait, and return what is shown."""
    terminal.type(line)
    settle.terminals([terminal, *others], terminal)
    return "".join(segment.text for segment in terminal.take())


def test_a_command_and_its_answer(start: Start) -> None:
    terminal = start("1")
    terminal.type("echo año")
    settle.terminals([terminal], terminal)
    shown = [(piece.kind, piece.text) for piece in terminal.take()]
    assert shown == [("prompt", "$ "), ("typed", "echo año\n"), ("output", "año\n")]


def test_the_prompt_waits_for_its_command(start: Start) -> None:
    terminal = start("1")
    assert do(terminal, "true") == "$ true\n"
    assert terminal.pending() == "$ "


@pytest.mark.parametrize(
    "line",
    ["sleep 0.3; echo listo", "(sleep 0.3; echo listo)", "echo listo | cat", "cat <<< listo"],
)
def test_it_waits_until_the_command_is_done(start: Start, line: str) -> None:
    assert do(start("1"), line) == f"$ {line}\nlisto\n"


def test_lines_go_to_the_program_that_runs(start: Start) -> None:
    terminal = start("1")
    assert do(terminal, "cat") == "$ cat\n"
    assert do(terminal, "hola") == "hola\nhola\n"
    assert do(terminal, "^D") == ""
    assert do(terminal, "echo $?") == "$ echo $?\n0\n"


def test_control_c_ends_the_program(start: Start) -> None:
    terminal = start("1")
    do(terminal, "cat")
    assert do(terminal, "^C").strip() == "^C"
    assert do(terminal, "echo $?") == "$ echo $?\n130\n"


def test_a_program_with_threads_is_waited_for(start: Start) -> None:
    terminal = start("1")
    code = "import threading as t; t.Timer(0.3, print, ['listo']).start()"
    assert do(terminal, f'python3 -c "{code}"').endswith("listo\n")


def test_what_arrives_elsewhere_is_there_in_time(start: Start) -> None:
    """A hundred lines through nc: each is on the other screen once the typing has settled."""
    server, client = start("1"), start("2")
    do(server, "nc.openbsd -lk 127.0.0.1 9871")
    do(client, "nc.openbsd 127.0.0.1 9871", server)
    server.take()
    for number in range(100):
        do(client, f"línea {number}", server)
        assert "".join(piece.text for piece in server.take()) == f"línea {number}\n"


def test_wide_lines_are_not_mangled(start: Start) -> None:
    wide = "a" * 300
    assert do(start("1"), f"echo {wide}") == f"$ echo {wide}\n{wide}\n"


def test_a_line_too_long_is_refused(start: Start) -> None:
    with pytest.raises(ValueError, match="4095 bytes"):
        start("1").type("a" * LONGEST_LINE)


def test_much_output_does_not_block(start: Start) -> None:
    terminal = start("1")
    assert do(terminal, "seq 20000").count("\n") == 20001


def test_a_wait_has_a_deadline(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "DEADLINE", 0.5)
    terminal = start("1")
    terminal.type("sleep 99")
    began = time.monotonic()
    with pytest.raises(WaitTimeoutError, match="Terminal 1 quede en reposo"):
        settle.terminals([terminal], terminal)
    assert time.monotonic() - began < 5


def test_a_long_wait_is_announced(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(settle, "LONG", 0.2)
    monkeypatch.setattr(settle, "on_long_wait", heard.append)
    do(start("1"), "sleep 0.6")
    assert heard == ["espero a que el Terminal 1 quede en reposo"]

"""Terminals are real shells, and settling knows when they have done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streamdocs.errors import WaitTimeoutError
from streamdocs.running import settle
from streamdocs.system import procfs, waiting
from streamdocs.system import shell as shell_module
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


def kinds(terminal: Terminal, *lines: str) -> list[tuple[str, str]]:
    """What is shown after typing ``lines``, piece by piece, without the prompts."""
    for line in lines:
        terminal.type(line)
        settle.terminals([terminal], terminal)
    return [(piece.kind, piece.text) for piece in terminal.take() if piece.kind != "prompt"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (r"printf 'abc\b\bX\n'", "aXc\n"),
        (r"printf '\r50%%\r100%%\n'", "100%\n"),
        (r"printf 'vt\vff\f\n'", "vt\n  ff\n\n"),
        (r"printf '\033]0;t\a\033[1;31mrojo\033[0m \033(B\033[38:5:1mx\033[m\n'", "rojo x\n"),
        (r"printf 'uno\ndos\n\033[1Atres\n'", "uno\ntres\n"),
    ],
)
def test_it_shows_what_a_terminal_shows(start: Start, line: str, shown: str) -> None:
    assert do(start("1"), line) == f"$ {line}\n{shown}"


def test_a_progress_bar_is_overwritten_by_the_prompt(start: Start) -> None:
    terminal = start("1")
    assert do(terminal, r"printf 'abc\r'; read _") == "$ printf 'abc\\r'; read _\nabc"
    terminal.type("")
    settle.terminals([terminal], terminal)
    assert terminal.pending() == "\n$ "


def test_what_is_typed_without_echo_is_not_typed_text(start: Start) -> None:
    """The secret is an answer where a program shows it, and nothing where it is typed."""
    assert kinds(start("1"), "read -s clave", "secreto", "echo hola", "echo $clave") == [
        ("typed", "read -s clave\n"),
        ("typed", "echo hola\n"),
        ("output", "hola\n"),
        ("typed", "echo $clave\n"),
        ("output", "secreto\n"),
    ]


def test_an_answer_to_a_secret_is_not_its_echo(start: Start) -> None:
    line = "read -s clave; echo $clave"
    assert kinds(start("1"), line, "secreto") == [("typed", f"{line}\n"), ("output", "secreto\n")]


def test_what_a_program_shows_is_not_the_echo(start: Start) -> None:
    """An answer that has the typed line in it, before the line is typed and after."""
    terminal = start("1")
    assert kinds(terminal, "printf 'hola\\nhola\\n'; read x", "hola", "echo hola") == [
        ("typed", "printf 'hola\\nhola\\n'; read x\n"),
        ("output", "hola\nhola\n"),
        ("typed", "hola\n"),
        ("typed", "echo hola\n"),
        ("output", "hola\n"),
    ]


def test_a_program_that_echoes_by_itself(start: Start) -> None:
    """Readline takes each key as it comes, and shows the line; another program does not."""
    terminal = start("1")
    code = "import readline; input('uno: '); print('dos')"
    assert kinds(terminal, f'python3 -c "{code}"', "dos")[-3:] == [
        ("output", "uno: "),
        ("typed", "dos\n"),
        ("output", "dos\n"),
    ]
    raw = "stty -echo -icanon; echo dos; head -c 4 > nada; stty sane"
    assert kinds(terminal, raw, "dos", "echo dos") == [
        ("typed", f"{raw}\n"),
        ("output", "dos\n"),
        ("typed", "echo dos\n"),
        ("output", "dos\n"),
    ]


def test_keys_are_pieces_of_their_own(start: Start) -> None:
    terminal = start("1")
    assert kinds(terminal, "cat", "a", "^C", "cat", "^D", "cat", "^Z") == [
        ("typed", "cat\na\n"),
        ("output", "a\n"),
        ("key", "^C"),
        ("output", "\n"),
        ("typed", "cat\n"),
        ("key", ""),
        ("typed", "cat\n"),
        ("key", "^Z"),
        ("output", "\n[1]+  Stopped                 cat\n"),
    ]


THREADS = "python3 -c 'import threading, time; threading.Timer(99, print).start()'"


@pytest.mark.parametrize(
    "line", ["(sleep 0.5; echo tarde) &", "{ sleep 0.5; echo tarde; } | cat &"]
)
def test_a_job_in_the_background_is_waited_for(start: Start, line: str) -> None:
    assert do(start("1"), line).endswith("$ tarde\n")


def test_a_job_that_another_line_wakes_is_waited_for(start: Start) -> None:
    terminal = start("1")
    do(terminal, "mkfifo aviso; (cat aviso; sleep 0.5; echo tarde) &")
    assert do(terminal, "echo ya > aviso").endswith("tarde\n")


@pytest.mark.parametrize(
    "line",
    [
        "nc.openbsd -lk 127.0.0.1 9872 &",
        "cat &",
        "sleep 99 & kill -STOP $!",
        f"{THREADS} & sleep 0.5; kill -STOP $!",
    ],
)
def test_a_job_that_waits_for_others_is_at_rest(start: Start, line: str) -> None:
    began = time.monotonic()
    do(start("1"), line)
    assert time.monotonic() - began < 5


def test_a_job_that_was_left_is_not_waited_for(start: Start) -> None:
    terminal = start("1")
    terminal.type("sleep 99 &")
    settle.terminals([terminal])
    settle.until("shown [1]", [], [terminal], terminal)
    began = time.monotonic()
    assert do(terminal, "echo ya").endswith("ya\n")
    assert time.monotonic() - began < 5


def test_a_shell_takes_commands_after_what_comes_from_behind(start: Start) -> None:
    terminal = start("1")
    do(terminal, "(sleep 0.3; echo tarde) &")
    assert terminal.at_prompt
    terminal.type("cat")
    settle.terminals([terminal], terminal)
    assert not terminal.at_prompt


def test_a_mark_may_come_in_two_halves(start: Start) -> None:
    shell = start("1").shell
    shell.write(b"printf '\\033]77'; sleep 0.1; printf '00;B\\a'; cat\n")
    shell.until(lambda: [mark.name for mark in shell.marks] == [*"PBCB"], "lea la marca")
    assert b"77" not in shell.shown[shell.marks[-1].place - 2 :]


def test_control_c_may_throw_our_mark_away(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 200 marks written right after the key, Linux threw away 11, on an idle machine."""
    monkeypatch.setattr(shell_module, "_LIMIT", 1.0)
    monkeypatch.setattr(shell_module, "_LOST", 0.02)
    shell = start("1").shell
    for _ in range(200):
        shell.write(b"\x03")
        shell.barrier()
        shell.until(lambda: shell.prompt_waits, "abra su prompt")


def test_a_mark_that_is_written_again_lets_nobody_pass(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell_module, "_LOST", 1e-6)
    terminal = start("1")
    with terminal_of(terminal).open("wb", buffering=0) as program:
        for number in range(1000):
            program.write(b"<%d>" % number)
            terminal.shell.barrier()
            assert terminal.shell.shown.endswith(b"<%d>" % number)


def terminal_of(terminal: Terminal) -> Path:
    """The device on which the terminal's programs write."""
    return Path(f"/proc/{terminal.shell.pid}/fd/1").readlink()


def test_only_what_the_last_command_showed_counts(start: Start) -> None:
    terminal = start("1")
    do(terminal, "echo uno")
    assert terminal.since_command().startswith("uno\n")
    do(terminal, ")")
    assert terminal.since_command() == ""


def seconds(start: Start, lines: int) -> float:
    terminal = start(str(lines))
    began = time.monotonic()
    shown = do(terminal, f"seq {lines}")
    assert shown.endswith(f"\n{lines}\n")
    return time.monotonic() - began


def test_four_times_as_much_takes_four_times_as_long(start: Start) -> None:
    """The best of several tries: whatever else the machine does only makes one longer."""
    few, many = (min(seconds(start, lines) for _ in range(5)) for lines in (100_000, 400_000))
    assert many < 7 * few


def test_a_process_that_has_ended_waits_for_nothing() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert not procfs.waits_for_time(ended.pid)


LEADER_ENDS = """
import ctypes, sys, threading

threading.Thread(target=lambda: print(sys.stdin.readline(), end="", flush=True)).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_process_whose_first_thread_has_ended_is_not_dead_yet() -> None:
    """So every JVM ends: whoever waits for it is asleep, and has not been told."""
    with subprocess.Popen(
        [sys.executable, "-c", LEADER_ENDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        task = Path(f"/proc/{process.pid}")
        waiting.until(
            lambda: (task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z",
            "acabe su primer hilo",
            10,
        )
        seen = procfs.look(task)
        assert seen
        assert not seen.asleep
        process.stdin.write(b"hola\n")
        process.stdin.close()
        assert process.stdout.read() == b"hola\n"
        waiting.until(lambda: procfs.look(task) is None, "acabe del todo", 10)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is somebody else")
def test_a_terminal_of_nobody_has_the_files_of_root_and_not_its_powers(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    terminal = Terminal("1", tmp_path, env, "nobody")
    try:
        assert do(terminal, "id -un; touch suyo").endswith("\nnobody\n")
        assert (tmp_path / "suyo").owner() == "root"
        assert "not permitted" in do(terminal, "chroot . true")
    finally:
        terminal.close()

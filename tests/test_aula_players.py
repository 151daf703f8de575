"""What the reader's own query did, batch a batch: the player under the cell that started it."""

from __future__ import annotations

import os
import re
import select
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from aulas import PATIENCE, Aula, open_
from conftest import DOCS
from jupyter_server_terminals import terminalmanager
from playwright.sync_api import Browser, Locator, Page, expect
from test_aula_browser import SITE, SPARK, at, cell, fill, run, said, write
from test_browser import assert_accessible

from streamdocs.aula import recordings, server, shells
from streamdocs.aula.handlers import Terminals, listen
from streamdocs.aula.recorded import recorded
from streamdocs.aula.recordings import MOST, PLAYED_MIME
from streamdocs.aula.typed import Typed, Typist
from streamdocs.recording.record import Batch, Record
from streamdocs.recording.sources import Keyboard
from streamdocs.recording.tables import Table
from streamdocs.running import settle
from streamdocs.system import guard, waiting

QUERY = 'recuento.writeStream.format("console")'
SENTENCES = ("la luna y el sol y la luna", "ni sol ni luna")


@pytest.fixture(scope="module")
def aula() -> Iterator[Aula]:
    with open_(SITE) as opened:
        yield opened


@pytest.fixture
def tab(browser: Browser, aula: Aula) -> Iterator[Page]:
    """The exercise of the two sentences, from its beginning."""
    with at(browser, aula, "/curso/modos/ejercicio.html") as page:
        yield page


PLACE = "cell => [...document.querySelectorAll('.bd-article .cell')].indexOf(cell)"


def begin(tab: Page) -> tuple[Locator, Locator]:
    """The cell of the page's first recorded query, which runs, and the terminal that it reads."""
    number = cell(tab, QUERY).evaluate(PLACE)
    query = tab.locator(".bd-article .cell").nth(number)  # whatever is written in it
    run(query, "Hasta aquí")
    assert said(query) == "Hecho"
    return query, tab.locator(".box.terminal:has(.aula-bar)").nth(0)


def played(query: Locator) -> Locator:
    return query.locator(".aula-player stream-player")


def shows(query: Locator, step: int, last: int) -> None:
    """Wait until the cell's player rests at a step."""
    expect(played(query).locator(".stream-position")).to_have_text(
        f"paso {step} de {last}", timeout=SPARK
    )


def rows(player: Locator, title: str) -> list[list[str]]:
    table = player.locator(f'table[aria-label^="{title}"] tbody')
    script = "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    found: list[list[str]] = table.evaluate(script)
    return found


def counted(*sentences: str) -> dict[str, int]:
    return Counter(word for sentence in sentences for word in sentence.split())


def test_the_readers_own_sentences_are_played(tab: Page) -> None:
    """By batches, which the keyboard steps through; then another run takes their place."""
    query, terminal = begin(tab)
    for number, sentence in enumerate(SENTENCES, 2):
        write(terminal, tab, sentence)
        shows(query, number, number)
    player = played(query)
    assert rows(player, "Entrada") == [["1", SENTENCES[0]], ["2", SENTENCES[1]]]
    for title in ("Salida", "Estado"):
        found = {word: int(count) for word, count in rows(player, title)}
        assert found == counted(*SENTENCES), title
    told = query.locator(".aula-player .aula-compared")
    expect(told).to_contain_text("Distinto de lo que grabó la página en Batch 1, 2")

    player.get_by_role("slider").focus()
    tab.keyboard.press("ArrowLeft")
    shows(query, 2, 3)
    assert {word: int(count) for word, count in rows(player, "Salida")} == counted(SENTENCES[0])
    player.get_by_role("button", name="Batch anterior").focus()
    tab.keyboard.press("Enter")
    shows(query, 1, 3)
    # News: who steps through it stays where they are, with the focus.
    write(terminal, tab, "sol")
    shows(query, 1, 4)
    player.get_by_role("button", name="Batch siguiente").focus()
    write_elsewhere = "document.activeElement.getAttribute('aria-label')"
    assert tab.evaluate(write_elsewhere) == "Batch siguiente"
    tab.keyboard.press("End")
    shows(query, 4, 4)
    assert_accessible(tab)
    tab.set_viewport_size({"width": 390, "height": 800})
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(wide) == 0
    assert_accessible(tab)
    tab.set_viewport_size({"width": 1280, "height": 800})

    fill(query, f"consulta.stop()\nconsulta = ({QUERY}.outputMode(MODO).start())")
    run(query)
    expect(player).to_have_count(0)
    # It reads already: before, nc may still send to the query that has been stopped.
    expect(query.locator(".aula-output")).to_contain_text("Batch: 0", timeout=SPARK)
    write(terminal, tab, "otra vez")
    shows(query, 2, 2)
    assert rows(player, "Entrada") == [["1", "otra vez"]]


@pytest.mark.full
def test_the_pages_own_sentences_are_told_to_be_the_same(tab: Page) -> None:
    """With the next cell stopping the query at once: what it did has been recorded before."""
    last = cell(tab, QUERY, 1)
    run(last, "Hasta aquí")
    assert said(last) == "Hecho"
    first = cell(tab, QUERY)
    shows(first, 3, 3)
    same = "Lo que leyó, guardó y escribió, igual que en la página, de Batch 0 a Batch 2."
    expect(first.locator(".aula-player .aula-compared")).to_have_text(same)
    page = tab.locator("stream-player[view]:not(.aula-player *)")
    assert page.count() == 1


DIES = """from pyspark.sql.functions import assert_true, col
buenas = palabras.where(assert_true(col("palabra") != "mal").isNull())
consulta = buenas.groupBy("palabra").count().writeStream.format("console") \\
    .outputMode("update").start()"""


@pytest.mark.full
def test_a_run_that_fails_leaves_no_false_player(tab: Page) -> None:
    query, terminal = begin(tab)
    write(terminal, tab, "uno")
    shows(query, 2, 2)
    fill(query, f'consulta.stop()\nconsulta = {QUERY}.outputMode("append").start()')
    run(query)
    assert said(query) == "Ha fallado: AnalysisException"
    expect(query.locator(".aula-player")).to_have_count(0)
    # One that dies at work: what it did until then.
    fill(query, DIES)
    run(query)
    write(terminal, tab, "bien")
    shows(query, 2, 2)
    write(terminal, tab, "mal")
    fill(cell(tab, "spark.stop()"), "consulta.awaitTermination()")
    active = cell(tab, "consulta.awaitTermination()")
    run(active)
    assert said(active) == "Ha fallado: StreamingQueryException"
    shows(query, 2, 2)
    assert rows(played(query), "Entrada") == [["1", "bien"]]
    # What is no console's, and what nobody has typed, cannot be told: it is said why.
    fill(
        query,
        'consulta = recuento.writeStream.format("memory").queryName("t")'
        '.outputMode("complete").start()',
    )
    run(query)
    why = query.locator(".aula-player .aula-untold")
    expect(why).to_contain_text("no escribe en la consola", timeout=SPARK)
    expect(played(query)).to_have_count(0)


@pytest.mark.full
def test_lines_that_nobody_has_typed_are_not_invented(tab: Page) -> None:
    query = cell(tab, QUERY)
    terminal = tab.locator(".box.terminal:has(.aula-bar)").nth(0)
    terminal.get_by_role("button", name="Abrir el terminal").click()
    expect(terminal.locator(".xterm-rows")).to_contain_text("$", timeout=SPARK)
    write(terminal, tab, "(echo hola; cat) | nc -lk 127.0.0.1 9999")
    for code in ("SparkSession.builder", "palabras.groupBy", 'MODO = "complete"'):
        it = cell(tab, code)
        it.locator(".aula-bar").get_by_role("button", name="Ejecutar").dispatch_event("click")
        expect(it.locator(".aula-bar .aula-status")).to_have_text("Hecho", timeout=SPARK)
    run(query)
    why = query.locator(".aula-player .aula-untold")
    expect(why).to_contain_text("no hay reproductor", timeout=SPARK)
    expect(why).to_contain_text("leyó de Terminal 1 1 filas según Spark, y encuentro 0")
    expect(played(query)).to_have_count(0)


class Recorded:
    """A query of which Spark tells at once; it reads, keeps and writes nothing."""

    def __init__(self, name: str, query: list[int], _keyboard: object) -> None:
        self.name = name
        self.told = query
        self.over = False
        self.known = 0

    def news(self) -> list[dict[str, int]]:
        return [{"batchId": number} for number in self.told[self.known :]]

    def record(self, news: list[dict[str, int]], written: list[Table]) -> Record:
        if any(table.columns != ("n",) for table in written):
            raise KeyError
        self.known += len(news)
        made = [
            Batch(told["batchId"], "2026-01-01T00:00:00.000Z", 1, (), 0, None, None, table, 0)
            for told, table in zip(news, written, strict=True)
        ]
        return Record(self.name, "append", "", "1", tuple(made))


RULE = "-" * 43


def batch(number: int, column: str = "n") -> str:
    return f"{RULE}\nBatch: {number}\n{RULE}\n+-+\n|{column}|\n+-+\n+-+\n\n"


class Shown:
    """What is shown under cells, and the one who records for them."""

    def __init__(self) -> None:
        self.all: list[tuple[str, dict[str, Any]]] = []
        self.recordings = recordings.Recordings(self.show)

    def show(self, data: dict[str, Any], parent: dict[str, Any]) -> None:
        self.all.append((parent["header"]["msg_id"], data[PLAYED_MIME]))

    def start(self, cell: str, told: list[int]) -> dict[str, Any]:
        asked = {"name": "una", "run": f"run-{cell}"}
        parent = {"header": {"msg_id": cell}, "metadata": {"record": asked}}
        self.recordings.started(told, Keyboard(), parent)
        return parent

    def until(self, count: int) -> None:
        what = f"{count} things are shown: {self.all}"
        waiting.until(lambda: len(self.all) >= count, what, PATIENCE)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    monkeypatch.setattr(recordings, "Recording", Recorded)
    monkeypatch.setattr(recordings, "_use_session_of", lambda _query: None)
    return Shown()


def test_a_batch_is_recorded_when_it_is_told_and_printed_whole(shown: Shown) -> None:
    """And a cell that runs next waits for it: it may stop the query."""
    told = [0]
    early = {"header": {"msg_id": "a"}, "metadata": {"record": {}}}
    shown.recordings.printed(batch(0), early)  # faster than who says that it has started
    parent = shown.start("a", told)
    shown.until(1)
    [followed] = shown.recordings._followed.values()
    assert not followed.look()  # at rest: nothing is on its way
    told.append(1)
    begun = threading.Timer(0.5, lambda: shown.recordings.printed(batch(1)[60:], parent))
    shown.recordings.printed(batch(1)[:60], parent)
    begun.start()
    shown.recordings.catch_up()
    assert [[one["id"] for one in known["record"]["batches"]] for _, known in shown.all] == [
        [0],
        [0, 1],
    ]
    assert {known["run"] for _, known in shown.all} == {"run-a"}


def test_the_last_batch_of_a_query_that_has_ended_is_recorded(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine its end is known before all is printed."""
    monkeypatch.setattr(Recorded, "over", True, raising=False)
    parent = shown.start("a", [0, 1])
    [followed] = shown.recordings._followed.values()
    followed.recording.over = True
    shown.recordings.printed(batch(0), parent)
    shown.until(1)
    shown.recordings.printed(batch(1), parent)
    shown.until(2)
    assert [one["id"] for one in shown.all[1][1]["record"]["batches"]] == [0, 1]


def test_only_so_many_are_recorded_and_it_is_told(shown: Shown) -> None:
    parent = shown.start("a", list(range(MOST + 9)))
    shown.recordings.printed("".join(map(batch, range(MOST + 9))), parent)
    shown.until(1)
    shown.recordings.printed(batch(MOST + 9), parent)
    shown.recordings.catch_up()
    [(_, known)] = shown.all
    assert len(known["record"]["batches"]) == MOST
    assert str(MOST) in known["lacks"]


def test_what_cannot_be_told_apart_is_not_shown(shown: Shown) -> None:
    """Two queries of one cell; one that breaks the recorder, which goes on with the others."""
    parent = shown.start("a", [0])
    shown.start("a", [0])
    shown.recordings.printed(batch(0), parent)
    broken = shown.start("b", [0])
    shown.recordings.printed(batch(0, "x"), broken)
    shown.until(2)
    well = shown.start("c", [0])
    shown.recordings.printed(batch(0), well)
    shown.until(3)
    assert [(cell, known["record"] is None) for cell, known in shown.all] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]
    assert "más de una consulta" in shown.all[0][1]["lacks"]
    assert shown.all[1][1]["lacks"] == "No se ha podido grabar: KeyError."


def test_what_is_told_and_never_printed_is_no_record(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what is printed and never told: that query has died at work."""
    monkeypatch.setattr(recordings, "_ALIKE", 0.3)
    parent = shown.start("a", [0, 1])
    shown.recordings.printed(batch(1), parent)
    shown.until(1)
    assert shown.all[0][1]["record"] is None
    dead = shown.start("b", [0])
    shown.recordings.printed(batch(0) + batch(1), dead)
    shown.until(2)
    shown.recordings.catch_up()
    assert [one["id"] for one in shown.all[1][1]["record"]["batches"]] == [0]


def test_a_cell_that_the_page_does_not_record_is_left_alone(shown: Shown) -> None:
    parent: dict[str, Any] = {"header": {"msg_id": "a"}, "metadata": {}}
    assert not recordings.wanted(parent)
    shown.recordings.printed(batch(0), parent)
    shown.recordings.catch_up()
    assert shown.all == []
    assert recordings.wanted(shown.start("b", [0]))


def heard(tmp_path: Path, *what: str) -> Path:
    """What is noted of a terminal: what is pressed and, after «<», what it shows."""
    typist = Typist("1", tmp_path / "typed")
    for one in what:
        if one.startswith("<"):
            typist.on_pty_read(one[1:])
        else:
            typist.pressed(one)
    return tmp_path / "typed"


WAITS = "<\x1b]7700;N\x07$ \x1b]7700;P321\x07"
DRAWN = "<\r$ \x1b]7700;P321\x07"
"""The prompt, drawn again since the terminal has another size."""
LISTENS = "<\x1b]7700;C;   12  nc -lk 127.0.0.1 9999\x07"
OTHER = "<\x1b]7700;C;   13  cat\x07"


def texts(file: Path, unread: int = 0) -> list[str]:
    typed = Typed(file, unread)
    return [line.text for line in typed.lines(9999, typed.count if unread else 0)]


def test_what_is_typed_is_what_the_program_reads(tmp_path: Path) -> None:
    """The line as the terminal gives it, though it was mended; not what another program gets."""
    keys = ("hola\r", "adi\x7f\x7fdios\x7f\x7fós\r", "nada\x15algo\r", "uno dos\x17tres\r", "ñá\r")
    file = heard(tmp_path, WAITS, "\x1b[A\r", LISTENS, *keys, "\x03", "de nadie\r", WAITS)
    assert texts(file) == ["hola", "adiós", "algo", "uno tres", "ñá"]
    assert Typed(file, 0).terminal(9999) == "Terminal 1"
    assert Typed(file, 0).terminal(9998) == "Terminal ?"


def test_what_is_typed_into_other_programs_stays_the_readers(tmp_path: Path) -> None:
    assert not heard(tmp_path, WAITS, "cat\r", OTHER, "secreto\r", "\x04", WAITS).exists()


def test_who_reads_a_line_is_told_by_the_shell(tmp_path: Path) -> None:
    """Also where it was typed before the program had begun, and where a mark comes in pieces."""
    for cut in range(2, len(LISTENS)):
        begins, rest = LISTENS[:cut], f"<{LISTENS[cut:]}"
        folder = tmp_path / str(cut)
        folder.mkdir()
        typed = (WAITS, "nc\rantes\r", begins, rest, "después\r", "\x03nc\r", WAITS)
        assert texts(heard(folder, *typed)) == ["antes", "después"], cut


def test_a_prompt_that_is_drawn_again_says_nothing_of_who_reads(tmp_path: Path) -> None:
    file = heard(tmp_path, WAITS, "nc\rantes\r", DRAWN, LISTENS, "después\r")
    assert texts(file) == ["antes", "después"]


def test_a_query_begins_with_what_nobody_has_read(tmp_path: Path) -> None:
    file = heard(tmp_path, WAITS, "nc\r", LISTENS, "leída\r", "ñu\r", "dos\r")
    assert Typed(file, 0).count == 3
    assert texts(file, len("ñu\ndos\n".encode())) == ["ñu", "dos"]
    assert Typed(file, 2).count == 3  # no whole lines: nobody can tell


class Shell:
    """A terminal as the aula's: bash in a pty of Terminado's, whose typist is heard here."""

    def __init__(self, file: Path) -> None:
        environment = {"PATH": os.environ["PATH"], guard.TAG: str(file)}
        lesson = SimpleNamespace(environment=lambda: environment)
        terminals: Any = SimpleNamespace(_lesson=lambda: lesson)
        env = Terminals.make_term_env(terminals)
        jupyters: Any = terminalmanager
        self.pty = jupyters.PtyWithClients(list(server._SHELL), env)
        self.shown = ""
        self.written = 0
        listen(self.pty, Typist("1", file), self._write)

    def _write(self) -> None:
        self.written += 1

    @property
    def unread(self) -> int:
        return shells.unread(self.pty.ptyproc.pid)

    def until(self, reached: Callable[[], bool], what: str) -> None:
        def look() -> bool:
            while select.select([self.pty.ptyproc.fd], [], [], 0.05)[0]:
                text = self.pty.ptyproc.read(65536)
                self.shown += text
                for client in self.pty.clients:
                    client.on_pty_read(text)
            return reached()

        waiting.until(look, what, PATIENCE)

    def type(self, keys: str) -> None:
        self.shown = ""
        self.pty.ptyproc.write(keys)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    begun = Shell(tmp_path / "typed")
    yield begun
    begun.pty.ptyproc.terminate(force=True)


def test_a_terminal_is_known_that_was_opened_after_a_look(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """psutil's table of terminals is made once, and would not have the second."""
    monkeypatch.setenv(guard.TAG, str(tmp_path / "typed"))
    shell.until(lambda: shells.of_page() == [shell.pty.ptyproc.pid], "the first is seen")
    second = Shell(tmp_path / "second")
    try:
        monkeypatch.setenv(guard.TAG, str(tmp_path / "second"))
        second.until(lambda: shells.of_page() == [second.pty.ptyproc.pid], "the second is seen")
        second.type("sleep 1000\rlate\r")
        second.until(lambda: second.unread == len("late\n"), "a line waits")
    finally:
        second.pty.ptyproc.terminate(force=True)


def test_a_shell_says_what_listens_and_a_terminal_what_is_unread(
    shell: Shell, tmp_path: Path
) -> None:
    """With the real ones: the command comes from the shell's history, a line waits for a reader."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    def waits() -> bool:
        return f"7700;P{shell.pty.ptyproc.pid}\x07" in shell.shown

    def read(client: socket.socket) -> str:
        shell.until(lambda: shell.unread == 0, "nc reads what was typed")
        return client.recv(100).decode()

    shell.until(waits, "the shell waits")
    shell.type(f"nc -lk 127.0.0.1 {port}\r")
    shell.until(lambda: _listens(port), "nc listens")
    shell.type("ñu\r")
    shell.until(lambda: shell.unread > 0, "a line waits")
    calm, pid = settle.Calm(), shell.pty.ptyproc.pid
    shell.until(lambda: calm.reached(shells.look([pid])), "what nobody reads is left where it is")
    before = Typed(tmp_path / "typed", shell.unread)
    assert before.count == 0
    with socket.create_connection(("127.0.0.1", port)) as client:
        assert read(client) == "ñu\n"
        assert Typed(tmp_path / "typed", shell.unread).count == 1
        shell.type("dñs\x7f\x7f\x7ftres\r")  # Backspace erases a letter, and not a byte
        shell.until(lambda: "tres\r\n" in shell.shown, "it is echoed")
        assert read(client) == "tres\n"
    assert [line.text for line in before.lines(port, before.count)] == ["ñu", "tres"]
    shell.type("\x03")
    shell.until(waits, "the shell waits")
    shell.type("\x1b[A\r")  # the same command, from the history
    shell.until(lambda: _listens(port), "nc listens")
    shell.type("otra\r")
    shell.until(lambda: shell.unread > 0, "a line waits")
    assert [line.text for line in before.lines(port, 2)] == ["otra"]


def test_a_shell_marks_each_thing_once(shell: Shell) -> None:
    """A prompt is drawn again with each change of size: only that it waits is said once."""

    def marks(*kinds: str) -> Callable[[], bool]:
        return lambda: tuple(re.findall(r"\x1b\]7700;(\w)", shell.shown)) == kinds

    shell.until(marks("N", "P"), "the shell waits")
    shell.shown = ""
    shell.pty.ptyproc.setwinsize(40, 100)
    shell.until(marks("P"), "the prompt is drawn again")
    for keys, kinds in (
        ("\r", "NP"),
        ("# nada\r", "NP"),
        ("echo uno \\\r", "M"),
        ("dos\r", "CNP"),
        ("cat <<FIN\r", "M"),
        ("FIN\r", "CNP"),
        ("\x03", "NP"),
    ):
        before = shell.written
        shell.type(keys)
        assert shell.written == before + 1
        shell.until(marks(*kinds), f"{keys!r} is marked {kinds}")
    shell.type("false; echo $? $_\r")
    shell.until(lambda: "1 false" in shell.shown, "the marks change no variable")


@pytest.mark.parametrize(
    ("command", "goes_on"),
    [
        ("python3 -c 'import time; print(1); time.sleep(600)'", True),
        ("python3 -c 'import select; print(1); select.select([], [], [], 600)'", True),
        ("python3 -c 'input(1)'", False),
        ("sh -c 'echo 1; cat'", False),
    ],
)
def test_a_program_that_waits_for_a_time_goes_on(
    shell: Shell, command: str, *, goes_on: bool
) -> None:
    pid = shell.pty.ptyproc.pid
    shell.until(lambda: "7700;P" in shell.shown, "the shell waits")
    assert not shells.goes_on(pid)
    shell.type(f"{command}\r")
    shell.until(lambda: re.search(r"\x07[^\x1b]*1", shell.shown) is not None, "it has begun")
    shell.until(lambda: shells.look([pid]) is not None, "it sleeps")
    assert shells.goes_on(pid) is goes_on
    shell.type("\x03")
    shell.until(lambda: "7700;P" in shell.shown, "the shell waits")
    assert not shells.goes_on(pid)


def test_what_works_and_sleeps_by_turns_is_never_calm(shell: Shell, tmp_path: Path) -> None:
    """Asked in its work whether it sleeps for a time, it would say no."""
    work = "import time; print(1)\nfor _ in range(60): time.sleep(.02); sum(range(200000))"
    script = tmp_path / "works.py"
    script.write_text(work)
    pid = shell.pty.ptyproc.pid
    shell.until(lambda: "7700;P" in shell.shown, "the shell waits")
    shell.type(f"python3 {script}; echo ha acabado\r")
    shell.until(lambda: "\n1\r" in shell.shown or "\x071\r" in shell.shown, "it has begun")
    shell.until(lambda: shells.look([pid], [pid]) is not None, "it is calm")
    assert "\nha acabado" in shell.shown


def _listens(port: int) -> bool:
    found: Any = psutil.net_connections("tcp")
    return any(one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in found)


def test_the_texts_of_the_pages_say_what_is_recorded(tmp_path: Path) -> None:
    found = recorded(DOCS / "modos" / "ejercicio.md", DOCS.parent / "examples")
    assert [one.name for one in found] == ["complete", "update", "juntas"]
    assert [one.earlier for one in found] == [0, 1, 0]
    assert "writeStream" in found[0].code
    assert recorded(tmp_path / "no.md", tmp_path) == ()
    assert not [one for one in found if re.search("terminal", one.code)]

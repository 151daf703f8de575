"""Whatever ends an aula, nothing of it is left; and two of them do not disturb one another."""

from __future__ import annotations

import asyncio
import fcntl
import http.client
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import MagicMock

import aulas
import psutil
import pytest
from aulas import PATIENCE, Aula, end, execute, none_left, open_, start, websocket
from conftest import DOCS

from streamdocs.exercises import files
from streamdocs.system import guard, waiting

SITE = DOCS / "_build" / "html"
UNTAGGED = """import subprocess
away = {"env": {}, "cwd": "/", "start_new_session": True}
print(subprocess.Popen(["/usr/bin/sleep", "1004"], **away).pid)"""
DETACHED = ("nohup sleep 1001 &", "setsid sleep 1002 &", "sleep 1003 & disown", "cat")


def folder(aula: Aula) -> Path:
    """Where the aula works: what runs in it has its home there."""
    homes = [Path(home) for home in environment(aula, "HOME") if "/aula-" in home]
    return next(home.parents[1] for home in homes if home.name == "alumno")


def environment(aula: Aula, name: str) -> Iterator[str]:
    """The values that ``name`` has in what the aula has started, and lives."""
    for each in psutil.Process(aula.process.pid).children(recursive=True):
        with suppress(psutil.Error):
            yield each.environ().get(name, "")


def type_(aula: Aula, *lines: str) -> None:
    """Open a terminal in the page, and type ``lines`` into it."""

    async def typing() -> None:
        async with websocket(aula, "/terminals/websocket/1", Cookie=aula.cookie) as line:
            for text in (*lines, "echo lis''to"):
                await line.write_message(json.dumps(["stdin", f"{text}\r"]))
            shown = ""
            while "echo lis''to" not in shown:
                async with asyncio.timeout(PATIENCE):
                    kind, *rest = json.loads(await line.read_message() or "")
                shown += rest[0] if kind == "stdout" else ""

    assert aula.ask("POST", "/api/terminals", {"name": "1"}, **aula.mine).status == 200
    asyncio.run(typing())


@contextmanager
def untagged(aula: Aula, kernel: str) -> Iterator[psutil.Process]:
    """What a cell has started, and what has taken off all by which it could be found."""
    process = psutil.Process(int(execute(aula, kernel, UNTAGGED)))
    try:
        yield process
    finally:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def live(aula: Aula, page: str = "hola/palabras", window: str = "", *, insist: bool = False) -> int:
    asked = {"page": page, "window": window, "insist": insist}
    return aula.ask("POST", "/aula/page", asked, **aula.mine).status


def marked(tag: str) -> list[psutil.Process]:
    return list(guard.tagged(tag))


def tag_of(aula: Aula) -> str:
    """The tag of all that the aula starts, once it has started something."""
    deadline = time.monotonic() + PATIENCE
    while not (tags := [tag for tag in environment(aula, guard.TAG) if tag]):
        assert time.monotonic() < deadline, "the aula has started nothing"
        time.sleep(0.05)
    return tags[0].partition("/")[0]


def names(tag: str) -> Counter[str]:
    """How many programs of each name run with ``tag``."""
    found: Counter[str] = Counter()
    for each in marked(tag):
        with suppress(psutil.Error):
            found[each.name()] += 1
    return found


def wait_for(tag: str, *wanted: str) -> None:
    """Return when programs of these names run."""
    none_left(lambda: Counter(wanted) - names(tag))


def wait_until_gone(tag: str, place: Path) -> None:
    none_left(lambda: [*map(str, marked(tag)), *([place] if place.exists() else [])])


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder for temporary files, whose name leaves room for that of a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def tarpit() -> Iterator[int]:
    """The port of a server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def wait_until_empty(folder: Path) -> None:
    none_left(lambda: [each.name for each in folder.iterdir() if "hsperf" not in each.name])


@pytest.mark.full
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_a_download_ends_with_it(short: Path, tarpit: int, how: str) -> None:
    """That of Kafka, which the server itself starts; it may take minutes, and no page waits."""
    proxy = f"-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={tarpit}"
    env = {"XDG_CACHE_HOME": str(short / "cache"), "JAVA_TOOL_OPTIONS": proxy}
    # What is downloaded half stays in the cache: only the folder of the aula's must go.
    (short / "tmp").mkdir()
    aula = start(SITE, TMPDIR=str(short / "tmp"), wrapper=NO_ARCHIVE, **env)
    try:
        aula.enter()
        assert live(aula) == 200
        asking = threading.Thread(target=suppressed, args=[live, aula, "fuentes/kafka"])
        asking.start()
        tag = tag_of(aula)
        wait_for(f"{tag}/server/", "java")
        assert live(aula) == 200
        assert asking.is_alive()
        assert (folder(aula) / "page-1").exists()
        aula.process.send_signal(signal.Signals[how])
        aula.process.wait(PATIENCE)
        asking.join(PATIENCE)
        wait_until_gone(tag, short / "tmp" / "nada")
        wait_until_empty(short / "tmp")
    finally:
        end(aula)


def suppressed(function: Callable[..., object], *arguments: object, **headers: str) -> None:
    with suppress(OSError, http.client.HTTPException):
        function(*arguments, **headers)


NO_ARCHIVE = ("from streamdocs.running import archive", "archive.options = lambda *_: ()")


@pytest.mark.full
def test_a_check_leaves_no_folder(short: Path) -> None:
    """It builds, and the folder of its build goes with the aula also when that is killed."""
    right = (files.folder() / "soluciones" / "hola.py").read_text("utf-8")
    (short / "tmp").mkdir()
    aula = start(SITE, TMPDIR=str(short / "tmp"), HOME=str(short))
    try:
        aula.enter()
        body = {"text": right}
        ask = (aula.ask, "POST", "/aula/exercises/hola", body)
        asking = threading.Thread(target=suppressed, args=ask, kwargs=aula.mine)
        asking.start()
        folders = (short / "tmp").rglob
        waiting.until(lambda: any(folders("streamdocs-*")), "la comprobación construya", PATIENCE)
        aula.process.kill()
        asking.join(PATIENCE)
        wait_until_empty(short / "tmp")
    finally:
        end(aula)


@pytest.mark.full
def test_who_makes_the_archive_is_not_waited_for(tmp_path: Path) -> None:
    patched = (
        "from pathlib import Path",
        "from streamdocs.running import archive",
        f"archive.HOME = Path({str(tmp_path)!r})",
    )
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        aula = start(SITE, wrapper=patched)
        try:
            aula.process.terminate()
            assert aula.process.wait(PATIENCE) == 0
        finally:
            end(aula)


OTHERS = [pytest.param(name, marks=pytest.mark.full) for name in ("SIGTERM", "SIGHUP")]


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL", *OTHERS])
def test_nothing_outlives_it(how: str) -> None:
    aula = start(SITE)
    try:
        aula.enter()
        kernel = begin(aula)
        type_(aula, *DETACHED)
        tag, place = tag_of(aula), folder(aula)
        wait_for(tag, "sleep", "sleep", "sleep", "cat", "java")
        with untagged(aula, kernel) as other:
            aula.process.send_signal(signal.Signals[how])
            assert aula.process.wait(PATIENCE) == (-9 if how == "SIGKILL" else 0)
            wait_until_gone(tag, place)
            # A kernel ends by itself when its aula is killed: it may be faster than the guard.
            assert how == "SIGKILL" or not lives(other)
    finally:
        end(aula)


@pytest.fixture(scope="module")
def shared() -> Iterator[Aula]:
    """An aula in which one test after another has its pages."""
    with open_(SITE) as opened:
        yield opened


@pytest.fixture
def aula(shared: Aula) -> Aula:
    """That aula, in which no page is live."""
    assert shared.ask("DELETE", "/aula/page", **shared.mine).status == 204
    return shared


def begin(aula: Aula) -> str:
    """Have a page be live; the id of its kernel."""
    answer = aula.ask("POST", "/aula/page", {"page": "hola/palabras"}, **aula.mine)
    return str(answer.json["kernel"])


def test_the_next_page_takes_the_place_of_the_last(aula: Aula) -> None:
    kernel = begin(aula)
    type_(aula, *DETACHED)
    before = {each.pid for each in marked(tag_of(aula))}
    top = folder(aula)
    (home,) = top.glob("page-*")
    with untagged(aula, kernel) as other:
        assert live(aula, "modos/ejercicio") == 200
        assert not lives(other)
    now = {each.pid for each in marked(tag_of(aula))}
    assert now
    assert not before & now
    assert aula.ask("GET", "/api/terminals", **aula.mine).json == []
    (fresh,) = top.glob("page-*")
    assert fresh != home
    assert (fresh / "alumno" / "examples" / "hola" / "palabras.py").exists()


def test_a_page_that_a_window_shows_is_not_ended_unasked(aula: Aula) -> None:
    """And once it is, its window is told."""

    async def watched(kernel: str) -> tuple[int, int]:
        async with websocket(aula, f"/api/kernels/{kernel}/channels", Cookie=aula.cookie) as line:
            refused = await asyncio.to_thread(live, aula, "modos/ejercicio")
            agreed = await asyncio.to_thread(live, aula, "modos/ejercicio", insist=True)
            async with asyncio.timeout(PATIENCE):
                while await line.read_message() is not None:
                    pass
            assert line.close_code == 1001
            return refused, agreed

    assert asyncio.run(watched(begin(aula))) == (409, 200)


def test_a_page_of_which_its_window_has_just_been_told_is_not_ended_unasked(aula: Aula) -> None:
    """Two windows that begin at once: the line of the first is not there yet."""
    assert live(aula, "hola/palabras", "una") == 200
    assert live(aula, "modos/ejercicio", "otra") == 409
    # The same window shows another page: it has left that one.
    assert live(aula, "modos/ejercicio", "una") == 200
    deadline = time.monotonic() + PATIENCE
    while (status := live(aula, "hola/palabras", "otra")) == 409:
        assert time.monotonic() < deadline, "the window has never come, and is still asked for"
        time.sleep(0.05)
    assert status == 200


def test_a_page_whose_kernel_starts_is_not_ended_unasked(aula: Aula) -> None:
    """Its window is there, though Jupyter counts no connection until the kernel has answered."""
    path = f"/api/kernels/{begin(aula)}/channels?session_id=una"
    asked = [
        *(f"GET {path} HTTP/1.1", f"Host: {aula.host}", f"Cookie: {aula.cookie}"),
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        *("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "", ""),
    ]
    with socket.create_connection(("127.0.0.1", aula.port), PATIENCE) as window:
        window.sendall("\r\n".join(asked).encode())
        # Once it has answered to what was asked later, it has read that.
        (kernel,) = aula.ask("GET", "/api/kernels", **aula.mine).json
        assert kernel["connections"] == 0
        assert live(aula, "modos/ejercicio") == 409
        assert window.recv(12) == b"HTTP/1.1 101"
    # Its window is closed: nobody is asked.
    deadline = time.monotonic() + PATIENCE
    while (status := live(aula, "modos/ejercicio")) == 409:
        assert time.monotonic() < deadline, "the window is closed, and is still asked for"
        time.sleep(0.05)
    assert status == 200


def test_a_shell_that_closes_its_terminal_and_lives_stops_nobody(aula: Aula) -> None:
    begin(aula)
    assert aula.ask("POST", "/api/terminals", {"name": "1"}, **aula.mine).status == 200

    async def closing() -> None:
        path = "/terminals/websocket/1"
        async with websocket(aula, path, Cookie=aula.cookie) as line:
            await line.write_message(json.dumps(["stdin", "exec sleep 600 <&- >&- 2>&-\r"]))
            async with asyncio.timeout(PATIENCE):
                while json.loads(await line.read_message() or "")[0] != "disconnect":
                    pass

    asyncio.run(closing())
    assert aula.ask("GET", "/api/terminals", **aula.mine).json == []


def test_one_terminal_that_nobody_reads_does_not_stop_the_others(aula: Aula) -> None:
    begin(aula)
    for name in ("1", "2"):
        assert aula.ask("POST", "/api/terminals", {"name": name}, **aula.mine).status == 200

    async def typing() -> None:
        async with websocket(aula, "/terminals/websocket/1", Cookie=aula.cookie) as line:
            for keys in ("sleep 600\r", "x" * 1000 + "\r", *(["y\r" * 50_000] * 2)):
                await line.write_message(json.dumps(["stdin", keys]))
            async with websocket(aula, "/terminals/websocket/2", Cookie=aula.cookie) as other:
                await other.write_message(json.dumps(["stdin", "echo si''gue\r"]))
                shown = ""
                async with asyncio.timeout(PATIENCE):
                    while "sigue" not in shown:
                        kind, *rest = json.loads(await other.read_message() or "")
                        shown += rest[0] if kind == "stdout" else ""

    asyncio.run(typing())


def test_all_that_a_cell_prints_arrives(aula: Aula) -> None:
    """Jupyter would leave out what comes faster than a megabyte a second."""
    shown = execute(aula, begin(aula), PRINTS)
    assert len(shown) == 8_000_000
    assert set(shown) == {"x"}


PRINTS = """for _ in range(80):
    print("x" * 100_000, end="", flush=True)"""


@pytest.fixture
def two() -> Iterator[tuple[Aula, Aula]]:
    with open_(SITE) as one, open_(SITE) as other:
        yield one, other


@pytest.mark.full
def test_two_do_not_disturb_one_another(two: tuple[Aula, Aula]) -> None:
    one, other = two
    assert one.host != other.host
    assert live(one) == live(other) == 200
    assert folder(one) != folder(other)
    assert other.ask("GET", "/api/kernels", Cookie=one.cookie).status == 403
    one.process.terminate()
    assert one.process.wait(PATIENCE) == 0
    assert other.ask("GET", "/api/kernels", **other.mine).json[0]["name"] == "aula"
    wait_for(tag_of(other), "java")


@pytest.mark.full
def test_another_has_the_port_of_kafka() -> None:
    """Another aula, for one: what is run would go to its broker; closed, the page has its own."""

    def lacks(aula: Aula) -> str:
        asked = aula.ask("POST", "/aula/page", {"page": "fuentes/kafka"}, **aula.mine)
        return str(asked.json["lacks"])

    with open_(SITE) as aula:
        with socket.create_server(("127.0.0.1", 9092)):
            assert lacks(aula).startswith("Otro programa tiene el puerto 9092")
        assert lacks(aula) == ""
        with socket.create_connection(("127.0.0.1", 9092), PATIENCE):
            pass


@pytest.mark.full
@pytest.mark.parametrize("number", range(20))
def test_twenty_kills(short: Path, number: int) -> None:
    """At twenty moments: from its first one to that in which a query could run."""
    tag = uuid.uuid4().hex
    (short / "tmp").mkdir()
    named = "; ".join(
        [
            "import types, uuid",
            "from streamdocs.aula import place",
            f"place.uuid = types.SimpleNamespace(uuid4=lambda: uuid.UUID('{tag}'))",
            "from streamdocs.cli import main; main()",
        ]
    )
    env = dict(os.environ) | {"TMPDIR": str(short / "tmp")}
    command = [sys.executable, "-c", named, "aula", str(SITE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout
        timer = threading.Timer(0.2 + number * 0.4, process.kill)
        timer.start()
        said = process.stdout.readline().decode()
        if found := aulas.ADDRESS.search(said):
            aula = Aula(process, found[1])
            with suppress(OSError, KeyError, http.client.HTTPException):
                aula.enter()
                live(aula)
        timer.join()
    wait_until_gone(tag, short / "tmp" / "nada")
    wait_until_empty(short / "tmp")


def test_nox_gives_it_time_after_control_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of its own it kills after half a second, in the middle of what the aula ends."""
    nox = MagicMock(session=lambda function=None, **_: function or (lambda other: other))
    monkeypatch.setitem(sys.modules, "nox", nox)
    monkeypatch.setitem(sys.modules, "nox.command", nox)
    monkeypatch.syspath_prepend(str(DOCS.parent))
    noxfile = importlib.import_module("noxfile")
    monkeypatch.delitem(sys.modules, "noxfile")
    monkeypatch.setattr(noxfile, "prepare", lambda *_: None)
    session = MagicMock(posargs=[])
    noxfile.aula(session)
    last = session.run.call_args
    assert last.args[1] == "aula"
    assert last.kwargs["interrupt_timeout"] >= PATIENCE
    assert last.kwargs["terminate_timeout"] >= 10


def said(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    code = "from streamdocs.cli import main; main()"
    command = [sys.executable, "-c", code, "aula", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=env)


def test_a_folder_without_a_site_is_told(tmp_path: Path) -> None:
    ran = said(str(tmp_path))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"En {tmp_path} no hay un sitio del curso")


def test_without_its_packages_it_says_how_to_have_them(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['jupyter_server'] = None; from streamdocs.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "aula", str(SITE)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "streamdocs[aula]" in ran.stderr

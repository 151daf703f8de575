"""Whatever ends an aula, nothing of it is left; and two of them do not disturb one another."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from aulas import PATIENCE, Aula, end, open_, start, websocket
from conftest import DOCS

from streamdocs.system import guard

SITE = DOCS / "_build" / "html"
DETACHED = ("nohup sleep 1001 &", "setsid sleep 1002 &", "sleep 1003 & disown", "cat")


def folder(aula: Aula) -> Path:
    """Where the aula works: what runs in it has its home there."""
    top = psutil.Process(aula.process.pid)
    homes = (each.environ().get("HOME", "") for each in top.children(recursive=True))
    return next(Path(home).parents[1] for home in homes if "/aula-" in home)


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


def live(aula: Aula, page: str = "hola/palabras", *, insist: bool = False) -> int:
    asked = {"page": page, "insist": insist}
    return aula.ask("POST", "/aula/page", asked, **aula.mine).status


def marked(tag: str) -> list[psutil.Process]:
    return list(guard.tagged(tag))


def tag_of(aula: Aula) -> str:
    top = psutil.Process(aula.process.pid)
    found = (each.environ().get(guard.TAG, "") for each in top.children(recursive=True))
    return next(tag for tag in found if tag).partition("/")[0]


def wait_for(tag: str, *names: str) -> None:
    """Return when programs of these names run."""
    deadline = time.monotonic() + PATIENCE
    while missing := Counter(names) - Counter(each.name() for each in marked(tag)):
        assert time.monotonic() < deadline, missing
        time.sleep(0.05)


def wait_until_gone(tag: str, place: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while marked(tag) or place.exists():
        assert time.monotonic() < deadline, [*map(str, marked(tag)), place, place.exists()]
        time.sleep(0.05)


OTHERS = [pytest.param(name, marks=pytest.mark.full) for name in ("SIGTERM", "SIGHUP")]


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL", *OTHERS])
def test_nothing_outlives_it(how: str) -> None:
    aula = start(SITE)
    try:
        aula.enter()
        assert live(aula) == 200
        type_(aula, *DETACHED)
        tag, place = tag_of(aula), folder(aula)
        wait_for(tag, "sleep", "sleep", "sleep", "cat", "java")
        aula.process.send_signal(signal.Signals[how])
        assert aula.process.wait(PATIENCE) == (-9 if how == "SIGKILL" else 0)
        wait_until_gone(tag, place)
    finally:
        end(aula)


def test_the_next_page_takes_the_place_of_the_last() -> None:
    with open_(SITE) as aula:
        assert live(aula) == 200
        type_(aula, *DETACHED)
        before = {each.pid for each in marked(tag_of(aula))}
        home = folder(aula)
        assert live(aula, "modos/ejercicio") == 200
        now = {each.pid for each in marked(tag_of(aula))}
        assert now
        assert not before & now
        assert aula.ask("GET", "/api/terminals", **aula.mine).json == []
        assert [each.name for each in home.glob("page-*")] == ["page-2"]
        assert (home / "page-2" / "alumno" / "examples" / "hola" / "palabras.py").exists()


def test_a_page_that_a_window_shows_is_not_ended_unasked() -> None:
    async def watched(aula: Aula, kernel: str) -> tuple[int, int]:
        async with websocket(aula, f"/api/kernels/{kernel}/channels", Cookie=aula.cookie):
            refused = await asyncio.to_thread(live, aula, "modos/ejercicio")
            agreed = await asyncio.to_thread(live, aula, "modos/ejercicio", insist=True)
            return refused, agreed

    with open_(SITE) as aula:
        first = aula.ask("POST", "/aula/page", {"page": "hola/palabras"}, **aula.mine)
        assert asyncio.run(watched(aula, first.json["kernel"])) == (409, 200)


@pytest.fixture
def two() -> Iterator[tuple[Aula, Aula]]:
    with open_(SITE) as one, open_(SITE) as other:
        yield one, other


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
def test_twenty_kills() -> None:
    for _ in range(20):
        aula = start(SITE)
        with suppress(OSError):
            aula.enter()
            live(aula)
        tag, place = tag_of(aula), folder(aula)
        aula.process.kill()
        end(aula)
        wait_until_gone(tag, place)


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

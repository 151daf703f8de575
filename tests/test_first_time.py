"""What the first build of all must bring comes at the same time, and is there before the pages."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError
from streamdocs.publishing import offline
from streamdocs.running import archive, workspace
from streamdocs.system import child, programs, waiting

PACKAGE = "org.example:uno:1"


def test_kafka_and_packages_come_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=10)
    monkeypatch.setattr(jars, "jars", both.wait)
    monkeypatch.setattr(jars, "connector", lambda: None)
    monkeypatch.setattr(jars, "package", lambda _what: both.wait())
    assert offline._lacking(["kafka", PACKAGE], strict=True) == {}


@pytest.mark.parametrize("fails", ["jars", "connector", "package"])
def test_what_cannot_be_had_is_told(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = KafkaError("No puedo.")

    def fail(*_what: str) -> None:
        raise error

    for name in ("jars", "connector", "package"):
        monkeypatch.setattr(jars, name, fail if name == fails else lambda *_what: None)
    what = PACKAGE if fails == "package" else "kafka"
    assert offline._lacking(["kafka", PACKAGE], strict=False) == {what: error}
    with pytest.raises(KafkaError):
        offline._lacking(["kafka", PACKAGE], strict=True)


SLEEPS = "import time; time.sleep(600)"


@pytest.mark.parametrize("ends", [KafkaError("No puedo."), KeyboardInterrupt()])
def test_who_fails_or_is_interrupted_does_not_wait_for_the_rest(
    ends: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes beside is killed, whichever thread waits for it."""
    begun = threading.Event()

    def sleep() -> None:
        begun.set()
        child.run([sys.executable, "-c", SLEEPS], "duerma", 600)

    def fail(*_what: str) -> None:
        assert begun.wait(10)
        waiting.until(lambda: bool(child._running), "duerma", 10)
        raise ends

    monkeypatch.setattr(jars, "jars", sleep)
    monkeypatch.setattr(jars, "connector", fail)
    began = time.monotonic()
    with pytest.raises(type(ends)):
        offline._lacking(["kafka"], strict=True)
    assert time.monotonic() - began < 30
    assert not child._running


def test_what_a_thread_begins_too_late_is_killed_too() -> None:
    """It was between two programs when the other failed."""
    failed = threading.Event()

    def late() -> None:
        assert failed.wait(10)
        waiting.until(child._leaving.is_set, "nobody goes on", 10)
        child.run([sys.executable, "-c", SLEEPS], "duerma", 600)

    began = time.monotonic()
    with suppress(KafkaError), child.beside() as threads:
        threads.submit(late)
        failed.set()
        raise KafkaError("No puedo.")
    assert time.monotonic() - began < 30
    assert child.run(["echo", "sigue"], "responda", 10).stdout == "sigue\n"


def test_what_runs_ends_with_who_started_it_however_it_ends() -> None:
    code = f"""import sys
from streamdocs.system import child
child.run([sys.executable, "-c", {SLEEPS!r}], "duerma", 600)"""
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        its = psutil.Process(parent.pid)
        waiting.until(lambda: bool(its.children()), "it runs", 30)
        [running] = its.children()
        parent.kill()
    waiting.until(lambda: not running.is_running(), "it has ended", 10)


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The archives that were made, in an environment that has none."""
    made: list[Path] = []

    def make(file: Path, env: Mapping[str, str]) -> None:
        assert "-XX:+UseSerialGC" in env["SPARK_SUBMIT_OPTS"]
        assert Path(env["TMPDIR"]).is_dir()
        file.write_text("")
        made.append(file)

    monkeypatch.setattr(archive, "HOME", tmp_path / "share")
    monkeypatch.setattr(archive, "CONF", tmp_path / "share" / "conf")
    monkeypatch.setattr(archive, "_make", make)
    monkeypatch.setattr(archive, "_tried", set())
    with tempfile.TemporaryDirectory() as folder:  # a socket's name is short, and a test's is not
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield made
        assert list(Path(folder).iterdir()) == [], "something is left of its workspace"


QUICK: Sequence[str] = ("-XX:+UseSerialGC",)


def test_the_archive_is_there_when_the_downloads_are(trained: list[Path]) -> None:
    with workspace.training(QUICK):
        pass
    assert len(trained) == 1
    assert not archive.lacks(programs.java_home())
    with workspace.training(QUICK):
        pass
    assert len(trained) == 1, "it was made again"


HOLDS = """import sys
from streamdocs.system import turn
mine = turn.take(print)
print("mine", flush=True)
sys.stdin.read()"""


def test_it_waits_for_no_other_build(trained: list[Path]) -> None:
    command = [sys.executable, "-m", "streamdocs.system.netns", sys.executable, "-c", TWO]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.stdout == "mine\nespero a que acabe la construcción del proceso\n", ran.stderr
    assert trained == []


TWO = f"""import subprocess, sys
from pathlib import Path
from streamdocs.errors import BuildError
from streamdocs.running import archive, workspace
with subprocess.Popen(
    [sys.executable, "-c", {HOLDS!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
) as other:
    print(other.stdout.readline(), end="")
    archive.lacks = lambda _java: True
    archive._make = lambda *_: print("made")
    open_ = workspace.Workspace.open

    def opened(self):
        try:
            open_(self)
        except BuildError as error:
            print(str(error).partition(" PID")[0])
            raise

    workspace.Workspace.open = opened
    with workspace.training(()):
        pass
    other.stdin.close()
"""


def test_what_goes_wrong_with_it_stops_nothing(
    trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as nowhere:
        nowhere.setattr(tempfile, "tempdir", "/proc")  # where no folder can be made
        with workspace.training(QUICK):
            pass
    assert trained == []
    with workspace.training(QUICK):
        pass
    assert len(trained) == 1, "the next one did not make it"


def test_what_has_failed_once_is_not_tried_again(
    trained: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by the lanes that are forked later: it takes half a minute, or five."""

    def fail(*_what: object) -> None:
        raise OSError("no cabe")

    monkeypatch.setattr(archive, "_make", fail)
    for _ in range(2):
        with workspace.training(QUICK):
            pass
    assert capsys.readouterr().out.count("Sigo sin el archivo de clases: no cabe") == 1


def test_what_nobody_expects_is_not_lost(
    trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_java: Path) -> bool:
        raise TypeError

    monkeypatch.setattr(archive, "lacks", fail)
    with pytest.raises(TypeError), workspace.training(QUICK):
        pass

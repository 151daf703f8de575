"""Whatever does not answer is named after a while, and ended; the others go on."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psutil
import pytest
from conftest import ROOT, SESSION, Site, fake_java

from streamdocs.errors import BuildError, StreamdocsError, WaitTimeoutError
from streamdocs.kafka import broker
from streamdocs.running import archive, channel, workspace
from streamdocs.running.build import Build
from streamdocs.running.channel import Line, Office
from streamdocs.system import guard, java, programs

STOP_JVM = """import os, signal
os.kill(spark._jvm.java.lang.ProcessHandle.current().pid(), signal.SIGSTOP)
spark.range(3).count()"""
JVMS = """import os, psutil
build = os.environ["STREAMDOCS_TAG"].partition("/")[0]
def ours(process):
    try:
        tag = process.environ().get("STREAMDOCS_TAG", "")
        return process.name() == "java" and tag.startswith(build)
    except psutil.Error:
        return False
print(sum(map(ours, psutil.process_iter())))"""
SHORT = """
from streamdocs.running import jvm
jvm.TURNED = 3
"""


def left_in(tmp: Path) -> list[psutil.Process]:
    """What lives on with its temporary folder below ``tmp``; what is ending gets 5 seconds."""
    deadline = time.monotonic() + 5
    while (found := [p for p in psutil.process_iter() if _lives_in(tmp, p)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    return found


def _lives_in(tmp: Path, process: psutil.Process) -> bool:
    try:
        inside = process.environ().get("TMPDIR", "").startswith(str(tmp))
        return inside and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.mark.parametrize("last", ["c", pytest.param("a", marks=pytest.mark.full)])
def test_a_stopped_jvm_is_named_ended_and_replaced(site: Site, last: str) -> None:
    """In the middle of a build, and at its end."""
    (site.root / "conf.py").write_text((site.root / "conf.py").read_text() + SHORT)
    site.page("a", SESSION, STOP_JVM)
    if last == "c":
        site.page("b", SESSION, f"print(spark.range(3).count())\n{JVMS}")
        site.page("c", SESSION, "print(spark.range(4).count())")
    # Of a short name: sockets lie in it.
    tmp = Path(tempfile.mkdtemp())
    started = time.monotonic()
    options = ("-D", "streamdocs_regen=1", "-D", "nb_execution_timeout=40")
    built = site.build(*options, TMPDIR=str(tmp))
    assert time.monotonic() - started < 200
    assert built.code == 1
    assert "a.md:10: WARNING: la celda «import os, signal» ha fallado" in built.err
    assert "He esperado 40 s a que la celda termine, y no ha ocurrido." in built.err
    assert "b.md" not in built.err
    assert "c.md" not in built.err
    if last == "c":
        # The stopped JVM is gone, with its owner, before another one starts.
        assert "    3\n    1" in (site.root / "expected/b.txt").read_text()
        assert "    4" in (site.root / "expected/c.txt").read_text()
    assert left_in(tmp) == []
    tmp.rmdir()


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Java that says its version, and no more; nothing of it may be left at the end."""
    home = tmp_path / "java"
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text("")
    fake_java(home / "bin", 'openjdk version "21"')
    script = home / "bin" / "java"
    script.write_text(f'{script.read_text()}[ "$1" = -version ] || kill -STOP $$\n')
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield home
    assert left_in(tmp_path) == []


def test_a_training_that_hangs_is_ended_and_the_build_goes_on_without(
    hanging: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(archive, "HOME", tmp_path / "share")
    monkeypatch.setattr(archive, "CONF", tmp_path / "share" / "conf")
    monkeypatch.setattr(archive, "TRAINED", 8.0)
    assert archive.options(hanging, {**os.environ, "SPARK_SUBMIT_OPTS": ""}) == ()
    said = capsys.readouterr().out
    assert "He esperado 8 s a que Spark prepare el archivo de clases, y no ha ocurrido." in said


def test_half_an_archive_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The JVM that writes it is killed in the middle."""
    home, share = tmp_path / "java", tmp_path / "share"
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text("")
    script = home / "bin" / "java"
    script.write_text(f"""#!/bin/sh
for option; do
  case "$option" in -XX:ArchiveClassesAtExit=*) echo half > "${{option#*=}}"; kill -9 $$;; esac
done
exec {programs.java()} "$@"
""")
    script.chmod(0o755)
    monkeypatch.setattr(archive, "HOME", share)
    monkeypatch.setattr(archive, "CONF", share / "conf")
    env = {**os.environ, "JAVA_HOME": str(home), "SPARK_SUBMIT_OPTS": ""}
    assert archive.options(home, env) == ()
    assert list(share.glob("*.jsa")) == []


def test_two_trainings_wait_for_each_other_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(archive, "HOME", tmp_path)
    monkeypatch.setattr(archive, "CONF", tmp_path / "conf")
    monkeypatch.setattr(archive, "TRAINED", 0.5)
    with subprocess.Popen(["flock", str(tmp_path / "lock"), "sleep", "60"]) as other:
        while subprocess.run(["flock", "-n", str(tmp_path / "lock"), "true"]).returncode == 0:
            time.sleep(0.01)
        assert archive.options(programs.java_home(), os.environ) == ()
        for process in psutil.Process(other.pid).children():
            process.kill()
        other.kill()
    assert "a que otra construcción prepare el archivo de clases" in capsys.readouterr().out


def test_where_nothing_can_be_written_there_is_no_archive(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(archive, "HOME", Path("/proc/streamdocs"))
    monkeypatch.setattr(archive, "CONF", Path("/proc/streamdocs/conf"))
    assert archive.options(programs.java_home(), os.environ) == ()
    assert "Sigo sin el archivo de clases: " in capsys.readouterr().out


def test_a_java_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "java"
    script.write_text("#!/bin/sh\nsleep 600\n")
    script.chmod(0o755)
    monkeypatch.setattr(java, "ANSWERED", 0.5)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(WaitTimeoutError, match=f"a que {script} diga su versión"):
        java.java_major(str(script))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("formatted", [False, True])
def test_a_broker_that_does_not_come_up_is_ended(
    hanging: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formatted: bool
) -> None:
    monkeypatch.setattr(broker, "STARTED", 1.0)
    folder = tmp_path / "kafka"
    if formatted:
        (folder / "empty").mkdir(parents=True)
    what = "escuche" if formatted else "prepare la carpeta"
    with pytest.raises(WaitTimeoutError, match=f"He esperado 1 s a que .*Kafka {what}"):
        broker.Broker(folder, os.environ).ensure()


def test_a_guard_that_does_not_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "ENDED", 0.5)
    build = Build(ROOT / "examples", lambda event: None, warm=False)
    build.open()
    try:
        its = next(p for p in psutil.Process().children() if _guards(p, build.workspace.folder))
        its.suspend()
    finally:
        # Whatever happens, no build stays open: the next test's would wait for its turn.
        with pytest.raises(WaitTimeoutError, match="el guardián acabe"):
            build.__exit__()
    assert not its.is_running()
    guard.clean(build.workspace.folder, "/")


def _guards(process: psutil.Process, folder: Path) -> bool:
    try:
        return str(folder) in process.cmdline()
    except psutil.ZombieProcess:
        return False


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a build and its kernels meet."""
    monkeypatch.setenv(channel.SOCKET, str(tmp_path / "socket"))
    return tmp_path / "socket"


def test_a_build_that_does_not_answer_is_named(
    address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "ANSWERED", 0.3)

    def sleep(about: str, value: object) -> None:
        time.sleep(1)

    office = Office(address, sleep)
    with pytest.raises(WaitTimeoutError, match="la construcción responda"):
        Line().ask("page")
    office.close()


def test_each_question_gets_its_own_answer(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from several threads, as a page that waits long asks."""
    monkeypatch.setattr(channel, "ANSWERED", 5.0)

    def answer(about: str, value: int) -> int:
        time.sleep(value % 3 / 1000)
        return value

    office = Office(address, answer)
    line, wrong = Line(), []

    def ask(first: int) -> None:
        for number in range(first, 3000, 10):
            answer = line.ask("", number)
            if answer != number:
                wrong.append((number, answer))

    threads = [Thread(target=ask, args=(first,), daemon=True) for first in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    office.close()
    assert wrong == []


def test_what_a_build_cannot_do_is_said_to_the_kernel(address: Path) -> None:
    def refuse(about: str, value: object) -> None:
        raise StreamdocsError(f"No puedo con {about}.")

    office = Office(address, refuse)
    with pytest.raises(BuildError, match=r"^No puedo con gateway\.$"):
        Line().ask("gateway", "")
    office.close()

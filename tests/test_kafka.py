"""Kafka's jars and its broker: the right ones, of the right owner, from the right place."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import platformdirs
import psutil
import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from conftest import ROOT

from streamdocs.kafka import __main__ as command
from streamdocs.kafka import broker, jars, messages
from streamdocs.kafka.broker import Broker
from streamdocs.kafka.jars import KafkaError
from streamdocs.running.build import Build
from streamdocs.system import waiting
from streamdocs.system.ports import PortInUseError


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Maven Central stands still: what is resolved is a copy of the jars in the cache."""
    cached = jars.jars()

    @contextmanager
    def copied(parent: Path) -> Iterator[Path]:
        fresh = parent / f"fresh-{threading.get_ident()}"
        shutil.copytree(cached, fresh, copy_function=os.link)
        yield fresh

    monkeypatch.setattr(jars, "_resolved", copied)
    return cached


def test_the_lock_of_a_new_version_is_printed_though_the_old_one_does_not_match(
    resolved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = jars.LOCK.read_text()
    (tmp_path / "kafka.sha256").write_text(right.replace("a", "b"))
    monkeypatch.setattr(jars, "LOCK", tmp_path / "kafka.sha256")
    monkeypatch.setattr(jars, "VERSION", "99.9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["kafka", "lock"])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    command.main()
    assert capsys.readouterr().out == right


def test_a_folder_of_the_right_name_with_other_jars_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "streamdocs" / f"kafka-{jars.VERSION}"
    folder.mkdir(parents=True)
    (folder / "otro-1.0.jar").touch()
    for _ in range(2):
        with pytest.raises(KafkaError, match=rf"otro-1\.0\.jar.* Borra {folder} y repite la orden"):
            jars.jars()


def test_two_first_runs_at_once_both_have_the_jars(
    resolved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    parent = tmp_path / "streamdocs"
    parent.mkdir()
    both = threading.Barrier(2)
    copied = jars._resolved

    @contextmanager
    def together(parent: Path) -> Iterator[Path]:
        with copied(parent) as fresh:
            both.wait(60)
            yield fresh

    monkeypatch.setattr(jars, "_resolved", together)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(jars.jars())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [parent / f"kafka-{jars.VERSION}"] * 2
    jars.check(found[0])


def test_a_download_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that takes the connection and says nothing."""
    monkeypatch.setattr(jars, "DOWNLOADED", 2.0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        where = f"-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={mute.getsockname()[1]}"
        monkeypatch.setenv("JAVA_TOOL_OPTIONS", where)
        with pytest.raises(KafkaError, match=r"He esperado 2 s a que se descargue Kafka .*revisa"):
            jars.jars()
    assert not any((tmp_path / "streamdocs").iterdir())


def test_a_jar_of_the_connector_that_was_cut_is_had_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars.connector()
    cache = Path(platformdirs.user_cache_dir("streamdocs"))
    # The connectors of other Sparks may be there too, with jars that this one does not ask for.
    (whole,) = cache.glob(f".ivy*/jars/*spark-sql-kafka-0-10*-{version('pyspark')}.jar")
    shutil.copytree(cache, tmp_path / "streamdocs")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cut = tmp_path / "streamdocs" / whole.relative_to(cache)
    os.truncate(cut, 1000)
    jars.connector()
    assert cut.read_bytes() == whole.read_bytes()


def test_a_download_that_fills_the_disk_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    full = subprocess.CompletedProcess([], 1, "", "java.io.IOException: No space left on device")
    monkeypatch.setattr("streamdocs.system.child.run", lambda *_, **__: full)
    with pytest.raises(KafkaError, match=r"No queda sitio en el disco, en .*: libera espacio"):
        jars._download("Kafka", [], {})


LISTEN = "import socket, sys, time\ns = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"


@contextmanager
def listening(port: int) -> Iterator[subprocess.Popen[str]]:
    """Another program of ours that listens on ``port``."""
    code = f"{LISTEN}print(flush=True)\ntime.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(port)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "\n"
        yield holder
        holder.kill()


@pytest.mark.parametrize("port", [broker.PORT, broker.CONTROLLER_PORT])
def test_who_holds_the_ports_is_named(tmp_path: Path, port: int) -> None:
    with listening(port) as holder:
        who = rf"{psutil.Process(holder.pid).name()} \(PID {holder.pid}\)"
        with pytest.raises(PortInUseError, match=f"El puerto {port} ya está en uso por {who}:"):
            Broker(tmp_path, os.environ).ensure()


def test_a_process_that_has_got_the_brokers_number_is_not_touched(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        (tmp_path / "pid").write_text(str(other.pid))
        assert broker.pid_of(tmp_path) is None
        Broker(tmp_path, os.environ).stop("KILL")
        assert other.poll() is None
        other.kill()


def test_a_broker_runs_where_java_is_only_in_java_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so do its tools, and the scripts that stop and start it."""
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        home = build.workspace.environment(build.workspace.new_home())["JAVA_HOME"]
        monkeypatch.setenv("JAVA_HOME", home)
        monkeypatch.setenv("PATH", str(tmp_path))
        build.start_kafka()
        scripts = build.workspace.folder / "bin"
        # What the scripts themselves need, and no Java.
        for name in ("env", "sh"):
            (tmp_path / name).symlink_to(f"/usr/bin/{name}")

        def tool(name: str, *options: str) -> str:
            env = {**build.workspace.environment(build.workspace.new_home()), "PATH": str(tmp_path)}
            ran = subprocess.run(
                [scripts / f"kafka-{name}.sh", *options],
                env=env,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert ran.returncode == 0, ran.stderr
            return ran.stdout

        where = ("--bootstrap-server", f"{broker.HOST}:{broker.PORT}")
        assert "Created topic temas." in tool("topics", *where, "--create", "--topic", "temas")
        tool("server-stop")
        assert not broker.listens(broker.PORT)
        tool("server-start")
        assert tool("topics", *where, "--list").split() == ["temas"]


def test_a_page_finds_nothing_that_another_has_left_in_the_broker() -> None:
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        build.start_kafka(empty=True)
        admin = AdminClient(messages.CLIENT)
        admin.create_topics([NewTopic("avisos", 1)])["avisos"].result(30)
        assert "avisos" in admin.list_topics(timeout=30).topics
        build.start_kafka()
        assert "avisos" in admin.list_topics(timeout=30).topics
        build.start_kafka(empty=True)
        assert "avisos" not in AdminClient(messages.CLIENT).list_topics(timeout=30).topics


def test_a_folder_that_was_not_made_ready_to_its_end_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Control+C leaves it, or the lack of a network."""
    its = Broker(tmp_path / "kafka", os.environ, tied=True)

    def interrupted(*_: object, **__: object) -> None:
        (tmp_path / "kafka" / "data").mkdir()
        (tmp_path / "kafka" / "data" / "meta.properties").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(broker.child, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            its.ensure()
    its.ensure()
    assert broker.listens(broker.PORT)
    its.stop("KILL")


def test_who_serves_a_persons_broker_says_that_it_is_gone(tmp_path: Path) -> None:
    """And a second one does not take it for its own."""
    folder = tmp_path / "kafka"
    command = [sys.executable, "-m", "streamdocs.kafka", "serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as served:
        assert served.stdout
        assert served.stdout.readline().startswith(b"Kafka ")
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
        pid = broker.pid_of(folder)
        assert (second.returncode, second.stdout) == (1, "")
        assert f"ya está en marcha (PID {pid})" in second.stderr
        assert pid
        os.kill(pid, signal.SIGKILL)
        _, said = served.communicate(timeout=60)
    assert served.returncode == 1
    assert said.decode().startswith("El broker de Kafka ha terminado: ")


@pytest.mark.parametrize("kind", ["INT", "TERM", "HUP", "KILL"])
def test_a_persons_broker_ends_with_what_started_it(tmp_path: Path, kind: str) -> None:
    """Also where a shell started it behind its back, so that it ignores SIGINT."""
    command = [sys.executable, "-m", "streamdocs.kafka", "serve", str(tmp_path / "kafka")]
    with subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", *command],
        stdout=subprocess.PIPE,
        text=True,
    ) as served:
        assert served.stdout
        assert served.stdout.readline().startswith("Kafka ")
        assert broker.listens(broker.PORT)
        served.send_signal(signal.Signals[f"SIG{kind}"])
        assert served.wait(60) == (-signal.SIGKILL if kind == "KILL" else 0)
    waiting.until(lambda: not broker.listens(broker.PORT), "nobody listens", 10.0)

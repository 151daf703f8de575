"""A KRaft broker of one node on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil

from streamdocs.errors import StreamdocsError
from streamdocs.kafka.jars import KafkaError, jars
from streamdocs.system import child, guard, java, ports, programs, waiting

HOST = "127.0.0.1"
PORT = 9092
CONTROLLER_PORT = 9093
STARTED = 60.0
"""Seconds that a broker may take to listen, or to end; here it takes three."""

_SERVER = "kafka.Kafka"
_STORAGE = "kafka.tools.StorageTool"
_CLUSTER = "curso-streamdocs-0000Q"
"""A KRaft cluster's id: 16 bytes in URL-safe base 64, without padding."""

_LOGGING = "server-log.properties"

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers={host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs=data
num.partitions=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# A broker that was killed is back as soon as its last session has run out.
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
"""

LOGGING = """\
rootLogger.level = {level}
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = [%d] %p %m (%c)%n
"""


class Broker:
    """A KRaft broker of one node, whose data stay in its folder while it is down."""

    def __init__(self, folder: Path, env: Mapping[str, str], *, tied: bool = False) -> None:
        """A broker in ``folder``, to be run in the environment ``env``.

        One that is ``tied`` is killed when the process that started it ends, however it does.
        """
        self._folder = folder
        # In any other locale, Java finds no file with an accent in its name.
        self._env = {**env, "LC_ALL": "C.UTF-8"}
        self._tie = partial(guard.end_with, os.getpid()) if tied else None
        self._process: subprocess.Popen[bytes] | None = None
        self._data, self._empty = self._folder / "data", self._folder / "empty"

    def ensure(self) -> None:
        """Start it unless it runs, and return when it listens.

        Raises PortInUseError, KafkaError or WaitTimeoutError; then nothing is left of it.
        """
        try:
            if self._pid() is None:
                self._format()
                self._start()
            what = f"el broker de Kafka escuche en {HOST}:{PORT}"
            waiting.until(self._up, what, STARTED)
        except StreamdocsError:
            self.stop("KILL")
            raise

    def renew(self) -> None:
        """Have it run with nothing in it; raises what ``ensure`` does."""
        self.stop("KILL")
        shutil.rmtree(self._data, ignore_errors=True)
        if self._empty.exists():
            shutil.copytree(self._empty, self._data)
        self.ensure()

    def wait(self) -> None:
        """Wait for the end of the broker that ``ensure`` has started, and raise KafkaError."""
        assert self._process
        self._process.wait()
        raise KafkaError(f"El broker de Kafka ha terminado: {self._said().strip()[-400:]}")

    def _format(self) -> None:
        # Made last: a format that did not come to its end is begun again.
        if self._empty.exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)
        self._folder.mkdir(exist_ok=True)
        properties = _properties(self._folder)
        values = {"host": HOST, "port": PORT, "controller": CONTROLLER_PORT}
        properties.write_text(_PROPERTIES.format(**values))
        (self._folder / _LOGGING).write_text(LOGGING.format(level="INFO"))
        options = ("format", "--standalone", "-t", _CLUSTER, "-c", str(properties))
        what = "Kafka prepare la carpeta de su broker"
        ran = child.run(
            self._command(_STORAGE, *options), what, STARTED, cwd=self._folder, env=self._env
        )
        if ran.returncode != 0:
            raise _ended(ran.stdout + ran.stderr)
        # To begin again takes no other run of Kafka's.
        with tempfile.TemporaryDirectory(dir=self._folder) as half:
            shutil.copytree(self._data, Path(half, "empty")).rename(self._empty)

    def _start(self) -> None:
        for port in (PORT, CONTROLLER_PORT):
            ports.free(port)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(_SERVER, str(_properties(self._folder))),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=self._env,
                start_new_session=True,
                # Who is tied has one thread: none can hold a lock that the child needs.
                preexec_fn=self._tie,  # noqa: PLW1509
            )
        (self._folder / "pid").write_text(str(self._process.pid))

    def _command(self, class_: str, *arguments: str) -> list[str]:
        """A program of Kafka's, to be run in the broker's folder: its files name no other."""
        logging = f"-Dlog4j2.configurationFile={_LOGGING}"
        start = [str(programs.java()), *java.QUICK, "-Xmx256m", logging, "-cp", f"{jars()}/*"]
        return [*start, class_, *arguments]

    def _up(self) -> bool:
        if not listens(PORT) and self._pid() is None:
            raise _ended(self._said())
        return listens(PORT)

    def _said(self) -> str:
        return (self._folder / "log").read_text("utf-8", "replace")

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """While this is entered it answers nobody, as one that has too much to do."""
        process = psutil.Process(self._pid())
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def stop(self, name: str = "TERM") -> None:
        """Send it the signal called ``name``, and return when it has ended."""
        pid = self._pid()
        if pid is not None:
            with suppress(psutil.NoSuchProcess):  # it has just ended
                psutil.Process(pid).send_signal(signal.Signals[f"SIG{name}"])
            waiting.until(lambda: self._pid() is None, "el broker de Kafka termine", STARTED)

    def _pid(self) -> int | None:
        # A child that has just begun has no command line for a moment: pid_of would not know it.
        if self._process is not None and self._process.poll() is None:
            return self._process.pid
        return pid_of(self._folder)


def _properties(folder: Path) -> Path:
    return folder / "server.properties"


def _ended(said: str) -> KafkaError:
    return KafkaError(f"El broker de Kafka ha terminado al arrancar: {said.strip()[-400:]}")


def pid_of(folder: Path) -> int | None:
    """The process id of the broker of ``folder``; None if it does not run.

    A number that the system has given to another program meanwhile is not the broker's.
    """
    try:
        pid = int((folder / "pid").read_text())
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    return pid if str(_properties(folder)) in command else None


def listens(port: int) -> bool:
    """Whether something on loopback accepts connections on ``port``."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0

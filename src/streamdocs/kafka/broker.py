"""A KRaft broker of one node on loopback."""

from __future__ import annotations

import base64
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import psutil

from streamdocs.errors import WaitTimeoutError
from streamdocs.kafka.jars import KafkaError, jars
from streamdocs.system import java
from streamdocs.system.ports import PortInUseError

HOST = "127.0.0.1"
PORT = 9092
CONTROLLER_PORT = 9093
_STARTED = 60.0
"""Seconds that a broker may take to listen; here it takes three."""

_SERVER = "kafka.Kafka"
_STORAGE = "kafka.tools.StorageTool"

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers={host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
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

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        """A broker in ``folder``, to be run in the environment ``env``."""
        self._folder = folder
        self._env = dict(env)
        self._properties = folder / "server.properties"
        self._process: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Start it unless it runs, and return when it listens.

        Raises PortInUseError, KafkaError or WaitTimeoutError.
        """
        if pid_of(self._folder) is None:
            self._format()
            self._start()
        self._wait()

    def _format(self) -> None:
        if self._properties.exists():
            return
        self._folder.mkdir(exist_ok=True)
        values = {"host": HOST, "port": PORT, "controller": CONTROLLER_PORT}
        self._properties.write_text(_PROPERTIES.format(folder=self._folder, **values))
        (self._folder / "server-log.properties").write_text(LOGGING.format(level="INFO"))
        cluster = ["format", "--standalone", "-t", _cluster_id(), "-c", str(self._properties)]
        self._run(_STORAGE, *cluster).wait()

    def _start(self) -> None:
        for port in (PORT, CONTROLLER_PORT):
            if listens(port):
                raise PortInUseError(port, [])
        self._reap()
        self._process = self._run(_SERVER, str(self._properties))
        (self._folder / "pid").write_text(str(self._process.pid))

    def _run(self, class_: str, *arguments: str) -> subprocess.Popen[bytes]:
        logging = f"-Dlog4j2.configurationFile={self._folder / 'server-log.properties'}"
        memory = "-Xmx256m"
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                ["java", *java.QUICK, memory, logging, "-cp", f"{jars()}/*", class_, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=self._env,
                start_new_session=True,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + _STARTED
        while not listens(PORT):
            if pid_of(self._folder) is None:
                if self._process is not None:
                    self._process.wait(timeout=_STARTED)
                tail = (self._folder / "log").read_text("utf-8")[-400:]
                raise KafkaError(f"El broker de Kafka ha terminado al arrancar: {tail}")
            if time.monotonic() > deadline:
                raise WaitTimeoutError(f"el broker de Kafka escuche en {HOST}:{PORT}", _STARTED)
            time.sleep(0.05)

    def stop(self, name: str = "TERM") -> None:
        """Send it the signal called ``name``, and return when it has ended."""
        pid = pid_of(self._folder)
        if pid is None:
            return
        process = psutil.Process(pid)
        process.send_signal(signal.Signals[f"SIG{name}"])
        deadline = time.monotonic() + _STARTED
        while pid_of(self._folder) is not None:
            if time.monotonic() > deadline:
                raise WaitTimeoutError("el broker de Kafka termine", _STARTED)
            time.sleep(0.05)
        self._reap()

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait()


def pid_of(folder: Path) -> int | None:
    """The process id of the broker of ``folder``; None if it does not run."""
    try:
        pid = int((folder / "pid").read_text())
        living = psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None
    return pid if living else None


def listens(port: int) -> bool:
    """Whether something on loopback accepts connections on ``port``."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _cluster_id() -> str:
    """A KRaft cluster id: 16 bytes in URL-safe base 64, without padding."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()

"""A real Kafka: one broker on loopback, and the project's own command-line tools.

The jars come from Maven Central, by the Ivy that PySpark carries. They are resolved once, into the
user's cache folder, and must have the SHA-256 sums of ``kafka.sha256``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import platformdirs
import psutil

from streamdocs import jvm, programs
from streamdocs.errors import PortInUseError, StreamdocsError, WaitTimeoutError

VERSION = "4.3.1"
LOG4J = "2.25.4"
"""The version of Log4j that this Kafka carries; its binding to SLF4J must be the same."""

HOST = "127.0.0.1"
PORT = 9092
CONTROLLER_PORT = 9093
LOCK = Path(__file__).with_name("kafka.sha256")

_CONNECTOR = "spark-sql-kafka-0-10_2.13"

TOOLS = {
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
}
"""The tools by their own names, and the classes that the project's scripts of that name run."""

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

_IVY = """\
<ivy-module version="2.0">
  <info organisation="streamdocs" module="kafka"/>
  <dependencies>
    <dependency org="org.apache.kafka" name="kafka_2.13" rev="{version}" conf="*->default,runtime"/>
    <!-- Of what the tools ask for, those used here need nothing that the broker does not have. -->
    <dependency org="org.apache.kafka" name="kafka-tools" rev="{version}" transitive="false"/>
    <dependency
        org="org.apache.logging.log4j" name="log4j-slf4j-impl" rev="{log4j}" transitive="false"/>
  </dependencies>
</ivy-module>
"""

_LOGGING = """\
rootLogger.level = {level}
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = [%d] %p %m (%c)%n
"""


class KafkaError(StreamdocsError):
    """There are no jars of Kafka, or they are not the right ones, or the broker does not start."""


def jars() -> Path:
    """The folder of Kafka's jars, resolved now if they are not in the user's cache yet.

    Raises KafkaError when they cannot be had, or differ from their lock file.
    """
    folder = Path(platformdirs.user_cache_dir("streamdocs")) / f"kafka-{VERSION}"
    if not folder.exists():
        _resolve(folder)
    return folder


def _resolve(folder: Path) -> None:
    import pyspark

    (ivy,) = Path(pyspark.__file__).parent.glob("jars/ivy-*.jar")
    fresh = folder.with_name(f"{folder.name}-{os.getpid()}")
    fresh.mkdir(parents=True)
    (fresh / "ivy.xml").write_text(_IVY.format(version=VERSION, log4j=LOG4J))
    command = [str(programs.java()), "-jar", str(ivy), "-cache", f"{fresh}/ivy"]
    command += ["-ivy", f"{fresh}/ivy.xml"]
    # Without «bundle», scala-logging is left out and the broker does not start.
    command += ["-types", "jar", "bundle"]
    command += ["-retrieve", f"{fresh}/jars/[artifact]-[revision].[ext]"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if ran.returncode != 0:
            raise KafkaError(
                f"No puedo descargar Kafka {VERSION}: revisa la conexión y repite la orden."
            )
        check(fresh / "jars")
        (fresh / "jars").rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def connector_package() -> str:
    """Spark's connector, of the version of PySpark, as ``spark.jars.packages`` names it."""
    return f"org.apache.spark:{_CONNECTOR}:{version('pyspark')}"


def connector() -> None:
    """Have Spark's connector in the cache, where a page finds it that has no network.

    Raises KafkaError when it cannot be had.
    """
    cache = Path(platformdirs.user_cache_dir("streamdocs"))
    spark = version("pyspark")
    if any(cache.glob(f".ivy*/jars/org.apache.spark_{_CONNECTOR}-{spark}.jar")):
        return
    submit = Path(sys.executable).parent / "spark-submit"
    command = [str(submit), "--packages", connector_package()]
    options = {"JAVA_HOME": str(programs.java_home()), "PYSPARK_PYTHON": sys.executable}
    options["SPARK_SUBMIT_OPTS"] = jvm.keep_downloads()
    with tempfile.NamedTemporaryFile(suffix=".py") as nothing:
        ran = subprocess.run(
            [*command, nothing.name], env=os.environ | options, capture_output=True, timeout=300
        )
    if ran.returncode != 0:
        raise KafkaError(
            f"No puedo descargar el conector de Kafka de Spark {spark}: revisa la conexión y "
            "repite la orden."
        )


def check(folder: Path) -> None:
    """Raise KafkaError unless ``folder`` holds just the jars of the lock file, unchanged."""
    lines = (line.split() for line in LOCK.read_text().splitlines())
    wanted = {name: sum_ for sum_, name in lines}
    found = sums(folder)
    wrong = sorted(name for name in wanted | found if wanted.get(name) != found.get(name))
    if wrong:
        raise KafkaError(
            f"Los jar de Kafka no son los de {LOCK.name}: {', '.join(wrong)}. "
            "Borra la caché y repite la orden; si sigue igual, no los uses."
        )


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each jar in ``folder``, in hexadecimal, by its name."""
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}


def install_tools(bin_: Path, folder: Path) -> None:
    """Put the tools into ``bin_``, as scripts that run their classes.

    ``folder`` is that of the broker that ``kafka-server-start.sh`` and ``kafka-server-stop.sh``
    start and stop: with SIGTERM, or with the signal in SIGNAL, as the project's script does.
    """
    folder.mkdir(exist_ok=True)
    logging = folder / "tools.properties"
    logging.write_text(_LOGGING.format(level="ERROR"))
    options = " ".join((*jvm.QUICK, f"-Dlog4j2.configurationFile={logging}"))
    for name, class_ in TOOLS.items():
        _script(bin_ / name, f'exec java {options} -cp "{jars()}/*" {class_} "$@"')
    # The jars are in the cache of who builds, and not in that of the page, whose HOME is another.
    cache = f'XDG_CACHE_HOME="{jars().parents[1]}"'
    # Isolated: nothing in a terminal's folder or environment stands for this package.
    ours = f"exec env {cache} {sys.executable} -I -m streamdocs.kafka"
    # The project's takes -daemon and a file of properties: here, the broker's own.
    _script(bin_ / "kafka-server-start.sh", f'{ours} start "{folder}"')
    _script(bin_ / "kafka-server-stop.sh", f'{ours} stop "{folder}" "${{SIGNAL:-TERM}}"')


def _script(file: Path, command: str) -> None:
    file.write_text(f"#!/bin/sh\n{command}\n")
    file.chmod(0o755)


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
        (self._folder / "server-log.properties").write_text(_LOGGING.format(level="INFO"))
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
                ["java", *jvm.QUICK, memory, logging, "-cp", f"{jars()}/*", class_, *arguments],
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


def serve(broker: Broker) -> None:
    """Run ``broker`` for a person, until Ctrl-C."""
    broker.ensure()
    print(f"Kafka {VERSION} escucha en {HOST}:{PORT}. Para terminar, Control+C.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("Parando Kafka…", flush=True)
    finally:
        broker.stop()


def main() -> int:
    """Entry point: ``serve FOLDER``, ``start FOLDER``, ``stop FOLDER SIGNAL`` or ``lock``."""
    parser = argparse.ArgumentParser(description="Un broker de Kafka en esta máquina.")
    parser.add_argument("action", choices=["serve", "start", "stop", "lock"])
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("signal", nargs="?", default="TERM")
    options = parser.parse_args()
    broker = Broker(options.folder.resolve(), os.environ)
    try:
        if options.action == "serve":
            serve(broker)
        elif options.action == "start":
            broker.ensure()
        elif options.action == "stop":
            broker.stop(options.signal)
        else:
            print("\n".join(f"{sum_}  {name}" for name, sum_ in sorted(sums(jars()).items())))
    except StreamdocsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

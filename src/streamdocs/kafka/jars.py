"""Kafka's jars, Spark's connector to it, and other packages for Spark.

They come from Maven Central, by the Ivy that PySpark carries. They are resolved once, into the
user's cache folder, and must have the SHA-256 sums of ``kafka.sha256``.
"""

import errno
import hashlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

import platformdirs

from streamdocs.errors import DiskFullError, StreamdocsError, WaitTimeoutError
from streamdocs.system import child, java, programs

VERSION = "4.3.1"
LOG4J = "2.25.4"
"""The version of Log4j that this Kafka carries; its binding to SLF4J must be the same."""

LOCK = Path(__file__).with_name("kafka.sha256")

_CONNECTOR = "spark-sql-kafka-0-10_2.13"

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


class KafkaError(StreamdocsError):
    """Jars of Kafka or of Spark's packages are not to be had, or wrong; or no broker starts."""


SPARK_HOME = Path(str(distribution("pyspark").locate_file("pyspark")))
"""Where Spark is; its scripts look for it with a command that takes no blank.

:meta hide-value:
"""

DOWNLOADED = 300.0
"""Seconds that a download may take."""


def jars() -> Path:
    """The folder of Kafka's jars, resolved now if they are not in the user's cache yet.

    Raises KafkaError when they cannot be had, or differ from their lock file.
    """
    folder = Path(platformdirs.user_cache_dir("streamdocs")) / f"kafka-{VERSION}"
    if not folder.exists():
        with _resolved(folder.parent) as fresh:
            check(fresh)
            # Two that begin at once both bring the same.
            with suppress(OSError):
                fresh.rename(folder)
    return _checked(folder)


@cache
def _checked(folder: Path) -> Path:
    """That ``folder``; whatever came into the cache is looked at once by each process."""
    check(folder)
    return folder


@contextmanager
def _resolved(parent: Path) -> Iterator[Path]:
    """A folder of fresh jars, inside ``parent``, until this is left."""
    (ivy,) = SPARK_HOME.glob("jars/ivy-*.jar")
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as fresh:
        Path(fresh, "ivy.xml").write_text(_IVY.format(version=VERSION, log4j=LOG4J))
        command = [str(programs.java()), "-jar", str(ivy), "-cache", f"{fresh}/ivy"]
        command += ["-ivy", f"{fresh}/ivy.xml"]
        # Without «bundle», scala-logging is left out and the broker does not start.
        command += ["-types", "jar", "bundle"]
        command += ["-retrieve", f"{fresh}/jars/[artifact]-[revision].[ext]"]
        _download(f"Kafka {VERSION}", command, os.environ)
        yield Path(fresh, "jars")


def _download(what: str, command: Sequence[str], env: Mapping[str, str]) -> None:
    # In any other locale, Java finds no file with an accent in its name.
    env = {**env, "LC_ALL": "C.UTF-8"}
    advice = f"No puedo descargar {what}: revisa la conexión y repite la orden."
    try:
        ran = child.run(command, f"se descargue {what}", DOWNLOADED, env=env)
    except WaitTimeoutError as error:
        raise KafkaError(f"{error} {advice}") from None
    if os.strerror(errno.ENOSPC) in ran.stdout + ran.stderr:
        raise KafkaError(str(DiskFullError(platformdirs.user_cache_dir())))
    if ran.returncode != 0:
        raise KafkaError(advice)


def lock() -> str:
    """What the lock file must say of the jars that Maven Central has now of this version."""
    with _resolved(Path(tempfile.gettempdir())) as fresh:
        return "".join(f"{sum_}  {name}\n" for name, sum_ in sorted(sums(fresh).items()))


def connector_package() -> str:
    """Spark's connector, of the version of PySpark, as ``spark.jars.packages`` names it."""
    return f"org.apache.spark:{_CONNECTOR}:{version('pyspark')}"


def connector() -> None:
    """Have Spark's connector in the cache, where a page finds it that has no network.

    Raises KafkaError when it cannot be had.
    """
    package(connector_package())


def package(coordinates: str) -> None:
    """Have what ``spark.jars.packages`` names in the cache; KafkaError when it cannot be had."""
    cache = Path(platformdirs.user_cache_dir("streamdocs"))
    cut = [jar for jar in cache.glob(".ivy*/**/*.jar") if not zipfile.is_zipfile(jar)]
    for jar in cut:
        # A full disk left it so, and Ivy would take it for good.
        jar.unlink()
    organisation, name, its_version = coordinates.split(":")
    if not cut and any(cache.glob(f".ivy*/jars/{organisation}_{name}-{its_version}.jar")):
        return
    options = {
        "JAVA_HOME": str(programs.java_home()),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(SPARK_HOME),
        "SPARK_SUBMIT_OPTS": java.options(java.keep_downloads()),
    }
    submit = str(SPARK_HOME / "bin" / "spark-submit")
    with tempfile.NamedTemporaryFile(suffix=".py") as nothing:
        command = [submit, "--packages", coordinates, nothing.name]
        _download(f"el paquete {name} {its_version} para Spark", command, os.environ | options)


def check(folder: Path) -> None:
    """Raise KafkaError unless ``folder`` holds just the jars of the lock file, unchanged."""
    lines = (line.split() for line in LOCK.read_text().splitlines())
    wanted = {name: sum_ for sum_, name in lines}
    found = sums(folder)
    wrong = sorted(name for name in wanted | found if wanted.get(name) != found.get(name))
    if wrong:
        raise KafkaError(
            f"Los jar de Kafka no son los de {LOCK.name}: {', '.join(wrong)}. "
            f"Borra {folder} y repite la orden; si sigue igual, no los uses."
        )


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each jar in ``folder``, in hexadecimal, by its name."""
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}

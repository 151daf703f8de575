"""Kafka's jars, and Spark's connector to it.

They come from Maven Central, by the Ivy that PySpark carries. They are resolved once, into the
user's cache folder, and must have the SHA-256 sums of ``kafka.sha256``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import platformdirs

from streamdocs.errors import StreamdocsError
from streamdocs.system import java, programs

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
    options["SPARK_SUBMIT_OPTS"] = java.keep_downloads()
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

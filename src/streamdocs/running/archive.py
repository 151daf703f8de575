"""A class-data archive, so that each JVM of the course starts in about half the time.

HotSpot can map the classes that an earlier run loaded instead of reading and checking them again
(JEP 350). The archive is made once for an environment, by a short run of Spark, and lies in it.
HotSpot takes it only with the same Java, jars and class path: that is why ``CONF``, which Spark
puts at the head of the class path, is one empty folder for all.
"""

import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from streamdocs.errors import WaitTimeoutError
from streamdocs.kafka.jars import SPARK_HOME
from streamdocs.system import child, java, waiting

HOME = Path(sys.prefix, "share", "streamdocs")
CONF = HOME / "conf"
"""Spark's configuration folder in a build: empty.

:meta hide-value:
"""

_JARS = SPARK_HOME / "jars"

_tried: set[Path] = set()
"""The archives that this process, or the one it was forked from, has made or has failed to make."""

TRAINED = 300.0
"""Seconds that making the archive may take, or waiting for the build that makes it."""


def options(java_home: Path, env: Mapping[str, str]) -> Sequence[str]:
    """The JVM options that use the archive for ``java_home``; it is made now if there is none.

    ``env`` is the environment for the run that makes it. Where that run fails (a JVM that is not
    HotSpot) or does not end, or nothing can be written beside the packages, there are no options:
    the archive saves time, and nothing hangs on it.
    """
    archive = _file(java_home)
    if not archive.exists() and archive not in _tried:
        _tried.add(archive)
        try:
            _make_once(archive, env)
        except (OSError, WaitTimeoutError) as error:
            print(f"Sigo sin el archivo de clases: {error}", flush=True)
    if not archive.exists():
        return ()
    # A page may change the class path: then HotSpot goes without, and need not say so on stdout.
    return (f"-XX:SharedArchiveFile={archive}", "-Xlog:cds*=off")


def lacks(java_home: Path) -> bool:
    """Whether there is no archive yet for that Java."""
    return not _file(java_home).exists()


def _file(java_home: Path) -> Path:
    """The archive, with a name that changes with what HotSpot compares: Java and jars' times."""
    summary = hashlib.sha256((java_home / "release").read_bytes())
    for jar in sorted(_JARS.glob("*.jar")):
        seen = jar.stat()
        summary.update(f"{jar} {seen.st_size} {seen.st_mtime_ns}".encode())
    return HOME / f"{summary.hexdigest()[:16]}.jsa"


def _make_once(archive: Path, env: Mapping[str, str]) -> None:
    """Make the archive; of two builds that begin at once, the second finds the first one's."""
    CONF.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        what = "otra construcción prepare el archivo de clases"
        waiting.until(lambda: _taken(lock), what, TRAINED, 0.1)
        if not archive.exists():
            _make(archive, env)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make(archive: Path, env: Mapping[str, str]) -> None:
    print("Preparo, por esta vez, un archivo de clases para que Spark arranque antes.", flush=True)
    for old in HOME.glob("*.jsa"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        fresh = Path(folder, archive.name)
        dump = java.options(f"-XX:ArchiveClassesAtExit={fresh}")
        env = {**env, "SPARK_SUBMIT_OPTS": f"{env['SPARK_SUBMIT_OPTS']} {dump}"}
        command = [sys.executable, "-m", "streamdocs.running.archive"]
        what = "Spark prepare el archivo de clases"
        ran = child.run(command, what, TRAINED, env=env, cwd=folder)
        # A JVM that is killed while it writes leaves half of one.
        if ran.returncode == 0 and fresh.exists():
            fresh.rename(archive)


def _train() -> int:
    """Load the classes that most pages need: files in and out, state, windows, the console.

    Returns the JVM's exit code.
    """
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 1).getOrCreate()
    numbers = spark.range(3).selectExpr("id", "current_timestamp() AS hora")
    for kind in ("parquet", "json", "csv"):
        numbers.write.format(kind).save(kind)
    for mode in ("append", "update", "complete"):
        source = spark.readStream.schema(numbers.schema).parquet("parquet")
        source = source.withWatermark("hora", "1 minute")
        counted = source.groupBy("hora").count()
        writer = counted.writeStream.format("console").outputMode(mode)
        query = writer.option("checkpointLocation", mode).trigger(availableNow=True).start()
        query.awaitTermination()
        spark.read.format("statestore").load(str(Path(mode).absolute())).collect()
    spark.sql("SELECT explode(split('a b', ' ')) AS palabra").groupBy("palabra").count().show()
    spark.stop()
    # The archive is written when the JVM ends, and it ends when its stdin closes.
    gateway = SparkContext._gateway
    assert gateway
    gateway.proc.stdin.close()
    return int(gateway.proc.wait())


if __name__ == "__main__":
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    sys.exit(_train())

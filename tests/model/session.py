"""One Spark session for thousands of short queries."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyspark
from pyspark.sql import SparkSession

from streamdocs.system import java, programs

_JAVA = Path(__file__).parent / "java"
_JARS = Path(pyspark.__file__).parent / "jars"

_COMPILER = "org.codehaus.commons.compiler.samples.CompilerDemo"
"""The compiler that Spark carries for the code that it generates: no JDK is needed."""

_QUICK = {
    # Each plan is new, and to compile it takes longer than to interpret it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.streaming.pollingDelay": "2ms",
    "spark.sql.streaming.stateStore.maintenanceInterval": "3600s",
    "spark.sql.streaming.checkpoint.fileChecksum.enabled": "false",
    "spark.sql.streaming.checkpointFileManagerClass": (
        "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager"
    ),
    "spark.hadoop.fs.file.impl": "model.QuickFs",
    "spark.broadcast.compress": "false",
    "spark.cleaner.periodicGC.interval": "100h",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_SMALL = {
    # How many late rows a session's operator counts depends on the partitions of its input.
    "spark.master": "local[1]",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def _compile(classes: Path) -> None:
    """Compile java/; Hadoop's own settings, which it copies for each file, become four."""
    sources = [str(file) for file in sorted(_JAVA.glob("*.java"))]
    path = ":".join(str(file) for file in sorted(_JARS.glob("*.jar")))
    command = [str(programs.java()), *java.QUICK, "-cp", path, _COMPILER]
    subprocess.run([*command, "-d", str(classes), "-classpath", path, *sources], check=True)
    settings = (_JAVA / "core-default.xml").read_text("utf-8")
    (classes / "core-default.xml").write_text(settings, "utf-8")


@contextmanager
def opened() -> Iterator[tuple[SparkSession, Path]]:
    """A session, and a folder for what its queries leave; both end with the block."""
    with TemporaryDirectory(prefix="model-") as folder:
        home = Path(folder)
        classes = home / "classes"
        classes.mkdir()
        _compile(classes)
        builder = SparkSession.builder.appName("model")
        for name, value in (_QUICK | _SMALL).items():
            builder.config(name, value)
        builder.config("spark.driver.extraClassPath", str(classes))
        builder.config("spark.driver.extraJavaOptions", java.options(*java.QUICK, "-Xmn300m"))
        builder.config("spark.local.dir", str(home / "local"))
        builder.config("spark.sql.warehouse.dir", str(home / "warehouse"))
        spark = builder.getOrCreate()
        # What Spark refuses is a result here, and no error to be told of.
        spark.sparkContext.setLogLevel("OFF")
        logging.getLogger("DataFrameQueryContextLogger").setLevel(logging.CRITICAL)
        try:
            yield spark, home
        finally:
            spark.stop()

"""Runs inside the kernel of the limit, between two pages: the next one finds all warm but empty."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partialmethod
from typing import Any

from IPython import get_ipython
from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.streaming import StreamingContext

from streamdocs.running.kernel import load_ipython_extension

_SETTINGS: dict[str, str] = {}
_WARM = """
lineas = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 3).load()
consulta = lineas.groupBy("value").count().writeStream.format("memory").queryName("previa")
consulta.outputMode("complete").trigger(availableNow=True).start().awaitTermination()
"""
_COUNT_FROM_ZERO = """
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.*;

DAGScheduler scheduler = SparkContext.getOrCreate().dagScheduler();
((TaskSchedulerImpl) scheduler.taskScheduler()).nextTaskId().set(0L);
try {
    java.lang.reflect.Field stages = DAGScheduler.class.getDeclaredField("nextStageId");
    stages.setAccessible(true);
    ((AtomicInteger) stages.get(scheduler)).set(0);
} catch (ReflectiveOperationException e) {
    throw new IllegalStateException(e);
}
"""
"""An error names its stage and its task, by the numbers that they have in a fresh session.

It is Java, since py4j gives Python the counters' values instead of the counters.
"""


def warm(packages: str) -> None:
    """Start the one session, and have it do what a first batch has to wait for.

    ``packages`` are those that pages ask for, as ``spark.jars.packages`` names them.
    """
    builder = SparkSession.builder
    if packages:
        builder = builder.config("spark.jars.packages", packages)
    spark = builder.getOrCreate()
    _SETTINGS.update(spark.conf.getAll)
    spark.conf.set("spark.sql.shuffle.partitions", 1)
    exec(_WARM, {"spark": spark})
    # What is the limit's: the pages' own «stop» ends nothing, and a context of their own is this.
    setattr(SparkSession, "stop", lambda self: None)  # noqa: B010
    setattr(StreamingContext, "stop", partialmethod(StreamingContext.stop, False))  # noqa: B010
    setattr(SparkContext, "__new__", lambda _, **__: spark.sparkContext)  # noqa: B010
    setattr(SparkContext, "__init__", lambda _, **__: None)  # noqa: B010


def turn(environment: Mapping[str, str]) -> None:
    """Begin a page: its folder, its environment, no variables, no queries of the page before."""
    shell = get_ipython()
    before = shell.magics_manager.magics["cell"]["terminal"].__self__
    shell.events.unregister("pre_run_cell", before.before)
    shell.events.unregister("post_run_cell", before.after)
    spark = SparkSession.getActiveSession()
    assert spark is not None
    for query in spark.streams.active:
        query.stop()
    _forget_tables(spark)
    _count_from_zero(spark)
    _settle(spark, environment["HOME"])
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(environment["HOME"])
    shell.reset(new_session=False)
    load_ipython_extension(shell).jvm.attach(before.jvm.gateway)


def _forget_tables(spark: Any) -> None:
    for table in spark.catalog.listTables():
        kind = "VIEW" if table.isTemporary else "TABLE"
        spark.sql(f"DROP {kind} `{table.name}`")


def _count_from_zero(spark: Any) -> None:
    script = spark._jvm.org.codehaus.janino.ScriptEvaluator()
    script.cook(_COUNT_FROM_ZERO)
    script.evaluate(None)


def _settle(spark: Any, home: str) -> None:
    for name, value in spark.conf.getAll.items():
        if not spark.conf.isModifiable(name):
            continue
        if name not in _SETTINGS:
            spark.conf.unset(name)
        elif value != _SETTINGS[name]:
            spark.conf.set(name, _SETTINGS[name])
    jvm = spark._jvm
    jvm.java.lang.System.setProperty("user.dir", home)
    jvm.org.apache.hadoop.fs.FileSystem.closeAll()

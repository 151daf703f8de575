"""Runs inside the kernel of the limit, between two pages: the next one finds all warm but empty."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from IPython import get_ipython
from pyspark.sql import SparkSession

from streamdocs.ipython import load_ipython_extension

_SETTINGS: dict[str, str] = {}
_WARM = """
lineas = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 3).load()
consulta = lineas.groupBy("value").count().writeStream.format("memory").queryName("previa")
consulta.outputMode("complete").trigger(availableNow=True).start().awaitTermination()
"""


def warm() -> None:
    """Start the one session, and have it do what a first batch has to wait for."""
    spark = SparkSession.builder.getOrCreate()
    _SETTINGS.update(spark.conf.getAll)
    spark.conf.set("spark.sql.shuffle.partitions", 1)
    exec(_WARM, {"spark": spark})
    # What is the limit's: the pages' own «stop» ends nothing.
    setattr(SparkSession, "stop", lambda self: None)  # noqa: B010


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
    _settle(spark, environment["HOME"])
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(environment["HOME"])
    shell.reset(new_session=False)
    load_ipython_extension(shell).attach(before.gateway)


def _settle(spark: Any, home: str) -> None:
    for name, value in spark.conf.getAll.items():
        if name not in _SETTINGS:
            spark.conf.unset(name)
        elif value != _SETTINGS[name]:
            spark.conf.set(name, _SETTINGS[name])
    jvm = spark._jvm
    jvm.java.lang.System.setProperty("user.dir", home)
    jvm.org.apache.hadoop.fs.FileSystem.closeAll()

"""What Spark does in a scenario: its micro-batches, or the condition with which it refuses."""

import itertools
import json
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyspark.errors import PySparkException, StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

from model.queries import Scenario, build, printable

Did = dict[str, Any]
"""``{"batches": […]}`` or ``{"refused": condition}``, as proof.js compares it."""

Written = dict[int, list[str]]
"""The rows of each micro-batch, as lines of text."""

_NUMBERS = itertools.count()


class Runner:
    """Runs scenarios one after another in a warm session."""

    def __init__(self, spark: SparkSession, home: Path) -> None:
        """Keep what all scenarios share; ``home`` holds their checkpoints while they run."""
        self._spark = spark
        self._jvm: Any = spark._jvm
        self._home = home

    def run(self, scenario: Scenario) -> Did:
        """What Spark does; an error that is no refusal is raised."""
        no_data = str(scenario.get("noData", True)).lower()
        self._spark.conf.set("spark.sql.streaming.noDataMicroBatches.enabled", no_data)
        with TemporaryDirectory(dir=self._home) as home:
            try:
                batches = self._batches(scenario, Path(home))
            except PySparkException as error:
                return {"refused": _reason(error)}
            if scenario.get("readState"):
                for batch in batches:
                    batch["stateRows"] = self._state(scenario, Path(home), batch["id"])
        return {"batches": batches}

    def _batches(self, scenario: Scenario, home: Path) -> list[Did]:
        match scenario["feed"]:
            case "clock":
                return self._clocked(scenario, home)
            case "files":
                _lay(scenario["batches"], home / "in")
                source = self._spark.readStream.option("maxFilesPerTrigger", 1)
                return self._at_once(scenario, [source.text(str(home / "in"))], home)
        streams = [self._memory() for _ in range(_sides(scenario))]
        frames = [DataFrame(stream.toDF(), self._spark) for stream in streams]
        if scenario["feed"] == "one":
            return self._one_by_one(scenario, streams, frames, home)
        for batch in scenario["batches"]:
            for stream, lines in zip(streams, _pair(scenario, batch), strict=True):
                stream.addData(self._seq(lines))
        return self._at_once(scenario, frames, home)

    def _memory(self) -> Any:
        kind = self._jvm.org.apache.spark.sql.execution.streaming.runtime.MemoryStream
        strings = self._jvm.org.apache.spark.sql.Encoders.STRING()
        return kind.apply(strings, self._spark._jsparkSession.sqlContext())

    def _list(self, values: Iterable[object]) -> Any:
        made = self._jvm.java.util.ArrayList()
        for value in values:
            made.add(value)
        return made

    def _seq(self, lines: list[str]) -> Any:
        return self._jvm.PythonUtils.toSeq(self._list(lines))

    def _one_by_one(
        self, scenario: Scenario, streams: list[Any], frames: list[DataFrame], home: Path
    ) -> list[Did]:
        """Each element comes when the last one has been worked through."""
        frame = printable(build(scenario, frames))
        query = (
            _writer(scenario, frame, home).format("memory").queryName(f"q{next(_NUMBERS)}").start()
        )
        written: Written = {}
        try:
            engine = query._jsq.streamingQuery()
            for batch in scenario["batches"]:
                lines = self._list(map(self._list, _pair(scenario, batch)))
                self._jvm.model.Together.add(engine, self._list(streams), lines)
                query.processAllAvailable()
                # In complete, the sink forgets the last batch with the next one.
                written |= _written(engine.sink())
            return _reported(query._jsq, written)
        finally:
            query.stop()

    def _at_once(self, scenario: Scenario, frames: list[DataFrame], home: Path) -> list[Did]:
        """All of it waits, and the query reads it and ends."""
        frame = printable(build(scenario, frames))
        writer = _writer(scenario, frame, home).trigger(availableNow=True)
        collected = self._jvm.model.Collected()
        writer._jwrite.foreachBatch(collected)
        query = writer.start()
        try:
            query.awaitTermination()
            return _reported(query._jsq, _written(collected))
        finally:
            query.stop()

    def _clocked(self, scenario: Scenario, home: Path) -> list[Did]:
        """A trigger every so often, by a clock that is moved from one look to the next."""
        every, now = int(scenario["trigger"].split()[0]) * 1000, scenario["begin"]
        stream, arrivals = self._memory(), scenario["arrivals"]
        frame = printable(build(scenario, [DataFrame(stream.toDF(), self._spark)]))
        self._come(stream, arrivals, float("-inf"), now)
        mode = self._jvm.org.apache.spark.sql.streaming.OutputMode
        query = self._jvm.model.Clocked(
            *(frame._jdf, str(home / "checkpoint"), getattr(mode, scenario["mode"].title())()),
            *(scenario["trigger"], now),
        )
        engine, sink = query.query(), query.sink()
        written = _written(sink)
        last = max(arrival["at"] for arrival in arrivals)
        try:
            # One look more than those that find something, for what needs no data.
            while now <= last + every:
                before, now = now, now // every * every + every
                self._come(stream, arrivals, before, now)
                query.tick(now)
                written |= _written(sink)
            return _reported(engine, written, timed=True)
        finally:
            engine.stop()

    def _come(self, stream: Any, arrivals: list[Any], after: float, until: int) -> None:
        for arrival in sorted(arrivals, key=lambda one: one["at"]):
            if after < arrival["at"] <= until:
                stream.addData(self._seq([arrival["text"]]))

    def _state(self, scenario: Scenario, home: Path, batch: int) -> list[str]:
        """What Spark kept after a batch, as its own reader shows it."""
        reader = self._spark.read.format("statestore").option("batchId", batch)
        # What is left out is Spark's own: a session's key twice, a duplicate's value.
        own = {"dedup": ["key.*"], "dedupWithin": ["key.*"], "session": ["value.*"]}
        columns = own.get(scenario["op"], ["key.*", "value.*"])
        rows = printable(reader.load(str(home / "checkpoint")).select(*columns)).collect()
        return sorted(row.out for row in rows)


def _sides(scenario: Scenario) -> int:
    return 2 if scenario["op"] == "join" else 1


def _pair(scenario: Scenario, batch: list[Any]) -> list[list[str]]:
    return batch if scenario["op"] == "join" else [batch]


def _lay(batches: list[list[str]], folder: Path) -> None:
    """One file each, of which each is a second younger than the last."""
    folder.mkdir()
    for index, lines in enumerate(batches):
        file = folder / f"{index}.txt"
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        os.utime(file, (1_700_000_000 + index,) * 2)


def _writer(scenario: Scenario, frame: DataFrame, home: Path) -> Any:
    writer = frame.writeStream.outputMode(scenario["mode"])
    return writer.option("checkpointLocation", str(home / "checkpoint"))


def _reason(error: PySparkException) -> str:
    """The condition of a refusal; the message, where a batch's planning has no other."""
    if isinstance(error, StreamingQueryException):
        return str(error).partition("terminated with exception: ")[2].partition(". SQLSTATE")[0]
    condition = error.getCondition()
    if not condition:
        raise error
    return condition


def _written(sink: Any) -> Written:
    """What a sink holds: a line a batch, «3: [a|1] [b|2]»."""
    batches = {}
    for line in filter(None, sink.toDebugString().split("\n")):
        number, _, rows = line.partition(":")
        # Two brackets and a blank stand in no row: their values are written with «|» and «{».
        batches[int(number)] = [row for row in rows.strip()[1:-1].split("] [") if row]
    return batches


def _reported(engine: Any, written: Written, *, timed: bool = False) -> list[Did]:
    """The micro-batches in a query's progress, with the rows that they wrote."""
    reports = [json.loads(progress.json()) for progress in engine.recentProgress()]
    # A look that finds nothing is told now and then, too.
    done = [report for report in reports if "addBatch" in report["durationMs"]]
    return [
        _batch(report, written) | ({"start": report["timestamp"]} if timed else {})
        for report in done
    ]


def _batch(report: dict[str, Any], written: Written) -> Did:
    watermark = report.get("eventTime", {}).get("watermark")
    operators = report["stateOperators"]
    return {
        "id": report["batchId"],
        "inputRows": report["numInputRows"],
        "watermark": None if watermark == "1970-01-01T00:00:00.000Z" else watermark,
        "state": [operator["numRowsTotal"] for operator in operators],
        "dropped": sum(operator["numRowsDroppedByWatermark"] for operator in operators),
        "output": sorted(written.get(report["batchId"], [])),
    }

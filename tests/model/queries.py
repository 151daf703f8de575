"""The query of a scenario, as it is written for Spark: what operatorOf() is in stream-model.js."""

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf

Scenario = dict[str, Any]
"""What stream-model.js describes at its head, with an ``id``."""


def build(scenario: Scenario, sources: list[DataFrame]) -> DataFrame:
    """The query over its sources, each a column ``value`` of lines."""
    lines = sources[0]
    match scenario["op"]:
        case "count":
            words = lines.select(sf.explode(sf.split("value", " ")).alias("word"))
            return words.groupBy("word").count()
        case "stateless":
            return _parsed(lines).where("val > 2").select("key", "val")
        case "join":
            return _joined(scenario, sources)
    rows = _delayed(_parsed(lines), "ts", scenario.get("watermark"))
    match scenario["op"]:
        case "dedup":
            return rows.dropDuplicates(scenario["keys"])
        case "dedupWithin":
            return rows.dropDuplicatesWithinWatermark(scenario["keys"])
    measures = sf.count("*").alias("count"), sf.sum("val").alias("sum")
    return rows.groupBy(*_groups(scenario)).agg(*measures)


def _parsed(lines: DataFrame) -> DataFrame:
    return lines.select(
        sf.expr("try_cast(split(value, ',')[0] as timestamp)").alias("ts"),
        sf.expr("split(value, ',')[1]").alias("key"),
        sf.expr("try_cast(split(value, ',')[2] as int)").alias("val"),
    )


def _delayed(rows: DataFrame, column: str, delay: str | None) -> DataFrame:
    return rows.withWatermark(column, delay) if delay else rows


def _groups(scenario: Scenario) -> list[Column]:
    keys = [sf.col("key")] if scenario.get("keyed") else []
    match scenario["op"]:
        case "window":
            slide, start = scenario.get("slide"), scenario.get("startTime")
            return [sf.window("ts", scenario["window"], slide, start), *keys]
        case "session":
            return [sf.session_window("ts", scenario["gap"]), *keys]
        case "keycount":
            return [sf.col("key")]
    raise ValueError(scenario["op"])


def _joined(scenario: Scenario, sources: list[DataFrame]) -> DataFrame:
    left, right = (
        _delayed(
            _parsed(lines).toDF(*(f"{side}{name}" for name in ("ts", "key", "val"))),
            f"{side}ts",
            delay,
        )
        for lines, side, delay in zip(
            sources, "lr", (scenario.get("watermark"), scenario.get("watermark2")), strict=True
        )
    )
    on = "lkey = rkey"
    if scenario.get("bound"):
        on += f" and rts >= lts and rts <= lts + interval {scenario['bound']}"
    return left.join(right, sf.expr(on), scenario["how"])


def printable(frame: DataFrame) -> DataFrame:
    """One column of text: what the console would show of each row."""
    cells = [sf.coalesce(sf.col(name).cast("string"), sf.lit("NULL")) for name in frame.columns]
    return frame.select(sf.concat_ws("|", *cells).alias("out"))

"""Whether a program has processed all that was sent, as Spark's event log says it."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

_EVENT = "org.apache.spark.sql.streaming.StreamingQueryListener$Query"


def settled(events: Path, before: Collection[Path], since: datetime) -> bool:
    """Whether each query of the last program has looked for data after ``since``, and found none.

    ``events`` is the folder with the event logs of its runs; those ``before`` are of older ones.
    """
    idle: dict[str, bool] = {}
    for event in _events(set(events.iterdir()) - set(before)):
        match event["Event"].removeprefix(_EVENT):
            case "StartedEvent":
                idle[event["runId"]] = False
            case "IdleEvent":
                idle[event["runId"]] = datetime.fromisoformat(event["timestamp"]) > since
            case "TerminatedEvent":
                idle[event["runId"]] = True
            case "ProgressEvent":
                idle[event["progress"]["runId"]] = False
    return bool(idle) and all(idle.values())


def _events(logs: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for log in logs:
        yield from _told(log)


def _told(log: Path) -> Iterator[dict[str, Any]]:
    # The last line may not be whole yet.
    for line in log.read_text("utf-8", "replace").split("\n")[:-1]:
        if _EVENT in line:
            yield json.loads(line)

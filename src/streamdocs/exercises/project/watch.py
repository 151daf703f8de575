"""Whether a program has processed all that was sent, as Spark's event log says it."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

_EVENT = "org.apache.spark.sql.streaming.StreamingQueryListener$Query"


def settled(events: Path, since: datetime) -> bool:
    """Whether each query of the last program has looked for data after ``since``, and found none.

    ``events`` is the folder with the event logs of its runs, one of each.
    """
    idle: dict[str, bool] = {}
    for event in _events(events):
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


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    logs = sorted(folder.iterdir(), key=lambda file: file.stat().st_ctime_ns)
    if not logs:
        return
    # The last line may not be whole yet.
    for line in logs[-1].read_text("utf-8", "replace").split("\n")[:-1]:
        if _EVENT in line:
            yield json.loads(line)

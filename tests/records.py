"""A made-up record of a query, to change and to play."""

from typing import Any

TABLE = {"columns": ["palabra", "count"], "rows": [["mar", "1"], [None, "2"]]}
LINE = {"text": "el mar", "from": "Terminal 1", "at": "2026-11-24T05:00:00.123Z"}
STORE = {"name": "agregación 1", "keys": 1, "table": TABLE}
BATCH = {
    "id": 0,
    "start": "2026-11-24T05:00:00.123Z",
    "duration": 1234,
    "input": [LINE],
    "inputRows": 1,
    "state": None,
    "watermark": None,
    "output": TABLE,
    "dropped": 0,
}
RECORD = {"name": "r", "mode": "complete", "trigger": "", "runId": "1", "batches": [BATCH]}


def changed(**batch: Any) -> dict[str, Any]:
    """RECORD with another value in its batch."""
    return RECORD | {"batches": [BATCH | batch]}

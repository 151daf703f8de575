"""What Spark promises of its watermark: it moves after a micro-batch, and is used in the next."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

Stream = tuple[Sequence[Sequence[datetime]], timedelta]
"""The times of a stream, micro-batch by micro-batch, and how long it waits for late ones."""


def watermarks(*streams: Stream) -> Iterator[tuple[datetime, datetime]]:
    """Of each micro-batch, two times; the last one has no rows, and only closes what is left.

    Rows that are not after the first are too late; what ends by the second is closed. Of several
    streams, the one that is furthest behind counts.
    """
    late = closed = datetime.min
    latest = [datetime.min for _ in streams]
    for number in range(len(streams[0][0]) + 1):
        yield late, closed
        late = closed
        for which, (times, _) in enumerate(streams):
            latest[which] = max((latest[which], *(times[number] if number < len(times) else ())))
        closed = max(closed, min(map(_behind, latest, (wait for _, wait in streams))))


def _behind(latest: datetime, wait: timedelta) -> datetime:
    return latest - wait if latest > datetime.min else latest

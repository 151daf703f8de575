"""Random scenarios from a seed: each kind of query, mode and way of arriving has its part."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice, product
from random import Random
from typing import NamedTuple

from model.queries import Scenario
from model.rows import Rows, words

Options = Callable[[Random], Scenario]

_FEEDS = ("one", "files", "once", "clock")
_DELAYS = ("0 seconds", "5 seconds", "10 seconds", "20 seconds")
_STARTS = ("1 second", "2 seconds", "3 seconds")
_SLIDING = (("10", "5"), ("20", "5"), ("15", "10"), ("30", "10"), ("10", "4"))
_NOON = datetime(2024, 1, 1, 12)


class Kind(NamedTuple):
    """A kind of query: its options, the modes and ways of arriving that it is tried with."""

    options: Options
    modes: tuple[str, ...]
    feeds: tuple[str, ...] = _FEEDS


def _tumbling(rnd: Random) -> Scenario:
    window = rnd.choice(("5 seconds", "10 seconds", "20 seconds", "1 minute"))
    return {"op": "window", "window": window, "keyed": rnd.random() < 0.6}


def _sliding(rnd: Random) -> Scenario:
    window, slide = (f"{seconds} seconds" for seconds in rnd.choice(_SLIDING))
    moved = {"startTime": rnd.choice(_STARTS)} if rnd.random() < 0.3 else {}
    return {"op": "window", "window": window, "slide": slide, "keyed": rnd.random() < 0.5} | moved


def _session(rnd: Random) -> Scenario:
    gap = rnd.choice(("5 seconds", "10 seconds", "15 seconds"))
    return {"op": "session", "gap": gap, "keyed": True}


def _distinct(op: str) -> Options:
    keys = (["key"], ["ts", "key"], ["ts"], ["key", "val"], ["ts", "key", "val"])
    return lambda rnd: {"op": op, "keys": rnd.choice(keys)}


def _join(how: str) -> Options:
    bounds = ("5 seconds", "10 seconds", "20 seconds")
    return lambda rnd: {
        "op": "join",
        "how": how,
        "bound": rnd.choice(bounds),
        "watermark2": rnd.choice(_DELAYS),
    }


def _only(op: str) -> Options:
    return lambda _: {"op": op}


_ALL = ("append", "update", "complete")
KINDS = {
    "count": Kind(_only("count"), ("update", "complete")),
    "stateless": Kind(_only("stateless"), ("append", "update")),
    "keycount": Kind(_only("keycount"), ("update", "complete")),
    "tumbling": Kind(_tumbling, _ALL),
    "sliding": Kind(_sliding, _ALL),
    "session": Kind(_session, ("append", "complete")),
    "dedup": Kind(_distinct("dedup"), ("append", "update")),
    "dedupWithin": Kind(_distinct("dedupWithin"), ("append", "update")),
    "inner": Kind(_join("inner"), ("append", "update"), ("one", "once")),
    "outer": Kind(_join("left_outer"), ("append",), ("one", "one", "once")),
}
"""What runs. Inner and outer are the joins; the others are named as in stream-model.js."""


def _without(options: Options, **changed: object) -> Options:
    return lambda rnd: options(rnd) | changed


_REFUSED = {
    "count": Kind(_only("count"), ("append",), ("one",)),
    "stateless": Kind(_only("stateless"), ("complete",), ("one",)),
    "keycount": Kind(_only("keycount"), ("append",), ("files",)),
    "tumbling": Kind(_without(_tumbling, watermark=None), ("append",), ("one",)),
    "sliding": Kind(_without(_sliding, slide="40 seconds"), _ALL, ("once",)),
    "moved": Kind(_without(_tumbling, startTime="1 minute"), _ALL, ("one",)),
    "session": Kind(_session, ("update",), ("one",)),
    "global": Kind(_without(_session, keyed=False), ("append", "complete"), ("one",)),
    "dedup": Kind(_distinct("dedup"), ("complete",), ("one",)),
    "unmarked": Kind(_without(_distinct("dedupWithin"), watermark=None), _ALL, ("one",)),
    "inner": Kind(_join("inner"), ("complete",), ("one",)),
    "outer": Kind(_join("left_outer"), ("update", "complete"), ("one",)),
    "right": Kind(_without(_join("left_outer"), watermark2=None), ("append",), ("one",)),
    "unbound": Kind(_without(_join("left_outer"), bound=None), ("append",), ("one",)),
}
"""What Spark refuses, each for a reason of its own."""


def _parts(kinds: dict[str, Kind]) -> list[tuple[Kind, str, str]]:
    return [
        (kind, mode, feed)
        for kind in kinds.values()
        for mode, feed in product(kind.modes, kind.feeds)
    ]


def draw(seed: int, count: int) -> Iterator[Scenario]:
    """``count`` scenarios: all parts in turn, in an order of the seed, one in eight refused."""
    rnd = Random(seed)
    runs, refused = _parts(KINDS), _parts(_REFUSED)
    rnd.shuffle(runs)
    rnd.shuffle(refused)
    turns = [cycle(runs)] * 7 + [cycle(refused)]
    for index, turn in enumerate(islice(cycle(turns), count)):
        kind, mode, feed = next(turn)
        yield {"id": f"{seed}-{index}", **_scenario(Random(f"{seed}-{index}"), kind, mode, feed)}


def _scenario(rnd: Random, kind: Kind, mode: str, feed: str) -> Scenario:
    scenario: Scenario = {"mode": mode, "feed": feed, "watermark": rnd.choice(_DELAYS)}
    if rnd.random() < 0.2:
        scenario["noData"] = False
    scenario |= kind.options(rnd)
    optional = mode != "append" and scenario["op"] not in ("dedupWithin", "join")
    if scenario["op"] in ("count", "stateless") or (optional and rnd.random() < 0.1):
        del scenario["watermark"]
    if feed == "clock":
        return scenario | _by_the_clock(rnd, scenario)
    if rnd.random() < 0.05 and scenario["op"] not in ("stateless", "join"):
        scenario["readState"] = True
    return scenario | {"batches": _batches(rnd, scenario)}


def _batches(rnd: Random, scenario: Scenario) -> Sequence[object]:
    rows = Rows(rnd, scenario)
    count = rnd.randint(2, 5)
    if scenario["op"] == "join":
        return [list(_two_sides(rnd, rows)) for _ in range(count)]
    made = []
    for _ in range(count):
        # A file, or what is added, may be empty.
        size = 0 if rnd.random() < 0.06 else rnd.randint(1, 4)
        made.append([_line(rnd, scenario, rows) for _ in range(size)])
        rows.end_of_batch()
    return made


def _two_sides(rnd: Random, rows: Rows) -> tuple[list[str], list[str]]:
    left, right = rnd.choice(((1, 1), (1, 2), (2, 1), (2, 2), (0, 1), (1, 0), (0, 2), (3, 0)))
    sides = [rows.line() for _ in range(left)], [rows.line() for _ in range(right)]
    rows.end_of_batch()
    return sides


def _line(rnd: Random, scenario: Scenario, rows: Rows) -> str:
    return words(rnd) if scenario["op"] == "count" else rows.line()


def _by_the_clock(rnd: Random, scenario: Scenario) -> Scenario:
    """Lines at instants of their own; some come at the very instant of a look."""
    every = rnd.choice((2, 5, 7)) * 1000
    begin = _millis(_NOON) + rnd.randrange(8000)
    at, rows = begin + rnd.choice((-500, 0, 1, 700)), Rows(rnd, scenario)
    arrivals = []
    for _ in range(rnd.randint(3, 7)):
        text = _line(rnd, scenario, rows)
        arrivals.append({"at": at, "text": text, "from": "Terminal 1"})
        at += rnd.choice((every * 5 // 2, *(rnd.randrange(every * 6 // 5) for _ in range(4))))
        if rnd.random() < 0.2:
            at = -(-at // every) * every
        rows.end_of_batch()
    return {"trigger": f"{every // 1000} seconds", "begin": begin, "arrivals": arrivals}


def _millis(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1)) // timedelta(milliseconds=1)

"""Lines of a scenario, many of them at an edge: at the watermark, or where a window ends at it."""

from datetime import datetime, timedelta
from random import Random

from model.queries import Scenario

_GRID = timedelta(seconds=5)
_MIDDAY = datetime(2024, 1, 1, 10)
_EPOCH = datetime(1970, 1, 1)
_BESIDE = (timedelta(milliseconds=1), timedelta(microseconds=1), timedelta(microseconds=999))
_NO_TIMES = ("", "x", "2024-02-30 10:00:00", "2024-01-01 24:00:00")
_NO_NUMBERS = ("", "x", "99999999999", "2147483648", "1.5")


def words(rnd: Random) -> str:
    """A line of words; two blanks make an empty one."""
    return " ".join(rnd.choice(("a", "b", "c", "d", "")) for _ in range(rnd.randint(1, 4))) or "a"


def seconds(text: str | None) -> timedelta:
    """«10 seconds» or «1 minute», in the scenarios' own words; nothing is 0."""
    number, unit = (text or "0 seconds").split()
    return (
        int(number) * timedelta(minutes=1) if unit == "minute" else timedelta(seconds=int(number))
    )


def shown(instant: datetime) -> str:
    """An instant with as much of a second as it has."""
    text = instant.isoformat(" ")
    return text.rstrip("0") if "." in text else text


class Rows:
    """Lines whose time goes on and back, as far as the query's edges need."""

    def __init__(self, rnd: Random, scenario: Scenario) -> None:
        """Begin at a time; now and then at the first one that Spark knows a watermark for."""
        self._rnd = rnd
        start = _EPOCH if rnd.random() < 0.03 else _MIDDAY
        self._newest = self._seen = start + rnd.randrange(12) * _GRID
        self._delay = seconds(scenario.get("watermark"))
        self._fine = rnd.random() < 0.25
        self._nulls = 0.1 if rnd.random() < 0.25 else 0.0
        lengths = (scenario.get(name) for name in ("window", "gap", "bound", "watermark"))
        # How far before the watermark a row lies that is judged by it: itself, or its window.
        self._edges = [timedelta(0), *(seconds(text) for text in lengths if text)]

    def end_of_batch(self) -> None:
        """From now on, what has been drawn has moved the watermark."""
        self._seen = self._newest

    def line(self) -> str:
        """A line: instant, key, number."""
        rnd = self._rnd
        none = rnd.random() < self._nulls
        time = rnd.choice(_NO_TIMES) if none else self._shown(self._instant())
        number = rnd.choice(_NO_NUMBERS) if rnd.random() < self._nulls else str(rnd.randrange(6))
        return f"{time},{rnd.choice('aaabbc')},{number}"

    def _shown(self, instant: datetime) -> str:
        text = shown(instant)
        if text.endswith(":00") and self._rnd.random() < 0.1:
            text = text.removesuffix(":00")
        return text.replace(" ", "T") if self._rnd.random() < 0.05 else text

    def _instant(self) -> datetime:
        rnd = self._rnd
        drawn = rnd.random()
        if drawn < 0.25:
            instant = self._seen - self._delay - rnd.choice(self._edges)
        elif drawn < 0.55:
            instant = self._newest - rnd.randint(1, 9) * _GRID
        else:
            instant = self._newest + rnd.randint(0, 4) * rnd.choice((1, 1, 1, 3)) * _GRID
        if self._fine and rnd.random() < 0.5:
            instant += rnd.choice(_BESIDE) * rnd.choice((1, -1))
        self._newest = max(self._newest, instant)
        return instant

"""The reader's program ``productor.py``: what it has left in the topic."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from streamdocs.errors import WaitTimeoutError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.project import data
from streamdocs.exercises.project.topic import Topic
from streamdocs.kafka.broker import PORT
from streamdocs.kafka.messages import SERVER
from streamdocs.system import waiting

_LATE = 3.0
"""Seconds that Kafka answers nobody, from when the program has called it."""


def problems(attempt: Attempt, lines: data.Phase) -> list[str]:
    """Have it send those lines, and read the topic: Kafka is late with its answers."""
    file = attempt.home / "pagos.jsonl"
    file.write_bytes(b"".join(line.value + b"\n" for line in lines))
    topic = Topic()
    with attempt.kafka_suspended():
        attempt.start(KAFKA=SERVER, TEMA=topic.name, FICHERO=str(file))
        attempt.reach(PORT)
        # Who does not wait for Kafka ends meanwhile, and takes the messages along.
        with suppress(WaitTimeoutError):
            waiting.until(lambda: not attempt.running, "el programa termine", _LATE)
    attempt.finish()
    return list(compared(lines, topic.read()))


def compared(lines: data.Phase, found: list[tuple[bytes | None, bytes | None]]) -> Iterator[str]:
    """What is wrong with keys and values that should be those lines."""
    want, have = Counter(line.value for line in lines), Counter(value or b"" for _, value in found)
    missing, extra = want - have, have - want
    if not found:
        yield (
            f"El topic está vacío, y en el fichero hay {len(lines)} líneas: ¿esperas a que Kafka "
            "las tenga antes de acabar?"
        )
        return
    if missing.total() and missing.keys() == {line.value for line in lines if line.flaw}:
        yield "Faltan las líneas malformadas: también se envían, y ya las apartará quien lee."
    elif missing:
        yield (
            f"Líneas que faltan en el topic: {missing.total()} de {len(lines)}, como "
            f"{next(iter(missing))!r}."
        )
    if extra:
        yield f"Mensajes que sobran en el topic: {extra.total()}, como {next(iter(extra))!r}."
    wrong = [key for key, value in found if _payer(value) not in (None, key)]
    if wrong:
        yield (
            "La clave de un mensaje es quien paga, su «de», en UTF-8. Mensajes con otra: "
            f"{len(wrong)}, como {wrong[0]!r}."
        )


def _payer(value: bytes | None) -> bytes | None:
    """The key that a message must have; None if that is left open."""
    try:
        fields = json.loads(value or b"")
        return str(fields["de"]).encode()
    except (ValueError, TypeError, KeyError):
        return None

"""The reader's program ``pagos.py``, run by a sender who means ill."""

import random
from datetime import UTC, datetime
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises import checkpoint
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.project import data, kill, watch
from streamdocs.exercises.project.expected import Sent
from streamdocs.exercises.project.topic import Topic
from streamdocs.exercises.project.verdict import Tried
from streamdocs.kafka.messages import SERVER
from streamdocs.running import settle
from streamdocs.system import waiting

_PLANS = ((1, 3), (2, 3), (2, 1))
"""In which phases the program is killed: at rest, and while it writes.

At rest, ``ventanas`` has just written those that ended in the phase, and ``pagos`` its payments.
"""

_ADDED_BEFORE = 2
"""The phase before which a partition is added: it gets messages of that phase."""


class Run:
    """A program that runs, is killed, and runs again."""

    def __init__(self, attempt: Attempt, seed: int) -> None:
        self._attempt = attempt
        self._rng = random.Random(seed)
        self._topic = Topic()
        self.base = attempt.home / "bizums.db"
        self._checkpoint = attempt.home / "checkpoint"
        self._sent: list[Sent] = []
        self._older: tuple[Path, ...] = ()
        self._since = datetime.now(UTC)

    def quiet(self, phases: tuple[data.Phase, ...]) -> Tried:
        """Send all, phase by phase."""
        self._start()
        for number, messages in enumerate(phases):
            self._send(number, messages)
            self._settle()
        self._attempt.stop()
        return Tried(self._sent, (), None, {})

    def hostile(self, phases: tuple[data.Phase, ...], queries: tuple[str, ...]) -> Tried:
        """Send all, kill the program twice and add a partition."""
        at_rest, writing = self._rng.choice(_PLANS)
        self._start()
        for number, messages in enumerate(phases):
            if number == _ADDED_BEFORE:
                self._topic.add_partition()
            if number == writing:
                self._die_writing(number, messages)
            else:
                self._send(number, messages)
            self._settle()
            self._has_checkpoint(queries)
            if number == at_rest:
                self._die_before_noting(queries)
        self._attempt.stop()
        batches = {query: self._noted(query) + 1 for query in queries}
        return Tried(self._sent, (at_rest, writing), self._topic.partitions - 1, batches)

    def _start(self) -> None:
        self._since = datetime.now(UTC)
        self._older = tuple(self._attempt.events.iterdir())
        self._attempt.start(
            KAFKA=SERVER,
            TEMA=self._topic.name,
            BASE=str(self.base),
            CHECKPOINT=str(self._checkpoint),
            # Where it is not the hour of the data.
            TZ="Atlantic/Azores",
        )

    def _send(self, number: int, messages: data.Phase) -> None:
        self._sent += self._topic.send(self._rng, messages, number)
        self._since = datetime.now(UTC)

    def _settled(self) -> bool:
        return watch.settled(self._attempt.events, self._older, self._since)

    def _over(self) -> bool:
        return self._settled() or not self._attempt.running

    def _settle(self) -> None:
        self._attempt.wait(self._settled, "procese todo lo que hay en el topic")

    def _die_writing(self, number: int, messages: data.Phase) -> None:
        """Send the messages, and kill the program where it cannot write them; start it again."""
        kill.fail_writes(self.base)
        # In one micro-batch: what comes alone may be there already, or come once more.
        self._attempt.pause()
        self._send(number, messages)
        self._attempt.pause(False)
        what = "deje de poder escribir"
        waiting.until(self._over, what, settle.DEADLINE, 0.1)
        self._attempt.stop()
        kill.allow_writes(self.base)
        self._start()

    def _die_before_noting(self, queries: tuple[str, ...]) -> None:
        """Kill the program, have its last batches not noted down; start it again."""
        self._attempt.stop()
        for query in queries:
            checkpoint.forget(self._checkpoint / query)
        self._start()
        self._settle()

    def _noted(self, query: str) -> int:
        return checkpoint.last_number(self._checkpoint / query / "commits")

    def _has_checkpoint(self, queries: tuple[str, ...]) -> None:
        """Complain of what a program would lose with its temporary folder."""
        for query in queries:
            if self._noted(query) < 0:
                raise StreamdocsError(
                    f"Ninguna consulta apunta por dónde va en la carpeta {query} de la que dice "
                    "CHECKPOINT: si el programa muere, no sabe por dónde seguir."
                )
        if not self.base.is_file():
            raise StreamdocsError("Tu programa no ha creado la base de datos que dice BASE.")

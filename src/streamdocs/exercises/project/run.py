"""The reader's program ``pagos.py``, run by a sender who means ill."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.project import data, kill, watch
from streamdocs.exercises.project.expected import Sent
from streamdocs.exercises.project.topic import SERVER, Topic
from streamdocs.exercises.project.verdict import Tried

PLANS: tuple[Mapping[int, str], ...] = (
    {1: "pagos", 2: "ventanas"},
    {1: "ventanas", 2: "pagos"},
    {1: "ventanas", 3: "pagos"},
)
"""In which phases the program is killed, and which query has then just stored something."""

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
        self._since = datetime.now(UTC)

    def quiet(self, phases: tuple[data.Phase, ...]) -> Tried:
        """Send all, phase by phase."""
        self._start()
        for number, messages in enumerate(phases):
            self._send(number, messages)
            self._settle()
        self._attempt.stop()
        return Tried(self._sent, {}, None, {})

    def hostile(self, phases: tuple[data.Phase, ...], queries: tuple[str, ...]) -> Tried:
        """Send all, kill the program twice and add a partition."""
        plan = self._rng.choice(PLANS)
        self._start()
        for number, messages in enumerate(phases):
            if number == _ADDED_BEFORE:
                self._topic.add_partition()
            if number in plan:
                self._kill(plan[number], number, messages)
                self._start()
            else:
                self._send(number, messages)
            self._settle()
            self._has_checkpoint(queries)
        self._attempt.stop()
        batches = {query: self._noted(query) + 1 for query in queries}
        return Tried(self._sent, plan, self._topic.partitions - 1, batches)

    def _start(self) -> None:
        self._since = datetime.now(UTC)
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
        return watch.settled(self._attempt.events, self._since)

    def _settle(self) -> None:
        self._attempt.wait(self._settled, "procese todo lo que hay en el topic")

    def _kill(self, query: str, number: int, messages: data.Phase) -> None:
        before = self._noted(query)
        kill.strike(
            self.base,
            query,
            send=lambda: self._send(number, messages),
            over=lambda: self._settled() or not self._attempt.running,
            kill=self._attempt.kill,
        )
        kill.forget(self.base, self._checkpoint, query, before)

    def _noted(self, query: str) -> int:
        return kill.last_number(self._checkpoint / query / "commits")

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

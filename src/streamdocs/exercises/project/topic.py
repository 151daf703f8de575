"""A topic of a try: made, filled message by message, given another partition, read."""

import random
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, Producer
from confluent_kafka import Message as Record
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.project.data import Message
from streamdocs.exercises.project.expected import Sent
from streamdocs.kafka.messages import ANSWERED, CLIENT, held
from streamdocs.system import waiting

_AT_FIRST = 2


class Topic:
    """A fresh topic of two partitions."""

    def __init__(self) -> None:
        self.name = f"bizums-{uuid.uuid4().hex[:8]}"
        self.partitions = _AT_FIRST
        self._admin = AdminClient(CLIENT)
        _done(self._admin.create_topics([NewTopic(self.name, self.partitions)]))
        self._producer = self._new_producer()

    def _new_producer(self) -> Producer:
        """One that knows all partitions."""
        # Each message is on its way before the next is thought of: the order is that of sending.
        producer = Producer({**CLIENT, "linger.ms": 0})

        def known() -> bool:
            topic = producer.list_topics(self.name, ANSWERED).topics[self.name]
            return len(topic.partitions) == self.partitions

        waiting.until(known, f"Kafka tenga las particiones de {self.name}", ANSWERED)
        return producer

    def send(self, rng: random.Random, messages: Iterable[Message], phase: int) -> list[Sent]:
        """Send one message after another, to partitions taken at random."""
        return [self._send(each, rng.randrange(self.partitions), phase) for each in messages]

    def _send(self, message: Message, partition: int, phase: int) -> Sent:
        placed: list[int] = []

        def delivered(error: KafkaError | None, record: Record) -> None:
            offset = record.offset()
            if error is None and offset is not None:
                placed.append(offset)

        self._producer.produce(self.name, message.value, partition=partition, on_delivery=delivered)
        self._producer.flush(ANSWERED)
        if not placed:
            raise StreamdocsError(f"Kafka no ha guardado un mensaje del topic {self.name}.")
        return Sent(message, partition, placed[0], phase)

    def add_partition(self) -> None:
        """Give the topic one partition more."""
        self.partitions += 1
        _done(self._admin.create_partitions([NewPartitions(self.name, self.partitions)]))
        self._producer = self._new_producer()

    def read(self) -> list[tuple[bytes | None, bytes | None]]:
        """Key and value of all that is in the topic now."""
        return [
            (record.key(), record.value())
            for partition in range(self.partitions)
            for record in held(self.name, partition)
        ]


def _done(futures: Mapping[str, Future[Any]]) -> None:
    for future in futures.values():
        future.result(ANSWERED)

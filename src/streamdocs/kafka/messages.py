"""What the broker of a build holds, read without Spark."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import Consumer, Message, TopicPartition

from streamdocs.errors import StreamdocsError
from streamdocs.kafka.broker import HOST, PORT

SERVER = f"{HOST}:{PORT}"
"""Where the broker of a build listens."""

CLIENT: Final[dict[str, str | int | float | bool]] = {
    "bootstrap.servers": SERVER,
    # Errors only: that the broker of a build ends before its clients is no news.
    "log_level": 2,
}
"""What each client of the broker is told."""

ANSWERED = 30.0
"""Seconds that the broker may take to answer; here it takes a hundredth of one."""


def held(topic: str, partition: int = 0) -> list[Message]:
    """All that a partition holds now, in order; StreamdocsError if the broker does not answer."""
    with _consumer() as consumer:
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), ANSWERED)
        return list(_between(consumer, topic, partition, 0, end))


def between(topic: str, partition: int, start: int, end: int) -> list[Message]:
    """The messages with offsets from ``start`` to before ``end``; StreamdocsError as ``held``."""
    with _consumer() as consumer:
        return list(_between(consumer, topic, partition, start, end))


@contextmanager
def _consumer() -> Iterator[Consumer]:
    # It commits nothing, so its group is nobody's.
    consumer = Consumer({**CLIENT, "group.id": "streamdocs", "enable.auto.commit": False})
    try:
        yield consumer
    finally:
        consumer.close()


def _between(
    consumer: Consumer, topic: str, partition: int, start: int, end: int
) -> Iterator[Message]:
    if start >= end:
        return
    consumer.assign([TopicPartition(topic, partition, start)])
    found = consumer.consume(end - start, ANSWERED)
    if len(found) < end - start:
        raise StreamdocsError(
            f"Kafka ha dado {len(found)} de los {end - start} mensajes que guarda {topic}."
        )
    yield from found

"""Ways to run a reader's program on messages of Kafka, which need the broker of the build."""

import uuid
from collections.abc import Sequence

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import console, in_one
from streamdocs.exercises.exercise import Data
from streamdocs.kafka.messages import ANSWERED, CLIENT, SERVER, held
from streamdocs.recording.tables import Table


def told(attempt: Attempt, messages: Data) -> list[Table]:
    """Have a topic hold the messages, run the program until it ends, and read its console.

    A message is ``KEY VALUE``. The topic has one partition, so that the messages stay in order.
    """
    _run(attempt, messages)
    return console(attempt)


def told_at_once(attempt: Attempt, messages: Data) -> list[Table]:
    """As ``told``, with the rows of all micro-batches in one table: how many is not asked."""
    return in_one(told(attempt, messages))


def sent_on(attempt: Attempt, messages: Data) -> list[Table]:
    """As ``told``, but read the topic that DESTINO names: key and value of its messages."""
    attempt.start_kafka()
    target = new_topic()
    checkpoint = str(attempt.home / "checkpoint")
    _run(attempt, messages, DESTINO=target, CHECKPOINT=checkpoint)
    return [as_table([(each.key(), each.value()) for each in held(target)])]


def as_table(messages: Sequence[tuple[bytes | None, bytes | None]]) -> Table:
    """Messages as rows, in which a key that is missing is NULL."""
    return Table(("key", "value"), tuple((_text(key), _text(value)) for key, value in messages))


def _text(part: bytes | None) -> str | None:
    return None if part is None else part.decode("utf-8", "replace")


def new_topic() -> str:
    """The name of a topic of one partition that has just been made."""
    name = f"ejercicio-{uuid.uuid4().hex[:8]}"
    admin = AdminClient(CLIENT)
    admin.create_topics([NewTopic(name, 1)])[name].result(ANSWERED)
    return name


def _run(attempt: Attempt, messages: Data, **env: str) -> None:
    attempt.start_kafka()
    topic = new_topic()
    producer = Producer(CLIENT)
    for message in messages:
        key, _, value = message.partition(" ")
        producer.produce(topic, value, key)
    if producer.flush(ANSWERED):
        raise StreamdocsError("El broker de Kafka no guarda los mensajes: repite la orden.")
    attempt.start(BROKER=SERVER, TOPIC=topic, **env)
    attempt.finish()
    if not attempt.rows_read(topic):
        raise StreamdocsError("Ninguna consulta ha leído un mensaje del topic que dice TOPIC.")

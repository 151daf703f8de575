"""A query that reads a topic of Kafka and a folder: what the record says that each gave it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT
from test_trace import records_of

from streamdocs.checking.expected import blocks, failures
from streamdocs.checking.one_page import run
from streamdocs.course.course import Course
from streamdocs.recording.record import Record
from streamdocs.running.build import Build

# A message is called after its partition and its offset; a line of a file, after the file.
PAGE = """# Kafka y una carpeta

```{code-cell}
%%terminal 1
mkdir precios tardan callan cambios
for topic in pedidos callados avisos juntos; do
  kafka-topics.sh --bootstrap-server localhost:9092 --create --topic $topic; done
```

```{code-cell}
:example: fuentes/kafka.py#Sesión
```

```{code-cell}
import json
import os
from itertools import count
from pathlib import Path

from confluent_kafka import Producer

seconds = count(1767225600)


def send(topic, *messages):
    producer = Producer({"bootstrap.servers": BROKER})
    for message in messages:
        producer.produce(topic, message, partition=int(message[0]))
    assert producer.flush(30) == 0


def lay(folder, name, lines):
    part = Path("parte")
    part.write_text("".join(f"{name}{number}\\n" for number in range(lines)))
    # Spark takes the files by their time.
    os.utime(part, (next(seconds),) * 2)
    part.rename(f"{folder}/{name}")


def sources(topic, folder):
    messages = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", BROKER)
        .option("subscribe", topic)
        .option("startingOffsets", "earliest")
        .option("maxOffsetsPerTrigger", 2)
        .load()
        .selectExpr("CAST(value AS STRING) AS value")
    )
    lines = spark.readStream.option("maxFilesPerTrigger", 1).text(folder)
    return messages, lines


def both(*names):
    one, other = sources(*names)[::ORDER]
    return one.union(other)


def start(table, name, once=False):
    to = table.writeStream.format("console").option("checkpointLocation", f"cp-{name}")
    return (to.trigger(availableNow=True) if once else to).start()


ran = []
```

Files and messages wait, more than a micro-batch may take.

```{code-cell}
:record: esperan
send("pedidos", "0-0", "0-1", "0-2")
lay("precios", "a", 2)
lay("precios", "b", 1)
query = start(both("pedidos", "precios"), "pedidos", once=True)
ran.append(query)
query.awaitTermination()
```

It goes on, live: each comes while the other keeps still.

```{code-cell}
:record: vienen
query = start(both("pedidos", "precios"), "pedidos")
ran.append(query)
```

```{code-cell}
send("pedidos", "0-3")
```

```{code-cell}
lay("precios", "c", 3)
```

```{code-cell}
query.stop()
```

It goes on once more, and the topic has another partition.

```{code-cell}
%%terminal 1
kafka-topics.sh --bootstrap-server localhost:9092 --alter --topic pedidos --partitions 2
```

```{code-cell}
:record: siguen
send("pedidos", "0-4", "1-0")
lay("precios", "d", 1)
query = start(both("pedidos", "precios"), "pedidos", once=True)
ran.append(query)
query.awaitTermination()
```

The messages come when the folder has had its file, and the other way round.

```{code-cell}
:record: callados
lay("tardan", "a", 2)
query = start(both("callados", "tardan"), "callados")
ran.append(query)
```

```{code-cell}
send("callados", "0-0")
```

```{code-cell}
query.stop()
```

```{code-cell}
:record: avisos
send("avisos", "0-0")
query = start(both("avisos", "callan"), "avisos")
ran.append(query)
```

```{code-cell}
lay("callan", "a", 1)
```

```{code-cell}
query.stop()
```

Joined, each side keeps what it has read.

```{code-cell}
:record: juntos
send("juntos", "0-0", "0-1")
lay("cambios", "a", 2)
messages, lines = sources("juntos", "cambios")
same = "translate(m.value, '-', '') = translate(l.value, 'a', '0')"
from pyspark.sql.functions import expr

pair = [messages.alias("m"), lines.alias("l")][::ORDER]
joined = pair[0].join(pair[1], expr(same)).select("m.value", "l.value")
query = start(joined, "juntos", once=True)
ran.append(query)
query.awaitTermination()
```

```{code-cell}
for each in ran:
    for progress in each.recentProgress:
        if "addBatch" in progress["durationMs"]:
            print(progress.json)
```
"""

READ: dict[str, list[list[tuple[str, str]]]] = {
    "esperan": [
        [("pedidos-0", "0-0"), ("pedidos-0", "0-1"), ("precios/a", "a0"), ("precios/a", "a1")],
        [("pedidos-0", "0-2"), ("precios/b", "b0")],
    ],
    "vienen": [
        [("pedidos-0", "0-3")],
        [("precios/c", "c0"), ("precios/c", "c1"), ("precios/c", "c2")],
    ],
    "siguen": [[("pedidos-0", "0-4"), ("pedidos-1", "1-0"), ("precios/d", "d0")]],
    "callados": [[("tardan/a", "a0"), ("tardan/a", "a1")], [("callados-0", "0-0")]],
    "avisos": [[("avisos-0", "0-0")], [("callan/a", "a0")]],
    "juntos": [
        [("juntos-0", "0-0"), ("juntos-0", "0-1"), ("cambios/a", "a0"), ("cambios/a", "a1")]
    ],
}
"""What each micro-batch must have read, and of whom: what was sent and laid before it."""


Ran = tuple[int, dict[str, Record], list[dict[str, Any]]]


@pytest.fixture(scope="module", params=[1, -1], ids=["kafka-first", "folder-first"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The order of the sources, the page's records, and what Spark told of each micro-batch."""
    folder = tmp_path_factory.mktemp("curso")
    (folder / "dos.md").write_text(PAGE.replace("ORDER", str(request.param)), "utf-8")
    course = Course(folder, ROOT / "examples", folder)
    with Build(course.examples, lambda event: None) as build:
        notebook, finished = run(build, course, "dos")
    assert failures(notebook, finished) == []
    said = blocks(notebook)[-1].text
    return request.param, records_of(notebook), [json.loads(line) for line in said.splitlines()]


@pytest.mark.full
def test_each_line_is_of_the_source_that_gave_it(ran: Ran) -> None:
    order, records, _ = ran
    read = {
        name: [[(line.origin, line.text) for line in batch.input] for batch in record.batches]
        for name, record in records.items()
    }
    assert read == {
        # Python's sort keeps the order of what is alike: each source's lines are in its own.
        name: [sorted(batch, key=lambda line: "/" in line[0], reverse=order < 0) for batch in each]
        for name, each in READ.items()
    }


@pytest.mark.full
def test_a_topics_lines_are_those_between_sparks_offsets(ran: Ran) -> None:
    _, records, told = ran
    batches = [batch for record in records.values() for batch in record.batches]
    for batch, progress in zip(batches, told, strict=True):
        assert batch.id == progress["batchId"]
        (topic,) = (each for each in progress["sources"] if "Kafka" in each["description"])
        (folder,) = (each for each in progress["sources"] if "File" in each["description"])
        of_topic = [line.text for line in batch.input if "/" not in line.origin]
        assert of_topic == between(topic)
        assert len(of_topic) == topic["numInputRows"]
        assert len(batch.input) - len(of_topic) == folder["numInputRows"]


def between(topic: dict[str, Any]) -> list[str]:
    """The messages between the offsets that Spark tells, by their names."""
    ((name, ends),) = topic["endOffset"].items()
    begins = (topic["startOffset"] or {}).get(name, {})
    return [
        f"{partition}-{offset}"
        for partition in sorted(ends)
        for offset in range(begins.get(partition, 0), ends[partition])
    ]


@pytest.mark.full
def test_what_is_read_is_what_goes_out_and_what_waits_is_counted(ran: Ran) -> None:
    _, records, _ = ran
    united = [record for name, record in records.items() if name != "juntos"]
    for batch in (batch for record in united for batch in record.batches):
        out = [str(value) for (value,) in batch.output.rows]
        assert sorted(out) == sorted(line.text for line in batch.input)
    # Three messages waited, and a micro-batch takes two.
    assert [batch.waiting for batch in records["esperan"].batches] == [1, 0]
    (batch,) = records["juntos"].batches
    kept = {name: sorted(table.rows, key=str) for name, table in batch.kept}
    assert {name: [row[-1] for row in rows] for name, rows in kept.items()} == {
        "juntos": ["0-0", "0-1"],
        "cambios": ["a0", "a1"],
    }
    assert sorted(batch.output.rows, key=str) == [("0-0", "a0"), ("0-1", "a1")]

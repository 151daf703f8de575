"""What was recorded is what the page prints, and what is wrong with a record is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import COURSE, DOCS, Site, page_names
from nbformat import NotebookNode
from playwright.sync_api import Browser
from records import BATCH, LINE, RECORD, STORE, TABLE, changed

from streamdocs.checking import expected
from streamdocs.recording import sources
from streamdocs.recording import tables as console
from streamdocs.recording.record import RECORD_MIME, Record, from_json, join, to_json
from streamdocs.recording.tables import Table, TraceError


def declared(name: str) -> list[str]:
    """The names under which a page records its queries, in order."""
    text = (DOCS / f"{name}.md").read_text("utf-8")
    if ":record:" not in text:
        return []
    return [cell.options.record for cell in COURSE.cells(name) if cell.options.record]


RECORDED = [name for name in page_names() if declared(name)]


def test_a_record_survives_json() -> None:
    """Byte for byte, as the pages and the page cache hold it."""
    batch = BATCH | {"state": TABLE, "watermark": BATCH["start"], "input": [LINE | {"at": None}]}
    kept = BATCH | {"waiting": 0, "stores": [STORE]}
    whole = (RECORD, RECORD | {"batches": []}, *(RECORD | {"batches": [b]} for b in (batch, kept)))
    for data in whole:
        assert json.dumps(to_json(from_json(data))) == json.dumps(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (RECORD | {"mode": "todo"}, r"Invalid enum value 'todo' - at `\$\.mode`"),
        ({"name": "r"}, "missing required field `mode`"),
        (changed(start="ayer"), r"\$\.batches\[0\]\.start"),
        (changed(dropped=-1), r"\$\.batches\[0\]\.dropped"),
        (changed(output=None), r"\$\.batches\[0\]\.output"),
        (changed(extra=1), r"unknown field `extra` - at `\$\.batches\[0\]`"),
        (changed(inputRows=2), "El batch 0 de «r» tiene 1 líneas, y Spark contó 2 filas"),
        (changed(state={"columns": ["a"], "rows": [["1", "2"]]}), "no cabe en sus columnas"),
        (RECORD | {"batches": [BATCH, BATCH]}, r"no tiene sus batches en orden: \[0, 0\]"),
        (RECORD | {"runId": ""}, r"\$\.runId"),
        (RECORD | {"extra": 1}, "unknown field `extra`"),
        (changed(output=TABLE | {"extra": 1}), r"\$\.batches\[0\]\.output"),
        (changed(output=TABLE | {"rows": [["mar", 1]]}), r"\$\.batches\[0\]\.output\.rows\[0\]"),
        (changed(input=[LINE | {"extra": 1}]), r"\$\.batches\[0\]\.input\[0\]"),
        (changed(input=[LINE | {"at": "2026-11-24 05:00:00"}]), r"\.input\[0\]\.at"),
        (changed(watermark="ayer"), r"\$\.batches\[0\]\.watermark"),
        (changed(duration=True), r"\$\.batches\[0\]\.duration"),
        (changed(id="0"), r"\$\.batches\[0\]\.id"),
        (changed(stores=[STORE | {"name": ""}]), r"\.stores\[0\]\.name"),
        (changed(stores=[STORE | {"table": TABLE | {"rows": [["a"]]}}]), "no cabe en sus columnas"),
        (changed(stores=[STORE | {"keys": 3}]), "una clave con más columnas que su tabla"),
    ],
)
def test_a_wrong_record_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(TraceError, match=message):
        from_json(data)


def test_only_what_spark_takes_for_one_ends_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("uno\u2028dos\f tres\r\ncuatro\rcinco".encode())
    lines = [line.text for line in sources.laid(file)]
    assert lines == ["uno\u2028dos\f tres", "cuatro", "cinco"]


def test_two_queries_cannot_share_a_name() -> None:
    other = from_json(RECORD | {"runId": "2"})
    with pytest.raises(TraceError, match="dos consultas con «:record: r»"):
        join([from_json(RECORD), other])


def test_pieces_are_joined_in_order() -> None:
    first, second = from_json(RECORD), from_json(changed(id=1))
    (whole,) = join([first, second]).values()
    assert whole.batches == first.batches + second.batches
    with pytest.raises(TraceError, match=r"no tiene sus batches en orden: \[1, 0\]"):
        join([second, first])


def test_console_tables_are_read_by_their_columns() -> None:
    head = f"{'-' * 43}\nBatch: 3\n{'-' * 43}\n"
    clear = f"{head}+---+----+\n|  a|   c|\n+---+----+\n|a|b|NULL|\n+---+----+\n\n"
    assert console.batches(clear) == [(3, Table(("a", "c"), (("a|b", None),)))]
    wide = f"{head}+----+---+\n|   a|  c|\n+----+---+\n|ñ 木|  1|\n+----+---+\n\n"
    assert console.batches(wide) == [(3, Table(("a", "c"), (("ñ 木", "1"),)))]
    with pytest.raises(TraceError, match="No sé leer las columnas"):
        console.batches(wide.replace("ñ 木", "|木"))
    with pytest.raises(TraceError, match="no enseña todas las filas del batch 3"):
        console.batches(f"{clear[:-1]}only showing top 20 rows\n")


def records_of(notebook: NotebookNode) -> dict[str, Record]:
    """The records that an executed page holds, by name."""
    outputs = [out for _, ran in expected.outputs(notebook) for out in ran.outputs]
    return join(
        from_json(out.data[RECORD_MIME]) for out in outputs if RECORD_MIME in out.get("data", {})
    )


def printed(notebook: NotebookNode, record: Record) -> list[Table]:
    """The tables under the cells that hold a piece of ``record``."""
    found = []
    for _, ran in expected.outputs(notebook):
        data = [out.get("data", {}) for out in ran.outputs]
        pieces = [each[RECORD_MIME] for each in data if RECORD_MIME in each]
        if any(piece["name"] == record.name for piece in pieces):
            text = "".join(out.text for out in ran.outputs if out.output_type == "stream")
            found += [table for _, table in console.batches(text)]
    return found


@pytest.mark.parametrize("name", RECORDED)
def test_a_record_is_what_the_page_prints(course: Callable[[str], NotebookNode], name: str) -> None:
    """In the outputs that are compared with tests/expected, counted by another pattern."""
    notebook = course(name)
    records = records_of(notebook)
    assert list(records) == declared(name)
    for record in records.values():
        # A query that goes on from a checkpoint begins with a later number.
        begun = record.batches[0].id
        ids = list(range(begun, begun + len(record.batches)))
        assert [batch.id for batch in record.batches] == ids
        assert [batch.output for batch in record.batches] == printed(notebook, record)
        for batch in record.batches:
            assert len(batch.input) == batch.input_rows
            # What is written may be a selection of the state.
            alike = batch.state is not None and batch.state.columns == batch.output.columns
            if record.mode == "complete" and batch.state and alike:
                assert sorted(batch.state.rows, key=str) == sorted(batch.output.rows, key=str)


def test_what_waits_in_kafka_is_what_was_sent_and_not_read(
    course: Callable[[str], NotebookNode],
) -> None:
    """Each burst is of eight orders, numbered from 1; the last micro-batch comes without one."""
    (queue,) = records_of(course("trabajo/retraso")).values()
    texts = [line.text for batch in queue.batches for line in batch.input]
    assert texts == [f"pedido {number}" for number in range(1, 25)]
    assert {line.origin for batch in queue.batches for line in batch.input} == {"pedidos-0"}
    read = 0
    for batch, sent in zip(queue.batches, (8, 16, 24, 24), strict=True):
        read += batch.input_rows
        assert batch.waiting == sent - read


@pytest.mark.parametrize("name", RECORDED)
def test_players_show_the_record(course: Callable[[str], NotebookNode], name: str) -> None:
    records = {key: to_json(record) for key, record in records_of(course(name)).items()}
    html = BeautifulSoup((DOCS / "_build/html" / f"{name}.html").read_text(), "html.parser")
    shown = [json.loads(str(script.string)) for script in html.select("stream-player > script")]
    assert shown or html.select("stream-predict, stream-question")
    for player in shown:
        for each in player["records"]:
            whole = records[each["record"]["name"]]
            first = whole["batches"][: len(each["record"]["batches"])]
            assert json.dumps(each["record"]) == json.dumps(whole | {"batches": first})


def test_what_is_dropped_follows_from_watermark_and_input(
    course: Callable[[str], NotebookNode],
) -> None:
    """Windows of ten minutes that the watermark of the micro-batch before had passed."""
    counts = {}
    for name, record in records_of(course("ventanas/watermark")).items():
        watermark, dropped = None, []
        for batch in record.batches:
            late = [line for line in batch.input if watermark and end(line.text) <= watermark]
            dropped.append(batch.dropped)
            # Rows of one window reach it as one.
            assert len({end(line.text) for line in late}) == batch.dropped, (name, batch.id)
            watermark = batch.watermark
        counts[name] = sum(dropped)
    assert counts == {"uno-a-uno": 1, "juntos": 0, "en-update": 0, "en-complete": 0}


def end(line: str) -> str:
    """The end of the window of a row such as «2026-03-02 12:08,B,9», as a watermark is written."""
    time = datetime.fromisoformat(line[:16])
    closed = time + timedelta(minutes=10 - time.minute % 10)
    return f"{closed.isoformat()}.000Z"


SESSION = """from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 1).getOrCreate()
lineas = spark.readStream.format("socket").option("host", "localhost").option("port", 9877).load()
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
recuento = palabras.groupBy("palabra").count()"""
QUERY = 'consulta = recuento.writeStream.format("console").outputMode("update").start()'
WIDGETS = """
```{player} Todo
recuento: El recuento
```

```{predict} recuento
:batch: 1
:title: ¿Qué sale?
```
"""


def counting(site: Site, *cells: str) -> None:
    """A page that counts the words of «el mar </script> el».

    Its player and its prediction stand above the cells that they show.
    """
    listen = "%%terminal 1\nnc -lk 127.0.0.1 9877"
    typed = "%%terminal 1\nel mar </script> el"
    site.page("una", listen, SESSION, f":record: recuento\n{QUERY}", typed, *cells)


def shown(site: Site, element: str) -> Any:
    """The data of a custom element of the page."""
    html = BeautifulSoup((site.root / "_build/html/una.html").read_text(), "html.parser")
    (script,) = html.select(f"{element} > script")
    return json.loads(str(script.string))


def test_other_words_are_other_records(site: Site, browser: Browser) -> None:
    counting(site)
    site.edit("una.md", "Una frase.", f"Una frase.\n{WIDGETS}")
    site.regen()
    (player,) = shown(site, "stream-player")["records"]
    assert player["label"] == "El recuento"
    empty, full = player["record"]["batches"]
    assert (empty["inputRows"], full["inputRows"]) == (0, 1)
    assert full["input"][0]["text"] == "el mar </script> el"
    assert sorted(full["output"]["rows"]) == [["</script>", "1"], ["el", "2"], ["mar", "1"]]
    assert sorted(full["state"]["rows"]) == sorted(full["output"]["rows"])
    assert shown(site, "stream-predict")["rows"] == full["output"]["rows"]

    site.edit("una.md", "el mar </script> el", "la mar ñandú")
    site.regen()
    (player,) = shown(site, "stream-player")["records"]
    rows = player["record"]["batches"][1]["output"]["rows"]
    assert sorted(rows) == [["la", "1"], ["mar", "1"], ["ñandú", "1"]]
    html = BeautifulSoup((site.root / "_build/html/una.html").read_text(), "html.parser")
    assert any("ñandú" in table.text for table in html.select(".stream-fallback table"))
    tab = browser.new_page()
    tab.goto((site.root / "_build/html/una.html").as_uri())
    played = tab.locator("stream-player")
    played.get_by_role("slider").press("End")
    assert "ñandú" in played.inner_text()
    assert "</script>" not in played.inner_text()
    tab.close()


def test_a_player_may_stop_before_what_is_asked(site: Site) -> None:
    counting(site, "%%terminal 1\nla sal")
    first = WIDGETS.replace("Todo\n", "El principio\n:batches: 2\n")
    site.edit("una.md", "Una frase.", f"Una frase.\n{first.replace(':batch: 1', ':batch: 2')}")
    site.regen()
    (player,) = shown(site, "stream-player")["records"]
    assert [batch["id"] for batch in player["record"]["batches"]] == [0, 1]
    assert sorted(shown(site, "stream-predict")["rows"]) == [["la", "1"], ["sal", "1"]]


def test_a_record_that_is_not_there_is_named(site: Site) -> None:
    site.page("una", "print(1)")
    site.edit("una.md", "print(1)\n```\n", f"print(1)\n```\n{WIDGETS}")
    built = site.build("-D", "streamdocs_regen=1")
    assert built.code == 1
    assert "una.md:9: WARNING: ninguna celda con «:record: recuento»" in built.err
    assert "una.md:13: WARNING: ninguna celda con «:record: recuento»" in built.err


def test_what_cannot_be_told_apart_is_refused(site: Site) -> None:
    """Two queries on the console at once; a cell that starts none; a sink that prints nothing."""
    rate = 'spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 1).load()'
    once = "trigger(availableNow=True).start()"
    site.page("una", ":record: nada\nprint(1)")
    site.page(
        "dos",
        SESSION,
        f":record: r\nc = {rate}.writeStream.format('noop').{once}; c.awaitTermination()",
    )
    console_ = f"{rate}.writeStream.format('console').{once}"
    site.page("tres", SESSION, f":record: r\nc = {console_}; c.awaitTermination()")
    built = site.build("-D", "streamdocs_regen=1")
    assert built.code == 1
    assert "«:record: nada» va en una celda que arranca una consulta" in built.err
    assert "«r» no escribe en la consola" in built.err
    assert "solo se puede registrar la que lee de un socket, de una carpeta o de Kafka" in built.err


def test_two_queries_on_the_console_are_refused(site: Site) -> None:
    query = 'spark.readStream.format("text").load("d").writeStream.format("console").start()'
    make = f'{SESSION}\nimport os\nos.mkdir("d")'
    write = "%%terminal 1\necho hola > nuevo\nmv nuevo d/uno.txt"
    site.page("una", make, f":record: r\nuna = {query}", f"otra = {query}", write)
    built = site.build("-D", "streamdocs_regen=1")
    assert built.code == 1
    assert "La consulta «r» ha hecho los batches [0], y la consola ha impreso [0, 0]" in built.err

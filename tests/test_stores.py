"""A query with several sources and stores: who read what, and what each store must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import msgspec
import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, Site
from nbformat import NotebookNode
from test_trace import records_of

from streamdocs.course.options import PageError
from streamdocs.kafka import messages
from streamdocs.publishing import player, runs
from streamdocs.recording import sources, stores
from streamdocs.recording.record import Batch, Line, Record, Store
from streamdocs.recording.sources import Keyboard, Place
from streamdocs.recording.tables import Table, TraceError

Rows = list[tuple[str | None, ...]]


def rows(batch: Batch) -> dict[str, Rows]:
    """What each store of a micro-batch holds, by its name, in no order."""
    return {name: sorted(table.rows, key=str) for name, table in batch.kept}


def instant(text: str) -> datetime:
    """A moment as a line, a table or a watermark writes it."""
    return datetime.fromisoformat(text.removesuffix("Z"))


def marks(record: Record) -> list[datetime]:
    """The watermark by which each micro-batch went."""
    return [instant(batch.watermark or "1970-01-01") for batch in record.batches]


# -- the join of the course


def waiting(record: Record) -> list[dict[str, Rows]]:
    """What Python counts that each side must keep: what another row may still come for.

    A payment comes at most an hour after its order. So an order waits for an hour more.
    """
    patience = {"pedidos": timedelta(hours=1), "cobros": timedelta(0)}
    kept: dict[str, Rows] = {name: [] for name in patience}
    found = []
    for batch, mark in zip(record.batches, marks(record), strict=True):
        for line in batch.input:
            time, ticket = line.text.split(",")
            kept[line.origin.partition("/")[0]].append((f"{time}:00", ticket))
        kept = {
            name: sorted(row for row in all_ if instant(str(row[0])) + patience[name] > mark)
            for name, all_ in kept.items()
        }
        found.append({name: [*all_] for name, all_ in kept.items()})
    return found


@pytest.fixture(scope="module")
def pairs(course: Callable[[str], NotebookNode]) -> Record:
    """The inner join that the page records."""
    return records_of(course("transformaciones/que-join"))["parejas"]


def test_each_row_is_of_the_source_that_the_page_names(pairs: Record) -> None:
    read = [[(line.origin, line.text[11:]) for line in batch.input] for batch in pairs.batches]
    assert read == [
        [("pedidos/0.csv", "12:00,1"), ("pedidos/0.csv", "12:01,2"), ("cobros/0.csv", "12:02,9")],
        [("pedidos/1.csv", "12:30,3"), ("cobros/1.csv", "12:20,1")],
        [("pedidos/2.csv", "14:00,4"), ("cobros/2.csv", "14:05,4")],
        [],
    ]


def test_each_side_of_a_join_keeps_what_python_keeps(pairs: Record) -> None:
    assert [rows(batch) for batch in pairs.batches] == waiting(pairs)
    # Something is kept on both sides, and the watermark has emptied both of something.
    counts = [[len(all_) for all_ in rows(batch).values()] for batch in pairs.batches]
    assert counts == [[2, 1], [3, 2], [4, 2], [1, 1]]
    assert [f"{mark:%H:%M}" for mark in marks(pairs)] == ["00:00", "11:51", "12:10", "13:50"]


def swapped(batch: Batch) -> Batch:
    """Each side under the other's name."""
    one, other = batch.stores
    names = (msgspec.structs.replace(one, name=other.name), other)
    return msgspec.structs.replace(
        batch, stores=(names[0], msgspec.structs.replace(other, name=one.name))
    )


def lacking(batch: Batch) -> Batch:
    """Without the last row of the first side."""
    one, other = batch.stores
    table = msgspec.structs.replace(one.table, rows=one.table.rows[:-1])
    return msgspec.structs.replace(batch, stores=(msgspec.structs.replace(one, table=table), other))


@pytest.mark.parametrize("spoil", [swapped, lacking])
def test_a_swapped_side_and_a_lost_row_are_seen(
    pairs: Record, spoil: Callable[[Batch], Batch]
) -> None:
    for batch, right in zip(pairs.batches, waiting(pairs), strict=True):
        assert rows(spoil(batch)) != right


def test_what_goes_out_are_the_pairs_that_python_finds(pairs: Record) -> None:
    """Whoever comes second finds the other, which its side still keeps or has just read."""
    sides: dict[str, dict[str, str]] = {"pedidos": {}, "cobros": {}}
    for batch in pairs.batches:
        before = set(sides["pedidos"]) & set(sides["cobros"])
        for line in batch.input:
            time, ticket = line.text[11:].split(",")
            sides[line.origin.partition("/")[0]][ticket] = time
        fresh = set(sides["pedidos"]) & set(sides["cobros"]) - before
        assert set(batch.output.rows) == {(ticket, sides["cobros"][ticket]) for ticket in fresh}


# -- the two aggregations of the course


def summed(record: Record) -> list[dict[str, Rows]]:
    """What Python counts in the minutes and in the half hours that are open.

    A minute that the watermark has passed is handed to its half hour, in the same micro-batch.
    """
    minutes: Counter[datetime] = Counter()
    halves: dict[datetime, dict[datetime, int]] = {}
    found: list[dict[str, Rows]] = []
    for batch, mark in zip(record.batches, marks(record), strict=True):
        for line in batch.input:
            time, _, people = line.text.split(",")
            minutes[instant(time).replace(second=0)] += int(people)
        for minute in [each for each in minutes if each + timedelta(minutes=1) <= mark]:
            half = minute.replace(minute=minute.minute // 30 * 30)
            halves.setdefault(half, {})[minute] = minutes.pop(minute)
        halves = {half: has for half, has in halves.items() if half + timedelta(minutes=30) > mark}
        in_minutes: Rows = [(window(each, 1), str(count)) for each, count in minutes.items()]
        in_halves: Rows = [best(half, has) for half, has in halves.items()]
        kept = {"agregación 1": in_minutes, "agregación 2": in_halves}
        found.append({name: sorted(all_, key=str) for name, all_ in kept.items()})
    return found


def best(half: datetime, people: dict[datetime, int]) -> tuple[str, ...]:
    """The row of a half hour: its best minute, with its people, and how many minutes it has."""
    most, minute = max((count, minute) for minute, count in people.items())
    return (window(half, 30), window(minute, 1), str(most), str(most), str(len(people)))


def window(start: datetime, minutes: int) -> str:
    """A window as Spark shows it."""
    return f"{{{start}, {start + timedelta(minutes=minutes)}}}"


def test_two_aggregations_keep_what_python_keeps(course: Callable[[str], NotebookNode]) -> None:
    record = records_of(course("ventanas/en-cadena"))["mejores"]
    right = summed(record)
    assert [rows(batch) for batch in record.batches] == right
    assert all(any(held[name] for held in right) for name in right[0])
    assert all(
        rows(swapped(batch)) != held
        for batch, held in zip(record.batches, right, strict=True)
        if any(held.values())
    )
    for batch in record.batches:
        assert [store.keys for store in batch.stores] == [1, 1]


# -- any query


def told(description: str, **more: Any) -> dict[str, Any]:
    """What a progress tells of a source."""
    return {"description": description, "startOffset": None, "endOffset": None, **more}


def test_kafka_and_a_folder_are_read_each_from_its_own_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages first: the folder's notes are those of the second source."""
    laid = tmp_path / "precios nuevos" / "1.csv"
    laid.parent.mkdir()
    laid.write_text("café,2\nté,1\n", "utf-8")
    notes = tmp_path / "checkpoint" / "sources"
    for number, text in enumerate(['v1\n{"pedidos":{"0":5}}', f'v1\n{{"path":"{laid.as_uri()}",']):
        (notes / str(number)).mkdir(parents=True)
        (notes / str(number) / "0").write_text(text if number == 0 else f'{text}"batchId":0}}')
    asked = []

    def between(topic: str, partition: int, start: int, end: int) -> list[Any]:
        asked.append((topic, partition, start, end))
        message = MagicMock()
        message.value.return_value, message.timestamp.return_value = b"un caf\xc3\xa9", (1, 0)
        return [message]

    monkeypatch.setattr(messages, "between", between)
    pair = [
        told(
            "KafkaV2[Subscribe[pedidos]]",
            endOffset={"pedidos": {"0": 6}},
            latestOffset={"pedidos": {"0": 8}},
        ),
        told(f"FileStreamSource[file:{laid.parent}]", endOffset={"logOffset": 0}),
    ]
    found = sources.find(pair, Place(lambda: tmp_path / "checkpoint", Keyboard(), 0))
    assert [source.name for source in found] == ["pedidos", "precios nuevos"]
    lines = [source.read(each) for source, each in zip(found, pair, strict=True)]
    assert [[(line.text, line.origin) for line in some] for some in lines] == [
        [("un café", "pedidos-0")],
        [("café,2", "precios nuevos/1.csv"), ("té,1", "precios nuevos/1.csv")],
    ]
    assert asked == [("pedidos", 0, 5, 6)]
    assert sources.waiting(pair) == 2
    assert sources.waiting(pair[1:]) is None


def test_two_sockets_are_told_apart_by_their_terminals() -> None:
    keyboard = Keyboard()
    for terminal, port in (("1", 9991), ("2", 9992)):
        keyboard.typed(terminal, f"nc -lk 127.0.0.1 {port}", to_shell=True)
    for terminal, text in (("1", "a"), ("2", "b"), ("1", "c")):
        keyboard.typed(terminal, text, to_shell=False)
    pair = [
        told(f"TextSocketV2[host: localhost, port: {port}]", startOffset=-1, endOffset=end)
        for port, end in ((9992, 0), (9991, 1))
    ]
    found = sources.find(pair, Place(Path, keyboard, 0))
    assert [source.name for source in found] == ["Terminal 2", "Terminal 1"]
    read = [[line.text for line in each.read(at)] for each, at in zip(found, pair, strict=True)]
    assert read == [["b"], ["a", "c"]]


def test_a_source_that_nobody_can_look_into_is_named() -> None:
    with pytest.raises(TraceError, match="lee de RateStreamV2: solo se puede registrar"):
        sources.find([told("RateStreamV2")], Place(Path, Keyboard(), 0))


class Frame:
    """What is read of a store: its columns, and how many rows."""

    def __init__(self, columns: list[str], count: int) -> None:
        self.columns = columns
        self.count = count

    def select(self, *parts: str) -> Frame:
        """The part that is asked for: a key has one column."""
        return Frame(self.columns[:1], self.count) if parts == ("key.*",) else self


def kept(
    monkeypatch: pytest.MonkeyPatch, operators: list[tuple[str, int]], *names: str
) -> list[tuple[str, int, int]]:
    """Name, keys and rows of the stores of ``operators``, the last one first, as Spark tells them.

    Operator n keeps n + 1 rows on each side, and one more on the right one.
    """

    def load(_: Path, __: int, operatorId: int, joinSide: str = "left") -> Frame:  # noqa: N803
        return Frame(["a", "b"], operatorId + 1 + (joinSide == "right"))

    monkeypatch.setattr(stores, "_load", load)
    monkeypatch.setattr(
        stores, "_table", lambda frame: Table(tuple(frame.columns), (("x", "y"),) * frame.count)
    )
    progress = {
        "batchId": 0,
        "stateOperators": [{"operatorName": n, "numRowsTotal": rows} for n, rows in operators],
    }
    state, found = stores.read(progress, Path, names or ("entrada",))
    assert state is None
    return [(store.name, store.keys, len(store.table.rows)) for store in found]


def test_stores_come_in_the_order_in_which_rows_reach_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [("stateStoreSave", 1), ("stateStoreSave", 2), ("dedupeWithinWatermark", 3)]
    assert kept(monkeypatch, chain) == [
        ("quitar repetidos", 1, 3),
        ("agregación 1", 1, 2),
        ("agregación 2", 1, 1),
    ]


def test_the_sides_of_a_join_are_called_as_what_they_read(monkeypatch: pytest.MonkeyPatch) -> None:
    join = [("symmetricHashJoin", 3)]
    assert kept(monkeypatch, join, "pedidos", "cobros") == [("pedidos", 2, 1), ("cobros", 2, 2)]
    for names in (("entrada", "entrada"), ("a", "b", "c"), ("a",)):
        sides = [("join, izquierda", 2, 1), ("join, derecha", 2, 2)]
        assert kept(monkeypatch, join, *names) == sides
    two = [("symmetricHashJoin", 3), ("symmetricHashJoin", 5)]
    assert [name for name, *_ in kept(monkeypatch, two, "a", "b")] == [
        f"join {number}, {side}" for number in (1, 2) for side in ("izquierda", "derecha")
    ]


def test_rows_that_spark_counts_and_nobody_finds_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(TraceError, match=r"\(join\) tiene 4 filas según Spark, y encuentro 3"):
        kept(monkeypatch, [("symmetricHashJoin", 4)], "a", "b")
    # Two operators in the wrong order.
    with pytest.raises(
        TraceError, match=r"\(agregación\) tiene 1 filas según Spark, y encuentro 2"
    ):
        kept(monkeypatch, [("dedupe", 2), ("stateStoreSave", 1)])
    with pytest.raises(TraceError, match="No sé enseñar lo que guarda globalLimit"):
        kept(monkeypatch, [("globalLimit", 1), ("stateStoreSave", 2)])


STORES = (
    Store("pedidos", 2, Table(("pedido", "ticket"), (("12:00", "1"), ("12:01", "2")))),
    Store("cobros", 2, Table(("cobrado", "pagado"), ())),
)
AT = "2026-11-24T05:00:00.000Z"
JOINED = Batch(
    3,
    AT,
    1,
    (Line("12:00,1", "pedidos/1.csv", None),),
    1,
    None,
    None,
    Table(("t",), ()),
    0,
    None,
    STORES,
)


def test_a_question_may_ask_of_all_stores_or_of_one() -> None:
    def ask(what: str) -> runs.Shown:
        return runs._of(JOINED, what)

    assert ask("estado").tables == tuple(store.table for store in STORES)
    assert ask("estado cobros").tables == (STORES[1].table,)
    assert [ask(what).text for what in ("guarda", "guarda pedidos", "guarda cobros")] == [
        *("2", "2", "0")
    ]
    with pytest.raises(PageError, match="guarda cobros"):
        ask("estado devoluciones")


def test_without_javascript_each_store_has_its_title() -> None:
    said = [node.astext() for node in player._tables(JOINED)]
    assert said[0] == "Batch 3"
    assert "Estado (pedidos)" in said
    assert "Estado (cobros): ninguna fila." in said


@pytest.mark.parametrize("name", ["transformaciones/que-join", "ventanas/en-cadena"])
def test_the_page_without_javascript_has_every_row_that_is_kept(
    course: Callable[[str], NotebookNode], name: str
) -> None:
    html = BeautifulSoup((DOCS / "_build/html" / f"{name}.html").read_text(), "html.parser")
    cells = Counter(cell.text.strip() for cell in html.select(".stream-fallback td"))
    (record,) = records_of(course(name)).values()
    wanted = Counter(
        value or "NULL"
        for batch in record.batches
        for _, table in batch.kept
        for row in table.rows
        for value in row
    )
    assert not wanted - cells


# -- in a build

SESSION = """from pyspark.sql import SparkSession
from pyspark.sql.functions import expr
spark = (SparkSession.builder.config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC").getOrCreate())
def leer(carpeta, esquema, hora):
    fuente = spark.readStream.schema(esquema).csv(carpeta)
    return fuente.withWatermark(hora, "10 minutes")
pedidos = leer("pedidos", "pedido TIMESTAMP, ticket INT", "pedido")
cobros = leer("cobros", "cobrado TIMESTAMP, pagado INT", "cobrado")"""
START = '.writeStream.format("console").start()'
JOIN = f"""a_tiempo = "ticket = pagado AND cobrado BETWEEN pedido AND pedido + INTERVAL 1 HOUR"
consulta = pedidos.join(cobros, expr(a_tiempo), "left"){START}"""
UNION = f"""consulta = pedidos.union(cobros){START}"""
LAY = """%%terminal 1
echo '2026-03-02 12:00,1' > nuevo
echo '2026-03-02 12:00,1' >> nuevo
mv nuevo pedidos/1.csv"""
PAY = """%%terminal 1
echo '2026-03-02 12:20,1' > nuevo
mv nuevo cobros/1.csv"""


@pytest.mark.full
def test_two_folders_with_files_of_one_name(site: Site) -> None:
    """Joined, where a row that came twice is kept twice; and put together, with no state."""
    make = "%%terminal 1\nmkdir pedidos cobros"
    for name, query in (("una", JOIN), ("dos", UNION)):
        cells = (make, SESSION, f":record: r\n{query}", LAY, PAY, "consulta.stop()")
        site.page(name, *cells)
        shown = "\n```{player} Dos fuentes\nr\n```\n"
        site.append(f"{name}.md", shown)
    site.regen()
    joined, united = (record_on(site, name) for name in ("una", "dos"))
    order, payment = ("2026-03-02 12:00:00", "1"), ("2026-03-02 12:20:00", "1")
    held = [rows(batch) for batch in joined.batches if batch.input]
    assert held == [
        {"pedidos": [order, order], "cobros": []},
        {"pedidos": [order, order], "cobros": [payment]},
    ]
    for record in (joined, united):
        read = [[line.origin for line in batch.input] for batch in record.batches if batch.input]
        assert read == [["pedidos/1.csv"] * 2, ["cobros/1.csv"]]
    assert all(batch.kept == () for batch in united.batches)


def record_on(site: Site, name: str) -> Record:
    """The record that the only player of a page plays."""
    html = BeautifulSoup((site.root / "_build/html" / f"{name}.html").read_text(), "html.parser")
    (script,) = html.select("stream-player > script")
    data = msgspec.json.decode(str(script.string))
    return msgspec.convert(data["records"][0]["record"], Record)

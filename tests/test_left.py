"""What a reader's program has left, whatever it is, is read, or said in words for the reader."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from streamdocs.errors import StreamdocsError
from streamdocs.exercises import drive_cut, drive_several, files
from streamdocs.exercises.check import unfinished
from streamdocs.exercises.stores import json_rows, sqlite_rows, text_lines, unordered

LINES = '{"parada": "norte", "retraso": 10}\n{"retraso": 12, "parada": "sur"}\n{"parada": "este"}\n'
TABLE = unordered(
    [
        {"parada": "norte", "retraso": 10},
        {"parada": "sur", "retraso": 12},
        {"parada": "este", "retraso": None},
    ]
)


@pytest.mark.parametrize("place", ["part-0.json", "numero=3/part-0.json", "3.json/part-0.json"])
def test_json_is_read_wherever_it_lies(tmp_path: Path, place: str) -> None:
    for name in (place, "_spark_metadata/0", "_temporary/0.json", ".part-0.json.crc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(LINES)
    assert json_rows(tmp_path) == TABLE


@pytest.mark.parametrize("text", ["[1, 2]\n", "{\n", "nada\n", '"a"\n', "\udcff"])
def test_what_is_no_object_is_said_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "0.json").write_text(text, "utf-8", "surrogateescape")
    with pytest.raises(StreamdocsError, match=r"de 0\.json debe ser un objeto JSON"):
        json_rows(tmp_path)


def test_lines_are_read_in_files_of_any_name(tmp_path: Path) -> None:
    (tmp_path / "ciudad=Lugo").mkdir()
    (tmp_path / "ciudad=Lugo" / "0.csv").write_text("pan;2.5\n")
    assert text_lines(tmp_path).rows == (("ciudad=Lugo", "pan;2.5"),)


@pytest.mark.parametrize("kind", ["nothing", "folder", "text", "other table"])
def test_what_is_no_base_is_said(tmp_path: Path, kind: str) -> None:
    base = tmp_path / "base"
    if kind == "folder":
        base.mkdir()
    elif kind == "text":
        base.write_text("no es una base de datos, y tiene cien letras " * 5)
    elif kind == "other table":
        with closing(sqlite3.connect(base)) as database:
            database.execute("CREATE TABLE otra (a)")
    with pytest.raises(StreamdocsError):
        sqlite_rows(base, "saldo")


def test_bytes_in_a_base_are_shown(tmp_path: Path) -> None:
    base = tmp_path / "base"
    with closing(sqlite3.connect(base)) as database, database:
        database.execute("CREATE TABLE saldo (puntos)")
        database.execute("INSERT INTO saldo VALUES (?)", (b"\x01\x00",))
    assert sqlite_rows(base, "saldo").rows == ((json.dumps(repr(b"\x01\x00")),),)


@pytest.mark.parametrize(
    ("table", "others", "cut"),
    [("saldo", False, ["saldo"]), ("saldo", True, ["hechos", "más"]), ("vista", False, None)],
)
def test_only_the_chosen_tables_are_full(
    tmp_path: Path, table: str, others: bool, cut: list[str] | None
) -> None:
    base, names = tmp_path / "base", ["saldo", "hechos", "más"]
    with closing(sqlite3.connect(base)) as database, database:
        for name in names:
            database.execute(f'CREATE TABLE "{name}" (a INTEGER PRIMARY KEY)')
        database.execute("CREATE VIEW vista AS SELECT * FROM saldo")
    with drive_cut._full(base, drive_cut._chosen(base, table, others)):
        for name in names:
            # Not even who expects that its key is there already.
            with closing(sqlite3.connect(base)) as database:
                if name in (cut or names):
                    with pytest.raises(sqlite3.OperationalError):
                        database.execute(f'INSERT OR IGNORE INTO "{name}" VALUES (1)')
                else:
                    database.execute(f'INSERT OR IGNORE INTO "{name}" VALUES (1)')
    with closing(sqlite3.connect(base)) as database:
        for name in names:
            database.execute(f'INSERT INTO "{name}" VALUES (2)')


@contextmanager
def client(serve: Callable[[socket.socket], None]) -> Iterator[socket.socket]:
    """A client of who does that with its connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                serve(connection)

        answering = threading.Thread(target=answer)
        answering.start()
        with socket.create_connection(server.getsockname(), 0.2) as call:
            yield call
        answering.join()


def without_end(connection: socket.socket) -> None:
    with suppress(OSError):  # the client hangs up
        while True:
            connection.sendall(b"hola\n" * 1000)


def silent(connection: socket.socket) -> None:
    assert connection.recv(1) == b""


def rude(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (without_end, "El cliente 2 sigue recibiendo: tu programa no cierra su conexión."),
        (silent, "El cliente 2 sigue esperando: tu programa no cierra su conexión."),
        (rude, "El programa ha terminado sin que atienda al cliente 2."),
    ],
)
def test_a_server_that_does_not_hang_up_is_not_heard_for_ever(
    serve: Callable[[socket.socket], None], said: str
) -> None:
    with client(serve) as call, pytest.raises(StreamdocsError) as error:
        drive_several._until_hung_up(call, 2)
    assert str(error.value) == said


def test_a_byte_order_mark_hides_no_gap(tmp_path: Path) -> None:
    file = tmp_path / "hola.py"
    file.write_text("# Completa\ntotal = ...\n", "utf-8-sig")
    assert unfinished(file) == [2]
    file.write_bytes("# año\n".encode("latin-1"))
    with pytest.raises(StreamdocsError, match="no está en UTF-8"):
        files.text(file)

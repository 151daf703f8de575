"""What the course says of nc: the orders of its sheet are run, and no server is open to all."""

import os
import re
import select
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs.system import ports

SHEET = ROOT / "docs" / "nc" / "una-pagina.md"
HOME = "127.0.0.1"
TIME = 10.0


@dataclass(frozen=True)
class Order:
    """An order of the sheet, on a port of its own, and the folder in which it runs."""

    text: str
    port: int
    folder: Path

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The order while it runs; what it is told comes by a pipe that stays open."""
        with subprocess.Popen(
            ["bash", "-c", f"exec {self.text}"],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        ) as program:
            try:
                yield program
            finally:
                program.kill()

    def call(self) -> socket.socket:
        """Call the order's port until somebody is there."""
        limit = time.monotonic() + TIME
        while True:
            try:
                return socket.create_connection((HOME, self.port), TIME)
            except ConnectionRefusedError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.02)


def speaks(program: subprocess.Popen[bytes], seconds: float) -> bool:
    return bool(select.select([program.stdout or 0], [], [], seconds)[0])


def said(program: subprocess.Popen[bytes]) -> bytes:
    """What the program shows next, if it shows anything in time."""
    assert program.stdout
    return os.read(program.stdout.fileno(), 99) if speaks(program, TIME) else b""


def tell(program: subprocess.Popen[bytes], data: bytes) -> None:
    assert program.stdin
    program.stdin.write(data)


@contextmanager
def waiting(order: Order) -> Iterator[Callable[[], socket.socket]]:
    """Somebody who waits for the order's call, and then answers it."""
    with socket.create_server((HOME, order.port)) as server:
        server.settimeout(TIME)

        def answered() -> socket.socket:
            client, _ = server.accept()
            client.settimeout(TIME)
            return client

        yield answered


def hears(order: Order, clients: int = 1) -> None:
    """What each of some clients sends, one after another, is shown."""
    with order.running() as program:
        for _ in range(clients):
            with order.call() as client:
                client.sendall(b"mar\n")
                assert said(program) == b"mar\n"


def serves_once(order: Order) -> None:
    hears(order)
    with order.running() as program:
        order.call().close()
        assert program.wait(TIME) == 0


def stays(order: Order) -> None:
    """All at once, or one after another: as the sheet says."""
    hears(order, clients=3)
    with order.running() as program, order.call() as first, order.call() as second:
        second.sendall(b"dos\n")
        if not order.text.startswith("ncat"):
            first.sendall(b"uno\n")
            assert said(program) == b"uno\n"
            first.close()
        assert said(program) == b"dos\n"


def calls(order: Order) -> None:
    with waiting(order) as answered, order.running() as program, answered() as client:
        tell(program, b"sol\n")
        assert client.recv(9) == b"sol\n"
        client.sendall(b"mar\n")
        assert said(program) == b"mar\n"


def sends_and_ends(order: Order) -> None:
    (order.folder / "FICHERO").write_bytes(b"arena\n")
    with waiting(order) as answered, order.running() as program:
        with answered() as client:
            assert client.makefile("rb").read() == b"arena\n"
        assert program.wait(TIME) == 0


def hands_on(order: Order) -> None:
    """To the others, and to them only."""
    with order.running(), order.call() as one, order.call() as other:
        other.settimeout(0.2)
        for _ in range(50):
            one.sendall(b"sal\n")
            try:
                assert other.recv(4) == b"sal\n"
            except TimeoutError:
                continue
            return
    pytest.fail(f"{order.text}: nada llega de un cliente a otro")


def receives_to_the_end(order: Order) -> None:
    with waiting(order) as answered, order.running() as program:
        with answered() as client:
            client.sendall(b"viento\n")
        assert program.wait(TIME) == 0
    assert (order.folder / "FICHERO").read_bytes() == b"viento\n"


def sees_what_is_open(order: Order) -> None:
    with waiting(order), order.running() as program:
        assert program.wait(TIME) == 0
    with order.running() as program:
        assert program.wait(TIME) == 1


def hears_udp(order: Order) -> None:
    with order.running() as program, socket.socket(type=socket.SOCK_DGRAM) as client:
        limit = time.monotonic() + TIME
        while time.monotonic() < limit:
            client.sendto(b"mar\n", (HOME, order.port))
            if speaks(program, 0.1):
                break
        assert said(program).startswith(b"mar\n")


def ends_lines_in_crlf(order: Order) -> None:
    with waiting(order) as answered, order.running() as program, answered() as client:
        tell(program, b"GET\n")
        assert client.makefile("rb").read(5) == b"GET\r\n"


def serves_a_program(order: Order) -> None:
    with order.running(), order.call() as client:
        client.sendall(b"mar\n")
        assert client.recv(99).split() == [b"1", b"mar"]


CHECKS: dict[str, Callable[[Order], None]] = {
    "escuchar, y atender a uno": serves_once,
    "escuchar, y quedarte": stays,
    "llamar": calls,
    "enviar, y colgar al acabar": sends_and_ends,
    "repartir lo de un cliente a los demás": hands_on,
    "recibir un fichero hasta el final": receives_to_the_end,
    "saber si un puerto está abierto": sees_what_is_open,
    "escuchar por UDP": hears_udp,
    "acabar las líneas en CRLF": ends_lines_in_crlf,
    "servir un programa": serves_a_program,
}


def orders() -> Iterator[tuple[str, str]]:
    """Each need of the sheet, with the orders of the programs that are here."""
    lines = SHEET.read_text("utf-8").split("|---|---|---|---|\n")[1].split("\n\n")[0]
    for line in lines.splitlines():
        need, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        for cell in cells[:2]:
            yield from ((need, order) for order in re.findall("`(n[^`]+)`", cell))


def free_port() -> int:
    with socket.create_server((HOME, 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize(("need", "text"), list(orders()))
def test_an_order_of_the_sheet_does_what_it_is_for(need: str, text: str, tmp_path: Path) -> None:
    port = free_port()
    CHECKS[need](Order(text.replace("9999", str(port)), port, tmp_path))


def test_the_sheet_has_orders_for_each_need() -> None:
    assert {need for need, _ in orders()} == set(CHECKS)


@pytest.mark.parametrize(
    ("need", "text"),
    [
        ("escuchar, y quedarte", "nc -l 127.0.0.1 9999"),
        ("enviar, y colgar al acabar", "nc 127.0.0.1 9999 < FICHERO"),
        ("repartir lo de un cliente a los demás", "ncat -lk 127.0.0.1 9999"),
        ("recibir un fichero hasta el final", "ncat -l 127.0.0.1 9999 > FICHERO"),
        ("acabar las líneas en CRLF", "nc 127.0.0.1 9999"),
    ],
)
def test_another_order_would_not_do(
    need: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_nc.TIME", 1.0)
    port = free_port()
    with pytest.raises((AssertionError, OSError, subprocess.TimeoutExpired, pytest.fail.Exception)):
        CHECKS[need](Order(text.replace("9999", str(port)), port, tmp_path))


WRITTEN = [
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs").glob("*/*.md")),
    *sorted((ROOT / "examples").rglob("*.py")),
]
OPEN_ON_PURPOSE = {
    "docs/hola/ejecutar.md": "Docker reaches no server on 127.0.0.1, and it says so",
    "docs/nc/ordenes.md": "shows what an open server is",
    "docs/nc/cliente-y-servidor.md": "says what an open server is",
    "docs/nc/enviar-y-recibir.md": "quotes the form that macOS refuses",
    "docs/nc/variantes.md": "names options without the address, and says so",
    "docs/apuntes-y-spark.md": "quotes the notes",
}


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_server_is_open_to_all(file: Path) -> None:
    if file.relative_to(ROOT).as_posix() not in OPEN_ON_PURPOSE:
        assert open_servers(file.read_text("utf-8")) == []


def open_servers(text: str) -> list[str]:
    """The lines in which nc is to listen, and no address of this machine is said."""
    said = (line for line in text.splitlines() if ports.LISTENS.search(line))
    return [line for line in said if HOME not in line]


@pytest.mark.parametrize(
    "line", ["nc -lk 9999", "escribe: nc -l -p 9999", "ncat --broker -lk 9999"]
)
def test_an_open_server_is_seen(line: str) -> None:
    assert open_servers(line) == [line]
    assert open_servers(line.replace("9999", "127.0.0.1 9999")) == []

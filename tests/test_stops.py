"""Programs that are stopped in order, often and at any moment: what their warehouse receives."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT
from lives import DEADLINE, Life, life, numbers

pytestmark = pytest.mark.full

WORK = ROOT / "examples" / "trabajo"
ORDER = {
    "en_orden.py": {"if parar.is_set():": "if False:", "consulta.awaitTermination(PLAZO)": "False"},
    "dos_en_orden.py": {
        "        if parar.is_set():": "        if False:",
        "and a_medias(consulta.name)": "and False",
    },
}
"""What makes a stop one in order, and what makes it a plain stop(), which cuts the batch."""

STOPS = 20
WAITING = 20
SLOWEST = 0.4
"""Seconds that the warehouse may take to answer."""


class Warehouse:
    """Orders that wait in files, who sends them, and a warehouse that takes its time to answer."""

    def __init__(self, folder: Path, script: Path) -> None:
        """Open it: whoever asks is answered from now on."""
        self.inside = 0
        """Stops between an order and its answer."""
        self._folder, self._script = folder, script
        self._orders = 0
        (folder / "pedidos").mkdir()
        os.mkfifo(folder / "respuestas")
        self._closed = threading.Event()
        self._answering = threading.Thread(target=self._answer)
        self._answering.start()

    def _answer(self) -> None:
        """Answer whoever waits for it; nobody does while the pipe has no reader."""
        while not self._closed.wait(0.01):
            try:
                pipe = os.open(self._folder / "respuestas", os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                continue
            self._closed.wait(random.uniform(0, SLOWEST))
            try:
                os.write(pipe, b"vale\n")
            except BrokenPipeError:
                pass  # Who asked has died.
            finally:
                os.close(pipe)

    def leave(self) -> None:
        """Answer nobody any more."""
        self._closed.set()
        self._answering.join()

    def received(self) -> Counter[str]:
        """How often each order has come."""
        file = self._folder / "recibido.txt"
        return Counter(file.read_text("utf-8").split() if file.exists() else ())

    def counted(self) -> Counter[str]:
        """How often each order has been counted, where the program does that, too."""
        file = self._folder / "cuentas.txt"
        lines = file.read_text("utf-8").splitlines() if file.exists() else ()
        return Counter(line.split()[1] for line in lines)

    def ordered(self) -> Counter[str]:
        """Each order, once."""
        return Counter(f"pedido-{number}" for number in range(self._orders))

    def _bring(self) -> None:
        """Lay files until some wait; a batch takes one."""
        for _ in range(WAITING - self._orders + len(self.received())):
            part = self._folder / "parte"
            part.write_text(f"pedido-{self._orders}\n")
            part.rename(self._folder / f"pedidos/{self._orders}.txt")
            self._orders += 1

    def stop(self) -> None:
        """Start the program, and ask it to stop some time after it has begun a batch."""
        self._bring()
        before = self.received().total()
        with life(self._script, self._folder) as program:
            program.until(lambda: self.received().total() > before, "it sends an order")
            time.sleep(random.uniform(0, 3 * SLOWEST))
            program.process.terminate()
            said = program.log.read_text("utf-8")
            self.inside += said.count("enviado el") > said.count("confirmado el")
            program.end()

    def _all_there(self) -> bool:
        """Whether no order is lacking, and Spark knows of all that is there."""
        checkpoint = self._folder / "checkpoint-envios"
        there = self.ordered().keys() <= self.received().keys()
        if self.counted():
            there = there and self.ordered().keys() <= self.counted().keys()
        return there and numbers(checkpoint, "offsets") == numbers(checkpoint, "commits")

    def finish(self) -> None:
        """Live until all has been sent."""
        with life(self._script, self._folder) as program:
            program.until(self._all_there, "it sends all orders")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], Warehouse]]:
    """Opens a warehouse to which that program sends."""
    with ExitStack() as leaving:

        def open_(script: Path) -> Warehouse:
            it = Warehouse(tmp_path, script)
            leaving.callback(it.leave)
            return it

        yield open_


@pytest.mark.parametrize("name", ORDER)
def test_an_ordered_stop_repeats_nothing_and_loses_nothing(
    opened: Callable[[Path], Warehouse], name: str
) -> None:
    warehouse = opened(WORK / name)
    for _ in range(STOPS):
        warehouse.stop()
        assert set(warehouse.received().values()) == {1}
        assert set(warehouse.counted().values()) <= {1}
    assert warehouse.inside, "no stop was in the middle of a batch"
    warehouse.finish()
    assert warehouse.received() == warehouse.ordered()
    assert warehouse.counted() in (warehouse.ordered(), Counter())
    assert bool(warehouse.counted()) == (name == "dos_en_orden.py")


@pytest.mark.parametrize("name", ORDER)
def test_a_stop_without_order_is_caught(
    opened: Callable[[Path], Warehouse], tmp_path: Path, name: str
) -> None:
    text = (WORK / name).read_text("utf-8")
    for right, wrong in ORDER[name].items():
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    hasty = tmp_path / "sin_orden.py"
    hasty.write_text(text, "utf-8")
    warehouse = opened(hasty)
    for _ in range(STOPS):
        warehouse.stop()
        if warehouse.received().total() > len(warehouse.received()):
            return
    pytest.fail(f"no order came twice in {STOPS} stops")


def test_a_stop_that_cuts_a_batch_ends_with_1(tmp_path: Path) -> None:
    """The deadline is shorter than the batch: Spark notes it, or not."""
    ends = set()
    for number in range(CUTS):
        folder = tmp_path / str(number)
        (folder / "pedidos").mkdir(parents=True)
        (folder / "pedidos" / "1.txt").write_text("pan\n")
        os.mkfifo(folder / "respuestas")
        with life(WORK / "en_orden.py", folder, PLAZO="0.5") as program:
            program.until(partial(says, program, "enviado"), "it sends one")
            program.process.terminate()
            # It has asked Spark to stop, and waits for the batch with it.
            with pytest.raises(subprocess.TimeoutExpired):
                program.process.wait(5)
            (folder / "respuestas").write_text("vale\n")
            ended = program.process.wait(DEADLINE)
            said = says(program, "a medias")
        noted = numbers(folder / "checkpoint-envios", "commits") == {"0"}
        assert (ended, said) == ((0, False) if noted else (1, True))
        ends.add(ended)
        if 1 in ends:
            return
    pytest.fail(f"no stop has cut a batch in {CUTS}")


CUTS = 10


def says(program: Life, text: str) -> bool:
    """Whether it has said that."""
    return text in program.log.read_text("utf-8")


def test_who_is_told_to_stop_starts_nothing_again(tmp_path: Path) -> None:
    (tmp_path / "numeros").mkdir()
    (tmp_path / "numeros" / "dos.txt").write_text("dos\n")
    diary = tmp_path / "diario.jsonl"

    def deaths() -> int:
        return diary.read_text("utf-8").count("ha muerto") if diary.exists() else 0

    with life(WORK / "supervisor.py", tmp_path) as program:
        # After the third it waits for two seconds.
        program.until(lambda: deaths() == 3, "it waits before it starts it again")
        program.process.terminate()
        program.end()
    told = [json.loads(line) for line in diary.read_text("utf-8").splitlines()]
    assert [(each["dice"], each["consulta"]) for each in told[-2:]] == [
        ("ha muerto", "suma"),
        ("la paro", "cuenta"),
    ]

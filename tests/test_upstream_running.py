"""The insides of others that the room «running» relies on are still what they were."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors import utils
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook
from pyspark.core import context
from traitlets import HasTraits, TraitError

from streamdocs.running import jvm, upstream


def test_jupyter_cache_executes_with_what_it_is_given() -> None:
    ran: list[Any] = []
    with upstream.executing_with(lambda notebook, **_: ran.append(notebook)):
        utils.single_nb_execution(new_notebook(), None, 1, False)
    assert ran == [new_notebook()]


def test_what_several_lanes_run_at_once_is_kept_once(tmp_path: Path) -> None:
    """Each has its own connection to the cache, as processes have."""
    get_cache(str(tmp_path)).list_cache_records()
    together = Barrier(4)

    def lane(_number: int) -> list[int]:
        mine, kept = get_cache(str(tmp_path)), []
        for page in range(10):
            bundle = CacheBundleIn(new_notebook(cells=[new_code_cell(str(page))]), "a.md")
            together.wait(20)
            kept.append(mine.cache_notebook_bundle(bundle, check_validity=False, overwrite=True).pk)
        return kept

    with upstream.keeping_once(), ThreadPoolExecutor(4) as lanes:
        first, *others = lanes.map(lane, range(4))
    assert others == [first] * 3
    assert len(set(first)) == 10


def test_a_kernels_manager_says_how_it_is_reached(tmp_path: Path) -> None:
    manager = KernelManager()
    upstream.over_sockets(manager, tmp_path / "a")
    assert (manager.transport, manager.ip) == ("ipc", str(tmp_path / "a"))
    with pytest.raises(TraitError):
        upstream.over_sockets(HasTraits(), tmp_path)


class LaunchedError(Exception):
    """The launcher was ours."""


def test_a_spark_context_gets_its_jvm_from_the_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "launch_gateway", vars(context)["launch_gateway"])
    monkeypatch.setattr(context.SparkContext, "_gateway", None)

    def launch(conf: object = None) -> None:
        raise LaunchedError

    upstream.launching_with(launch)
    with pytest.raises(LaunchedError):
        context.SparkContext._ensure_initialized()


@pytest.mark.parametrize(
    ("owner", "name", "rely"),
    [
        (utils, "executenb", lambda: upstream.executing_with(print).__enter__()),
        (context, "launch_gateway", lambda: upstream.launching_with(print)),
    ],
)
def test_what_is_renamed_is_missed(
    owner: object, name: str, rely: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(owner, name)
    with pytest.raises(AttributeError, match=name):
        rely()


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell like a kernel's, without a kernel."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_cells_code_and_an_exit_go_by_our_names(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[object] = []
    upstream.name_cells(shell)
    upstream.exit_quietly(shell, lambda *_, **__: shown.append(1))
    assert shell.compile.cache("1", 7) == "<celda 7>"
    shell.run_cell("raise SystemExit")
    assert shown == [1]
    assert "To exit" not in "".join(capsys.readouterr())


def test_a_shell_shows_an_error_in_lines() -> None:
    """It is the kernel's, which sends them; the errors of test_kernel.py come through it."""
    names = list(inspect.signature(ZMQInteractiveShell._showtraceback).parameters)
    assert names == ["self", "etype", "evalue", "stb"]


def test_a_jvm_is_as_good_as_new_when_it_is_turned(tmp_path: Path) -> None:
    gateway, address = jvm.launch(tmp_path / "stdout", cwd=str(tmp_path))
    inside = gateway.jvm
    assert inside.java.lang.ProcessHandle.current().pid() == address.pid
    left = inside.org.apache.spark.api.java.JavaSparkContext("local[1]", "olvidado")
    session = inside.org.apache.spark.sql.SparkSession.builder().getOrCreate()
    query = session.readStream().text(str(tmp_path)).writeStream().format("noop").start()
    upstream.turn(inside, str(tmp_path / "otra"), {"spark.eventLog.dir": "aquí"})
    assert not query.isActive()
    assert left.sc().isStopped()
    assert inside.org.apache.spark.sql.SparkSession.getActiveSession().isEmpty()
    assert inside.org.apache.spark.sql.SparkSession.getDefaultSession().isEmpty()
    system = inside.java.lang.System
    assert system.getProperty("user.dir") == str(tmp_path / "otra")
    assert system.getProperty("spark.sql.warehouse.dir") == str(tmp_path / "otra/spark-warehouse")
    configuration = inside.org.apache.hadoop.conf.Configuration()
    folder = inside.org.apache.hadoop.fs.FileSystem.get(configuration).getWorkingDirectory()
    assert folder.toUri().getPath() == str(tmp_path / "otra")
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(60)

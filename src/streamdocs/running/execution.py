"""Run a notebook so that what ends its kernel is the failure of a cell, not of the build."""

import tempfile
from collections.abc import Callable, Iterable
from typing import Any

import nbclient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output

from streamdocs.errors import (
    DiskFullError,
    StreamdocsError,
    WaitTimeoutError,
    means_full_disk,
)
from streamdocs.system import screen


class KernelDiedError(StreamdocsError):
    """The kernel of a page died inside a cell."""

    def __init__(self) -> None:
        super().__init__(
            "El kernel de la página ha muerto en esta celda: mira si lo mata su código, o si a la "
            "máquina le falta memoria."
        )


def execute(begins: Callable[[int], None], notebook: NotebookNode, **options: Any) -> NotebookNode:
    """Stand in for the ``execute`` of nbclient that jupyter-cache calls, with its ``options``.

    ``begins`` is called with the number, from 0, of each code cell that is about to run.

    What keeps the kernel from starting or from answering becomes an output of the cell that ran,
    or of the first one. Raises CellTimeoutError then, which jupyter-cache takes for the failure
    of one notebook; of a dead kernel it knows nothing, and the build would stop.
    """
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    running = notebook.cells[code[0]]

    def remember(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = cell
        begins(code.index(cell_index))

    try:
        return nbclient.execute(
            notebook,
            on_cell_execute=remember,
            # One that has used Spark takes three seconds to end by itself, and has nothing to save.
            shutdown_kernel="immediate",
            **options,
        )
    except (StreamdocsError, OSError, RuntimeError) as error:
        cause = _readable(error, options["timeout"])
        name, text = type(cause).__name__, str(cause)
        shown_as = {"ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
        # A cell that is given up is interrupted, and answers with an error of its own.
        shown = [output for output in running.outputs if output.output_type != "error"]
        running.outputs = [*shown, new_output("error", **shown_as)]
        raise CellTimeoutError(text) from error
    finally:
        for cell in (notebook.cells[index] for index in code):
            cell.outputs = _joined(cell.outputs)


def _joined(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """The ``outputs`` with each run of the same stream as one, as a terminal would show it.

    A kernel sends what a cell prints in pieces, and where it cuts is a matter of time.
    """
    joined: list[NotebookNode] = []
    for output in outputs:
        of = (output.output_type, output.get("name"))
        if joined and of[0] == "stream" and of == (joined[-1].output_type, joined[-1].get("name")):
            joined[-1].text += output.text
        else:
            joined.append(output)
    for output in joined:
        if output.output_type == "stream":
            output.text = screen.shown(output.text)
    return joined


def _readable(error: Exception, timeout: float) -> Exception:
    if isinstance(error, CellTimeoutError):
        return WaitTimeoutError("la celda termine", timeout)
    if isinstance(error, DeadKernelError):
        return KernelDiedError()
    if means_full_disk(error):
        return DiskFullError(tempfile.gettempdir())
    return error

"""Percent-format examples: their cells, their doctests, and transcripts that can fail."""

from __future__ import annotations

import ast
import doctest
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from streamdocs.checking import transcript
from streamdocs.checking.transcript import Block, TranscriptError
from streamdocs.course import examples
from streamdocs.course.options import PageError
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

SCRIPTS = sorted((ROOT / "examples").rglob("*.py"))


def test_cells_go_by_their_title(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text('"""Doc."""\n\n# %% Uno\nx = 1\n\n# %% Dos y más\ny = 2\nz = 3\n')
    assert examples.cells(script) == {"Uno": "x = 1", "Dos y más": "y = 2\nz = 3"}
    assert examples.cell(tmp_path, "a.py#Uno") == "x = 1"


def test_a_title_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# %% Uno\nx = 1\n\n# %% Uno\ny = 2\n")
    with pytest.raises(PageError, match="dos celdas con el título «Uno»"):
        examples.cell(tmp_path, "a.py#Uno")


def test_batch_and_stream_are_told_apart_by_reading_and_writing_alone() -> None:
    batch, stream = (
        examples.cells(ROOT / "examples" / "que_es_streaming" / name)
        for name in ("batch.py", "dataframe.py")
    )
    assert batch["Transformación"] == stream["Transformación"]
    assert batch["Fuente"] != stream["Fuente"]


def with_session(script: Path) -> str:
    """A script, and the session that tests share with those beside them."""
    files = [script, *script.parent.glob("conftest.py")]
    return "\n".join(file.read_text("utf-8") for file in files)


AGAIN = re.compile(r"mpezar de cero[^\n]*:\s*(rm -r [^\n]*)\n")
MADE = re.compile(r"^ *\$ (?:mkdir|mkfifo) ([^\n;&|>]+)", re.MULTILINE)


@pytest.mark.parametrize(
    "script", [s for s in SCRIPTS if AGAIN.search(s.read_text("utf-8"))], ids=str
)
def test_who_begins_again_can_type_all_of_it(script: Path) -> None:
    """What the transcript makes, and cannot make twice, goes with the rest."""
    text = ast.get_docstring(ast.parse(script.read_text("utf-8"))) or ""
    found = AGAIN.search(text)
    assert found
    made = {name.split("/")[0] for names in MADE.findall(text) for name in names.split()}
    assert made - {"-p"} <= set(found[1].split())


GROUPS = ("groupBy(", "GROUP BY", "dropDuplicates")


@pytest.mark.parametrize(
    "script", [s for s in SCRIPTS if any(how in s.read_text("utf-8") for how in GROUPS)], ids=str
)
def test_what_groups_has_few_partitions(script: Path) -> None:
    few = re.search(r'"spark\.sql\.shuffle\.partitions", [12]\)', with_session(script))
    assert few, "con 200 particiones, cada micro-batch espera a 200 tareas"


LASTING = ("modos/matriz.py", "transformaciones/operaciones.py", "triggers/triggers.py")
"""Programs that end by themselves, but whose web there is time to look at."""

AT_ONCE = [
    script
    for script in SCRIPTS
    if ".trigger(availableNow=True)" in script.read_text("utf-8")
    and not script.as_posix().endswith(LASTING)
    and "ejercicios" not in script.parts
]


@pytest.mark.parametrize("script", AT_ONCE, ids=str)
def test_what_ends_at_once_has_no_web(script: Path) -> None:
    assert '.config("spark.ui.enabled", False)' in with_session(script)


def definitions(script: Path) -> dict[str, Any]:
    """What a script defines, without what it does: imports, CONSTANTS, functions, classes."""
    tree = ast.parse(script.read_text("utf-8"))
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree.body = [node for node in tree.body if isinstance(node, kinds) or is_constant(node)]
    names: dict[str, Any] = {"__name__": script.stem}
    exec(compile(tree, str(script), "exec"), names)
    return names


def is_constant(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id.isupper() for target in targets)


@pytest.mark.parametrize("script", [s for s in SCRIPTS if ">>>" in s.read_text("utf-8")], ids=str)
def test_doctests(script: Path) -> None:
    names = definitions(script)
    found = [
        test
        for name, value in names.items()
        if getattr(value, "__module__", None) == script.stem
        for test in doctest.DocTestFinder(recurse=False).find(value, name, globs=names)
    ]
    runner = doctest.DocTestRunner()
    for test in found:
        runner.run(test)
    assert runner.summarize().attempted > 0
    assert runner.summarize().failed == 0


def test_a_transcript_is_read_in_the_order_of_time() -> None:
    text = (
        "Doc.\n\nTerminal 1:\n    $ cat\n\nTerminal 2:\n    $ echo a\n    a\n\nTerminal 1:\n    b\n"
    )
    assert transcript.parse(text) == [
        Block("1", ("$ cat",)),
        Block("2", ("$ echo a", "a")),
        Block("1", ("b",)),
    ]


def replay(blocks: list[Block], folder: Path = ROOT / "examples") -> None:
    with Build(folder, lambda event: None) as build:
        build.open()
        home = build.workspace.new_home()
        env = build.workspace.environment(home)
        transcript.replay(blocks, lambda name: Terminal(name, home.path, env))


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_all_of_a_transcript_is_replayed(script: Path) -> None:
    transcript.parse(examples.docstring(script))


@pytest.mark.parametrize(
    "lines",
    [
        ("$ echo uno; echo dos", "uno", "dos"),
        ("$ echo uno; echo dos", "..."),
        ("$ cat", "> hola", "hola", "^D", "$ echo $?", "0"),
        ("$ cat", "^C", "$ echo $?", "130"),
        ("$ read -s clave", "> secreto", "$ echo $clave", "secreto"),
        ("$ (sleep 0.3; echo tarde) &", "[1] ...", "tarde", "$ true", "..."),
    ],
)
def test_a_session_that_goes_as_written_is_green(
    lines: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 5.0)
    replay([Block("1", lines)])


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("$ echo uno", "dos"), r"-dos\n\+uno"),
        (("$ echo uno; echo dos", "uno"), r"\+dos"),
        (("$ echo uno",), r"\+uno"),
        (("$ echo uno", "$ echo dos", "..."), r"\+uno"),
        (("$ echo uno; echo dos", "uno", "$ true"), r"\+dos"),
        (("$ true", "algo"), "-algo"),
        # What is not marked as typed is never typed.
        (("$ cat", "hola"), "-hola"),
        (("$ true", "> hola"), "no hay ningún programa al que escribirle «> hola»"),
    ],
)
def test_a_session_that_goes_otherwise_is_red(
    lines: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 1.0)
    with pytest.raises(TranscriptError, match=why):
        replay([Block("1", lines)])


@pytest.mark.parametrize(
    ("lines", "over"),
    [
        (("$ echo uno", "dos"), True),
        (("$ echo uno; echo dos", "uno"), True),
        # Something may still speak.
        (("$ cat", "hola"), False),
        (("$ (sleep 5; echo dos) & echo uno", "...", "nada"), False),
    ],
)
def test_what_is_over_is_not_waited_for(
    lines: tuple[str, ...], over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 1000.0 if over else 1.0)
    with pytest.raises(TranscriptError) as raised:
        replay([Block("1", lines)])
    assert raised.value.over is over


def silent(script: Path) -> None:
    """Leave the docstring alone: the program reads all that is typed, and prints nothing."""
    code = "import sys\n\nsys.stdin.read()"
    script.write_text(f'"""{examples.docstring(script)}"""\n\n{code}\n', "utf-8")


def without_sending(script: Path) -> None:
    text = script.read_text("utf-8")
    assert "conexion.sendall(mensaje(palabra))" in text
    script.write_text(text.replace("conexion.sendall(mensaje(palabra))", "pass"), "utf-8")


@pytest.mark.parametrize(
    ("name", "spoil"),
    [("productor/productor.py", without_sending), ("nc/variantes.py", silent)],
)
def test_the_transcript_of_a_spoilt_program_is_red(
    name: str, spoil: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both programs were green: what they did not say was typed by the test itself."""
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 5.0)
    script = shutil.copytree(ROOT / "examples", tmp_path / "examples") / name
    blocks = transcript.parse(examples.docstring(script))
    spoil(script)
    with pytest.raises(TranscriptError, match="no se ve lo escrito"):
        replay(blocks, tmp_path / "examples")


SAID = {
    "[CAST_INVALID_INPUT] The value 'dos'\n== SQL ==\nsum": "[CAST_INVALID_INPUT] The value 'dos'",
    # As Spark 4.2 tells of a function that foreachBatch called.
    "[FOREACH_BATCH_USER_FUNCTION_ERROR] An error occurred. Reason: An exception was raised by the "
    "Python Proxy. Return Message: Traceback (most recent call last):\n"
    '  File "clientserver.py", line 644, in _call_proxy\n    return_value = getattr(self.pool\n'
    '  File "mio.py", line 9, in escribir\n    raise ValueError("mal")\nValueError: mal\n\n'
    "=== Streaming Query ===\n+- Aggregate [clave#0]": "ValueError: mal",
}


@pytest.mark.parametrize(
    "name", ["hola/dos_consultas.py", "trabajo/supervisor.py", "trabajo/dos_en_orden.py"]
)
@pytest.mark.parametrize("said", SAID)
def test_why_a_query_died_is_told_in_one_line(name: str, said: str) -> None:
    tree = ast.parse((ROOT / "examples" / name).read_text("utf-8"))
    (function,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "motivo")
    found: dict[str, Any] = {}
    exec(compile(ast.Module([function], []), name, "exec"), found)
    assert found["motivo"](said) == SAID[said]

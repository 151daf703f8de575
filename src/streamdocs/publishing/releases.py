"""On which releases of Spark the examples have been tried: the table, and a line on each page."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.course import examples
from streamdocs.course.page import Page
from streamdocs.publishing import late
from streamdocs.publishing.late import Filling, Place

TABLE = Path("versiones", "ejemplos.csv")
"""The table, below the folder of the pages; ``nox -s versiones`` writes it."""

PAGE = "versiones"
"""The page that says what differs."""

SAME, OTHER, REFUSED, UNKNOWN = "igual", "distinto", "no", "no se sabe"
"""How an example may go: as written, with another answer, with an error, or nobody knows."""


@dataclass(frozen=True, order=True)
class Row:
    """An example on a minor version: the release, what both were then, how it went, and when."""

    ejemplo: str
    spark: str
    version: str
    huella: str
    resultado: str
    detalle: str
    dia: str


def read(file: Path) -> dict[tuple[str, str], Row]:
    """The lines of the table by example and minor version; none if there is no table."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [Row(**line) for line in csv.DictReader(lines)]
    return {(row.ejemplo, row.spark): row for row in rows}


def fingerprint(folder: Path, name: str) -> str:
    """Changes with the example ``name`` of ``folder``, and with whatever else it can reach."""
    reached = sorted(examples.reach(folder, f"examples/{name}"))
    files = [folder / each for each in reached if (folder / each).is_file()]
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256("".join(sums).encode()).hexdigest()[:12]


def verdicts(table: Iterable[Row], names: Iterable[str], now: Mapping[str, str]) -> dict[str, str]:
    """How the examples ``names`` go together on each minor version: the worst of them.

    Nobody knows of an example that was not tried, or is not, by its fingerprint, what was tried.
    """
    rows = {(row.ejemplo, row.spark): row for row in table}
    order = (SAME, UNKNOWN, OTHER, REFUSED)
    found: dict[str, str] = {}
    for spark in sorted({spark for _, spark in rows}):
        its = (rows.get((name, spark)) for name in names)
        fresh = [
            row.resultado if row and now.get(row.ejemplo) == row.huella else UNKNOWN for row in its
        ]
        found[spark] = max(fresh, key=order.index, default=UNKNOWN)
    return found


def said(found: Mapping[str, str]) -> list[tuple[str, bool]]:
    """The sentences of a page's line, and whether each leads to what differs."""
    by_verdict = {
        verdict: [spark for spark, its in found.items() if its in verdict.split("/")]
        for verdict in (SAME, f"{OTHER}/{REFUSED}", UNKNOWN)
    }
    same, other, unknown = map(_enumerated, by_verdict.values())
    sentences = []
    if same:
        sentences.append(
            (f"Los ejemplos de esta página responden lo mismo en Spark {same}.", False)
        )
    if other:
        sentences.append((f"En Spark {other}, alguno no.", True))
    if unknown:
        sentences.append((f"En Spark {unknown} no se sabe.", False))
    return sentences


def _enumerated(names: list[str]) -> str:
    return " y ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def say(env: BuildEnvironment, tree: nodes.document, page: Page, folder: Path) -> None:
    """Say below a page on which Sparks its examples, which are in ``folder``, go as written."""
    file = Path(env.srcdir, TABLE)
    table = read(file)
    tried = {name for name, _ in table} & page.reach
    if not tried:
        return
    env.note_dependency(str(file))
    now = {name: fingerprint(folder, name) for name in tried}
    line = nodes.paragraph("", "", classes=["releases"])
    for text, leads in said(verdicts(table.values(), tried, now)):
        line += nodes.Text(f"{text} ")
        if leads:
            line += _reference(env.docname)
    list(tree.findall(nodes.section))[-1].append(line)


def _reference(page: str) -> addnodes.pending_xref:
    shown = nodes.inline("", "Qué cambia.")
    options = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{PAGE}", "refdoc": page}
    return addnodes.pending_xref("", shown, refexplicit=True, refwarn=True, **options)


def _fill(app: Sphinx, _place: Place) -> Filling:
    table = read(Path(app.srcdir, TABLE))
    count = Counter((row.spark, row.resultado) for row in table.values())
    versions = {row.spark: row.version for row in sorted(table.values()) if row.version}
    every = len({row.ejemplo for row in table.values()})
    sums = []
    for spark, version in sorted(versions.items()):
        known = [count[spark, verdict] for verdict in (SAME, OTHER, REFUSED)]
        sums.append([version, *map(str, known), str(every - sum(known))])
    others = [
        [row.ejemplo, row.version or row.spark, row.detalle]
        for row in sorted(table.values())
        if row.resultado != SAME
    ]
    heads = ("Spark", "Igual", "Distinto", "No", "No se sabe"), ("Ejemplo", "Spark", "Qué se vio")
    shown = [
        late.table(head, [[nodes.paragraph("", cell) for cell in row] for row in rows])
        for head, rows in zip(heads, (sums, others), strict=True)
    ]
    return Filling(shown)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, which shows the table."""
    app.setup_extension("streamdocs.publishing.late")
    late.add(app, "releases", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

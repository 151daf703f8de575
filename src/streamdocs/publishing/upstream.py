"""What is relied on of the insides of Sphinx and MyST-NB: all of it is here.

Each reliance has a test that fails when the inside changes: tests/test_upstream.py.
"""

import codecs
import encodings.utf_8_sig
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from docutils import nodes
from myst_nb.core.read import UnexpectedCellDirective
from myst_nb.sphinx_ import (
    HideCodeCellNode,
    NbMetadataCollector,
    SphinxTranslator,
    depart_HideCellInput,
    visit_HideCellInput,
)
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx import builders
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import (
    NAMESPACE,
    SafeEncodingWriter,
    WarningStreamHandler,
    is_suppressed_warning,
)

_LABEL = '<summary aria-label="Toggle hidden content">\n'
_CODEC = "utf-8-streamdocs"

Warn = Callable[[str, int | None, str], None]
"""Says what is wrong with a page: its name, the line, the text."""


class _Decoder(encodings.utf_8_sig.IncrementalDecoder):
    """UTF-8 that puts a sign for what is not; ``Course.text`` says where that is."""

    def __init__(self, errors: str = "replace") -> None:
        super().__init__("replace")


def _find(name: str) -> codecs.CodecInfo | None:
    plain = codecs.lookup("utf-8-sig")
    if name.replace("_", "-") != _CODEC:
        return None
    return codecs.CodecInfo(plain.encode, plain.decode, incrementaldecoder=_Decoder, name=_CODEC)


def read_whatever_is_there(env: BuildEnvironment) -> None:
    """Have Sphinx read pages that are not in UTF-8: it would give up the whole build."""
    codecs.register(_find)
    env.settings["input_encoding"] = _CODEC


def share_pages(
    share: Callable[[Sequence[str], int], Iterable[Any]],
) -> AbstractContextManager[Any]:
    """While this is entered, Sphinx's readers get what ``share`` makes of pages and processes."""
    return patch.object(builders, "make_chunks", share)


def ran_to_its_end(env: BuildEnvironment, name: str) -> bool:
    """Whether the last run of a page, in this build or before, came to its end."""
    run = NbMetadataCollector.get_exec_data(env, name)
    return run is None or bool(run["succeeded"])


def written_notebook(env: BuildEnvironment, name: str) -> Path:
    """Where MyST-NB has written the notebook of a page."""
    return Path(env.mystnb_config.output_folder, f"{name}.ipynb")  # type: ignore[attr-defined]


def copy_resources(app: Sphinx) -> None:
    """Have MyST-NB's style sheet in place before the pages are written.

    It copies it when a build is over: the pages of a first build would lack the checksum in its
    address that those of a second one have.
    """
    Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)


class Ear(WarningStreamHandler):
    """Hears each warning of a build once, as Sphinx prints it: «docs/x.md:12: WARNING: …».

    Sphinx holds warnings back and takes handlers of this class away meanwhile; its own comes
    before and has put the place into the record.
    """

    def __init__(self, app: Sphinx, heard: Callable[[str], object]) -> None:
        """Begin to listen; ``heard`` is told what the configuration does not leave out."""
        super().__init__(SafeEncodingWriter(sys.stderr))
        self.setLevel(logging.WARNING)
        self._app = app
        self._heard = heard
        logging.getLogger(NAMESPACE).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on a warning."""
        kind = (getattr(record, "type", "") or "", getattr(record, "subtype", "") or "")
        if not is_suppressed_warning(*kind, self._app.config.suppress_warnings):
            self._heard(record.getMessage())

    def end(self) -> None:
        """Listen no more."""
        logging.getLogger(NAMESPACE).removeHandler(self)


def visit_hidden(translator: SphinxTranslator, node: HideCodeCellNode) -> None:
    """Open what MyST-NB hides, without its English label: the text inside is the name."""
    visit_HideCellInput(translator, node)
    translator.body[translator.body.index(_LABEL)] = "<summary>\n"


def setup(app: Sphinx, warn: Warn) -> None:
    """Put our own in place of MyST-NB's directive and node."""

    class NestedCell(UnexpectedCellDirective):
        """A cell inside another block, which is no cell of the notebook and never runs."""

        def run(self) -> list[nodes.Node]:
            """Say so, at its line."""
            text = (
                "una celda dentro de otro bloque no se ejecuta: sácala de él, y si quieres enseñar "
                "su salida en otro sitio, ponle «:label:» y usa «side-by-side»"
            )
            # MyST numbers a directive from its first line of content: the fence is one above.
            warn(self.state.document.settings.env.docname, self.lineno - 1, text)
            return []

    app.add_directive("code-cell", NestedCell, override=True)
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_HideCellInput))

"""Hints of an exercise: each is folded inside the one before, and so they open one by one."""

from collections.abc import Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

from streamdocs.publishing.asides import Fold, FoldName

_MOST = 3


class Hints(Directive):
    """A list of one to three hints, from the vaguest to the one that says nearly all."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The first hint, folded, with the others in it."""
        inside = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, inside)
        hints = [item for each in inside if isinstance(each, nodes.bullet_list) for item in each]
        if len(inside) != 1 or not 1 <= len(hints) <= _MOST:
            text = f"«hints» es una lista de 1 a {_MOST} pistas: escribe «- …» por cada una."
            # MyST counts from the line below the fence.
            return [self.state_machine.reporter.error(text, line=self.lineno - 1)]
        return [_folded(hints)]


def _folded(items: Sequence[nodes.Node], number: int = 1) -> Fold:
    first, *others = items
    deeper = [_folded(others, number + 1)] if others else []
    name = FoldName("", f"Pista {number}")
    return Fold("", name, *first.children, *deeper, classes=["box", "aside", "hint"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.add_directive("hints", Hints)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

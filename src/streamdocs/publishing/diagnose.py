"""Lead from an error to the section that explains it: what each treats, what pages print."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import sections
from streamdocs.publishing.components import Component, add, hold

_FORMAT = "streamdocs-matches"
"""The format of the raw nodes that carry signatures to ``collect``; no builder writes it."""

_CLAIMS = "streamdocs_claims"
"""The page's metadata with the signatures that stand in it."""

_PRINTED = "streamdocs_printed"
"""The page's metadata with what its cells printed, by section."""

ENGINE = Component("diagnose-engine", "", ("diagnose-engine.js",), "diagnose-data.js")
"""What knows the errors, for the box and for the search.

:meta hide-value:
"""

BOX = Component("diagnose-box", "search.css", ("diagnose-box.js",), needs=(ENGINE,))
"""What the box for errors loads."""

_GAP = "…"
_ERROR = re.compile(
    r"(?:^|(?<=[\s.'\"]))[A-Z]\w*(?:Error|Exception): |\[[A-Z][A-Z0-9]*(?:[_.][A-Z0-9]+)+\]"
)
_CONDITION = re.compile(r"\[([A-Z][A-Z0-9]*(?:[_.][A-Z0-9]+)+)\]")
_ENVELOPES = ("STREAM_FAILED", "FOREACH_BATCH_USER_FUNCTION_ERROR")
"""Conditions that only say in what another error came."""

_VARIES = re.compile(r"[\d'\"`«»/=<>{}\[\]()|*^+#]")
"""What a word has that may be another the next time: ids, paths, numbers, names."""


class Claim(NamedTuple):
    """What a section says of an error that it treats.

    «…» in the signature stands for what varies, and «unseen» for that no page prints it.
    """

    line: int
    signature: str
    unseen: bool
    advice: str
    page: str
    anchor: str
    title: str


_Span = tuple[int, int]
"""Where a signature stands in a text, and how much of it is literal."""


class Printed(NamedTuple):
    """What the cells of a section printed, in one line an output."""

    page: str
    anchor: str
    title: str
    outputs: list[str]


@dataclass(frozen=True)
class Known:
    """What all pages claim and print."""

    claims: tuple[Claim, ...]
    printed: tuple[Printed, ...]


class Matches(Directive):
    """The errors that the section treats, one a line; the argument says what to do."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"unseen": directives.flag}

    def run(self) -> list[nodes.Node]:
        """A node that ``collect`` takes away."""
        unseen = "unseen" in self.options
        signatures = map(sections.flat, self.content)
        claims = [(self.lineno, each, unseen, self.arguments[0]) for each in signatures]
        return [nodes.raw("", "", format=_FORMAT, claims=claims)]


class Diagnose(Directive):
    """The box into which a reader pastes an error."""

    def run(self) -> list[nodes.Node]:
        """A custom element that its script brings to life."""
        env = self.state.document.settings.env
        hold(env, BOX)
        return [nodes.raw("", _BOX, format="html")]


_BOX = """<noscript><style>stream-diagnose { display: none; }</style></noscript>
<stream-diagnose>
<label for="pega-tu-error">Pega tu error, entero</label>
<textarea id="pega-tu-error" rows="4" spellcheck="false" autocomplete="off"
  placeholder="…StreamingQueryException: [STREAM_FAILED] …"></textarea>
<p class="diagnose-actions"><span>No sale de tu navegador.</span>
<button type="button" data-does="example">Un ejemplo</button>
<button type="button" data-does="clear">Borrar</button></p>
<div class="diagnose-answer" aria-live="polite"></div>
</stream-diagnose>"""


def collect(tree: nodes.document, env: BuildEnvironment) -> None:
    """Keep what a page claims and prints, and take the claims out of its tree."""
    name, its = env.docname, sections.read(tree)
    claims: list[tuple[Any, ...]] = []
    for each in its:
        for node in [node for node in each.find(nodes.raw) if node["format"] == _FORMAT]:
            claims += [(*claim, name, each.anchor, each.title) for claim in node["claims"]]
            node.parent.remove(node)
    printed = [(name, each.anchor, each.title, each.outputs) for each in its if each.outputs]
    env.metadata[name] |= {_CLAIMS: claims, _PRINTED: printed}


def known(env: BuildEnvironment) -> Known:
    """What all pages of the site claim and print."""
    pages = [env.metadata[name] for name in sorted(env.found_docs)]
    return Known(
        tuple(Claim(*claim) for page in pages for claim in page.get(_CLAIMS, ())),
        tuple(Printed(*printed) for page in pages for printed in page.get(_PRINTED, ())),
    )


def find(signature: str, text: str) -> _Span | None:
    """Where a flat text says the signature for the last time, and how much of it is literal.

    ``find`` of diagnose-engine.js does the same in a browser.
    """
    first, *others = parts = [part.strip() for part in signature.split(_GAP)]
    start = text.rfind(first)
    while start >= 0:
        end = start + len(first)
        for part in others:
            place = text.find(part, end) if end >= 0 else -1
            end = place + len(part) if place >= 0 else -1
        if end >= 0:
            return start, len("".join(parts))
        start = text.rfind(first, 0, start + len(first) - 1)
    return None


def vain(found: Known) -> Iterator[tuple[str, int, str]]:
    """Page, line and text of each signature that nothing says; every page must have run."""
    outputs = [output for printed in found.printed for output in printed.outputs]
    for claim in found.claims:
        if not claim.unseen and not any(find(claim.signature, output) for output in outputs):
            text = f"ninguna página imprime «{claim.signature}»: corrígelo, o quítalo"
            yield claim.page, claim.line, text


def doubtful(found: Known) -> Iterator[tuple[str, int, str]]:
    """Page, line and text of each signature that claims what another section does."""
    outputs = [output for printed in found.printed for output in printed.outputs]
    signatures = {claim.signature for claim in found.claims}
    spans = {each: [find(each, output) for output in outputs] for each in signatures}
    for one, other in combinations(found.claims, 2):
        if (one.page, one.anchor) != (other.page, other.anchor) and _tie(one, other, spans):
            text = f"«{other.signature}» y «{one.signature}», de «{one.title}», dicen lo mismo"
            yield other.page, other.line, f"{text}: deja uno"


def _tie(one: Claim, other: Claim, spans: Mapping[str, Sequence[_Span | None]]) -> bool:
    """Whether nothing decides which of the two treats an error, where each output says it."""
    if one.signature == other.signature:
        return True
    both = zip(spans[one.signature], spans[other.signature], strict=True)
    return any(first is not None and first == second for first, second in both)


def errors(output: str) -> Iterator[str]:
    """The errors in what a cell printed, each from its class or condition on."""
    starts = [match.start() for match in _ERROR.finditer(output)]
    if starts:
        yield output[starts[0] :]


def signature(error: str) -> str:
    """What is the same each time that an error is printed: its condition, or its plainest words."""
    conditions = [name for name in _CONDITION.findall(error) if name not in _ENVELOPES]
    if conditions:
        return f"[{conditions[-1]}]"
    runs, run = [""], ""
    for word in error.split():
        run = "" if _VARIES.search(word) else f"{run} {word}".strip()
        runs.append(run)
    return max(runs, key=len)


def data(app: Sphinx, found: Known) -> dict[str, Any]:
    """What the browser needs: the claims, and for what none claims, where it is printed."""
    uri = app.builder.get_target_uri

    def href(page: str, anchor: str) -> str:
        return f"{uri(page)}#{anchor}" if anchor else uri(page)

    claims = [
        [claim.signature, href(claim.page, claim.anchor), claim.title, claim.advice]
        for claim in found.claims
    ]
    places: dict[str, list[list[str]]] = {}
    for printed in found.printed:
        for error in (error for output in printed.outputs for error in errors(output)):
            if any(find(claim.signature, error) for claim in found.claims):
                continue
            its = places.setdefault(signature(error), [])
            where = [href(printed.page, printed.anchor), printed.title]
            if where not in its:
                its.append(where)
    places.pop("", None)
    return {"claims": claims, "printed": sorted(places.items())}


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives, and the scripts of the pages that hold the box."""
    app.add_directive("matches", Matches)
    app.add_directive("diagnose", Diagnose)
    add(app, ENGINE)
    add(app, BOX)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

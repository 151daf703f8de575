"""The terms of the glossary: explained where a page first uses one, and where each is used.

A page writes them in emphasis, or with «{term}». What a browser opens and closes by itself is
enough to explain them: a button and its popover, without a script.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from streamdocs.publishing import sections
from streamdocs.publishing.asides import Fold, FoldName
from streamdocs.publishing.components import Component, add, hold

_ENTRIES = "streamdocs_terms"
"""The page's metadata with the entries of its glossary."""

_USES = "streamdocs_uses"
"""The page's metadata with what it emphasises, in order."""

_SHOWN = "streamdocs_terms_shown"
"""The environment's attribute with what the last build showed of the glossary, and in it."""

FINDER = Component("glossary", "", ("glossary.js",))
"""What a page with a glossary loads."""

_ELSEWHERE = (
    *(nodes.title, nodes.rubric, nodes.table, nodes.reference, FoldName),
    *(addnodes.pending_xref, addnodes.desc),
)
"""Where no term is explained: what is no running text, or a link."""

_PLURALS = ("", "s", "es")


class Entry(NamedTuple):
    """A term of the glossary, with its variants, where it is and what it says."""

    names: tuple[str, ...]
    anchor: str
    text: str

    @property
    def line(self) -> str:
        """Its first sentence."""
        return f"{self.text.partition('. ')[0].removesuffix('.')}."


class TermUse(nodes.Inline, nodes.TextElement):
    """A word that may be a term's."""


def read(tree: nodes.document) -> Iterator[Entry]:
    """The entries of a page's glossary."""
    for item in tree.findall(nodes.definition_list_item):
        terms = [child for child in item.children if isinstance(child, nodes.term)]
        if terms and terms[0]["ids"]:
            names = (next(iter(term.findall(nodes.Text))).astext().strip() for term in terms)
            yield Entry(tuple(names), terms[0]["ids"][0], sections.flat(item[-1].astext()))


def _collect(app: Sphinx, tree: nodes.document) -> None:
    """Keep what a page explains and what it uses, and mark the latter."""
    its = app.env.metadata[app.env.docname]
    its[_ENTRIES] = entries = [tuple(entry) for entry in read(tree)]
    if entries:
        hold(app.env, FINDER)
    uses = [] if entries else list(_candidates(tree))
    its[_USES] = [said for _, said in uses]
    for node, said in uses:
        use = TermUse("", "", said=said)
        node.replace_self(use)
        use += node
    for glossary in list(tree.findall(addnodes.glossary)):
        parent = glossary.parent
        parent.insert(parent.index(glossary), nodes.raw("", _finder(entries), format="html"))


def _candidates(tree: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, (nodes.emphasis, nodes.strong)):
            said = node.astext()
        elif isinstance(node, addnodes.pending_xref) and node["reftype"] == "term":
            said = node["reftarget"]
        else:
            continue
        if not _elsewhere(node.parent):
            yield node, sections.flat(said.casefold())


def _elsewhere(node: nodes.Element | None) -> bool:
    while node is not None and not isinstance(node, _ELSEWHERE):
        node = node.parent
    return node is not None


def _finder(entries: Sequence[tuple[Any, ...]]) -> str:
    """The letters with which terms begin, as links, and the field that a script filters by."""
    first: dict[str, str] = {}
    for names, anchor, _ in entries:
        first.setdefault(names[0][0].upper(), anchor)
    letters = "".join(f'<a href="#{anchor}">{letter}</a>' for letter, anchor in first.items())
    return f"""<div class="glossary-finder">
<nav aria-label="Letras">{letters}</nav>
<label class="pst-js-only">Busca un término
<input type="search" class="form-control" id="glossary-filter" autocomplete="off"></label>
<p class="visually-hidden" id="glossary-found" aria-live="polite"></p>
</div>"""


class Glossary:
    """What all pages explain and use."""

    def __init__(self, env: BuildEnvironment) -> None:
        """Look at all pages."""
        pages = {name: env.metadata[name] for name in sorted(env.found_docs)}
        self.entries: dict[tuple[str, str], Entry] = {
            (name, entry[1]): Entry(*entry)
            for name, its in pages.items()
            for entry in its.get(_ENTRIES, ())
        }
        self._by_name = {
            f"{said.casefold()}{plural}": place
            for plural in reversed(_PLURALS)
            for place, entry in self.entries.items()
            for said in entry.names
        }
        self.users: dict[tuple[str, str], list[str]] = {}
        for name, its in pages.items():
            for place in dict.fromkeys(map(self.place, its.get(_USES, ()))):
                if place:
                    self.users.setdefault(place, []).append(name)

    def place(self, said: str) -> tuple[str, str] | None:
        """The page and anchor that explain what a page says; None if it is no term."""
        return self._by_name.get(said)


def _renewed(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages to write again: where an entry changed, all; where its users did, its own."""
    glossary = Glossary(env)
    now = (glossary.entries, glossary.users)
    entries, users = getattr(env, _SHOWN, (None, None))
    setattr(env, _SHOWN, now)
    if entries != glossary.entries:
        return sorted(env.found_docs)
    return [] if users == glossary.users else sorted({name for name, _ in glossary.entries})


def _fill(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Explain each term where the page first uses it; in the glossary, say where it is used."""
    uses = list(tree.findall(TermUse))
    if not uses and not app.env.metadata[name].get(_ENTRIES):
        return
    glossary, seen = Glossary(app.env), set()
    for use in uses:
        place = glossary.place(use["said"])
        if place is None or place in seen:
            use.replace_self(use.children)
            continue
        seen.add(place)
        _explain(use, glossary.entries[place], app.builder.get_relative_uri(name, place[0]))
    for item in tree.findall(nodes.definition_list_item):
        term, definition = item[0], item[-1]
        if isinstance(term, nodes.term) and isinstance(definition, nodes.definition):
            for anchor in term["ids"]:
                _list_users(app, name, definition, glossary.users.get((name, anchor), []))


def _explain(use: TermUse, entry: Entry, address: str) -> None:
    use["note"], use["href"] = entry.line, f"{address}#{entry.anchor}"
    use["key"] = f"use-{entry.anchor}"
    if isinstance(use[0], nodes.reference):
        # No link in a button: it is below, with what it leads to.
        use.replace(use[0], nodes.emphasis("", use.astext()))


def _list_users(app: Sphinx, name: str, definition: nodes.Element, users: list[str]) -> None:
    """Below a definition, the pages that use the term, but for those that it links itself."""
    linked = {link.get("refuri") for link in definition.findall(nodes.reference)}
    addresses = {app.builder.get_relative_uri(name, user): app.env.titles[user] for user in users}
    links = [
        nodes.list_item("", nodes.paragraph("", "", nodes.reference("", title.astext(), refuri=to)))
        for to, title in addresses.items()
        if to not in linked
    ]
    if links:
        pages = "otra página" if len(links) == 1 else f"otras {len(links)} páginas"
        name_of_fold = FoldName("", f"Se usa en {pages}")
        definition += Fold("", name_of_fold, nodes.bullet_list("", *links), classes=["term-users"])


def _visit(translator: HTML5Translator, node: TermUse) -> None:
    translator.body.append(f'<button type="button" class="term" popovertarget="{node["key"]}">')


def _depart(translator: HTML5Translator, node: TermUse) -> None:
    link = f'<a href="{escape(node["href"])}">Glosario</a>'
    note = (
        f'<span class="term-note" id="{node["key"]}" popover>{escape(node["note"])} {link}</span>'
    )
    translator.body.append(f"</button>{note}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Find the terms when a page is read, and explain them when all are known."""
    app.add_node(TermUse, html=(_visit, _depart))
    app.connect("doctree-read", _collect)
    app.connect("env-updated", _renewed)
    app.connect("doctree-resolved", _fill)
    add(app, FINDER)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

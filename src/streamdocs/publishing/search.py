"""The search: what it knows of each section, and what has a page load it when somebody searches.

The theme's own finds pages, needs every word of a query, and takes an excerpt from the interface's
text. Pagefind ranks pages well, with 165 kB for the first query and no code of ours; but it knows
no section of a page but by its headings, wants every word too, so that an error with its ids finds
nothing, and works on no site that is opened from a folder. So sections are ranked here, by some
150 lines that run in Node.js as in a browser, with the stemmer that Sphinx publishes anyway.
"""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import components, diagnose, sections, terms
from streamdocs.publishing.components import STATIC

_SECTIONS = "streamdocs_sections"
"""The page's metadata with its sections: anchor, title, prose, code."""

_KEYWORDS = "keywords"
"""The page's front matter with words that stand for it, or by anchor for its sections."""

_WORD = re.compile(r"\w+")


def collect(tree: nodes.document, env: BuildEnvironment) -> None:
    """Keep what the search knows of a page."""
    found = [
        (each.anchor, each.title, each.prose, _more(each.code, each.prose))
        for each in sections.read(tree)
    ]
    explained = ((entry.anchor, entry.names[0], entry.text, "") for entry in terms.read(tree))
    env.metadata[env.docname][_SECTIONS] = [*found, *explained]


def _more(code: str, prose: str) -> str:
    """The words of the code that the text does not say, each once."""
    said = set(_WORD.findall(prose))
    return " ".join(word for word in dict.fromkeys(_WORD.findall(code)) if word not in said)


def keywords(env: BuildEnvironment, name: str) -> dict[str, str]:
    """The words in a page's front matter, by the anchor of what they stand for."""
    given = env.metadata[name].get(_KEYWORDS, "")
    return json.loads(given) if given.startswith("{") else {"": given} if given else {}


def problems(env: BuildEnvironment) -> Iterator[tuple[str, int, str]]:
    """Page, line and text of each keyword that leads nowhere, or to two places."""
    seen: dict[str, str] = {}
    for name in sorted(env.found_docs):
        anchors = {section[0] for section in env.metadata[name].get(_SECTIONS, ())}
        for anchor, words in keywords(env, name).items():
            if anchor not in anchors:
                yield name, 1, f"«keywords» nombra «{anchor}», y ningún apartado se llama así"
            for phrase in (phrase.strip() for phrase in words.split(",")):
                other = seen.setdefault(phrase, name)
                if other != name:
                    yield name, 1, f"«keywords» dice «{phrase}», como {other}: deja uno"


def _weight(app: Sphinx, name: str) -> float:
    weights = app.config.streamdocs_search.items()
    return next((weight for glob, weight in weights if fnmatchcase(name, glob)), 1)


def _index(app: Sphinx) -> dict[str, Any]:
    """The pages (address, title, weight) and their sections, which name them by number."""
    env = app.env
    said = _claimed(env)

    def extra(name: str, anchor: str) -> tuple[str, str]:
        return keywords(env, name).get(anchor, ""), said.get((name, anchor), "")

    names = sorted(name for name in env.found_docs if _SECTIONS in env.metadata[name])
    pages = [
        (app.builder.get_target_uri(name), env.titles[name].astext(), _weight(app, name))
        for name in names
    ]
    found = [
        (number, *section, *extra(name, section[0]))
        for number, name in enumerate(names)
        for section in env.metadata[name][_SECTIONS]
    ]
    return {"pages": pages, "sections": found}


def _claimed(env: BuildEnvironment) -> dict[tuple[str, str], str]:
    """What the errors say that a section treats, by its page and anchor."""
    said: dict[tuple[str, str], str] = {}
    for claim in diagnose.known(env).claims:
        place = (claim.page, claim.anchor)
        said[place] = f"{said.get(place, '')} {claim.signature}".strip()
    return said


def write(app: Sphinx) -> None:
    """Publish what a search reads, beside its scripts."""
    static = Path(app.outdir, "_static")
    _put(static / "search-data.js", "SearchData", _index(app))
    _put(static / "diagnose-data.js", "DiagnoseData", diagnose.data(app, diagnose.known(app.env)))


def _put(file: Path, name: str, value: Any) -> None:
    """A script, and not JSON: a site that is opened from a folder may read no other file."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    file.write_text(f"globalThis.{name} = {text};\n", "utf-8")


def _add_door(app: Sphinx) -> None:
    app.add_js_file(None, body=(STATIC / "search-door.js").read_text("utf-8"), priority=900)


def setup(app: Sphinx) -> dict[str, Any]:
    """Have every page know where the search is."""
    # What some pages weigh more or less than 1, by a glob of their names; the first that fits.
    app.add_config_value("streamdocs_search", {}, "", [dict])
    app.connect("builder-inited", _add_door)
    components.publish(app, "search.js", ["search-engine.js", "search-box.js"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Ask the reader: the directive, and its questions put into the pages when all runs are known."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.errors import StreamdocsError
from streamdocs.publishing import answers, asked, question_html, runs
from streamdocs.publishing.components import PAGE, Component, add, hold
from streamdocs.publishing.runs import Site
from streamdocs.publishing.verdicts import Judge, warn

QUESTION = Component(
    "question",
    "question.css",
    # The first of its own needs no page.
    tuple(f"question-{job}.js" for job in ("progress", "store", "kinds", "box")),
    needs=(PAGE,),
)
"""What a page with questions loads.

:meta hide-value:
"""

_ASKED = "streamdocs_asked"
"""The page's metadata with the questions that it asks, by their keys."""

_FOUND = "streamdocs_questions"
"""The environment's attribute with the questions of each page, as HTML by their keys."""

Found = dict[str, dict[str, str]]


class Ask(Directive):
    """Asks what a run did; its argument is the question.

    One line an answer: «+» before the right one, «-» before a wrong one, and «=» before the
    explanation.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = dict.fromkeys(
        ("shows", "order", "swap", "blanks"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        """A container that is filled when all pages have been read."""
        env, line = self.state.document.settings.env, self.lineno - 1
        try:
            read = asked.read(line, self.arguments[0], self.content, self.options)
        except PageError as error:
            warn(env.docname, line, str(error))
            return []
        its = env.metadata[env.docname].setdefault(_ASKED, {})
        key = answers.key(env.docname, read)
        if key in its:
            warn(env.docname, line, "otra pregunta de la página tiene ese texto: cámbialo")
        its[key] = read
        hold(env, QUESTION)
        return [nodes.container("", question=key)]


def found(env: BuildEnvironment) -> Found:
    """The questions of each page, as HTML by their keys; only those whose runs were found."""
    questions: Found = getattr(env, _FOUND, {})
    return questions


def follow(app: Sphinx, judge: Judge, course: Course) -> None:
    """Have the questions looked up in what the pages of this build ran."""
    app.connect("env-updated", partial(_look_up, judge, course))


def _look_up(judge: Judge, course: Course, _app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Find each question's runs; the pages to write again, since they ask something else now."""
    known = runs.known(env)
    # What was not executed has printed nothing.
    warns = all(map(judge.has_run, env.found_docs))
    now: Found = {name: {} for name in sorted(env.found_docs)}
    for name, questions in now.items():
        its = env.metadata[name].get(_ASKED, {})
        for key, each in its.items():
            try:
                whole = answers.find(each, Site(name, known), course.examples)
                questions[key] = question_html.html(whole, name, len(its))
            except StreamdocsError as error:
                if warns:
                    warn(name, each.line, str(error))
    before = found(env)
    setattr(env, _FOUND, now)
    return [name for name, questions in now.items() if questions != before.get(name, {})]


def _fill(app: Sphinx, tree: nodes.document, name: str) -> None:
    its = found(app.env).get(name, {})
    for node in [node for node in tree.findall(nodes.container) if "question" in node]:
        text = its.get(node["question"], "")
        node.replace_self(nodes.raw("", text, format="html"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive; ``follow`` finds what it asks for."""
    app.add_directive("question", Ask)
    app.connect("doctree-resolved", _fill)
    add(app, QUESTION)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

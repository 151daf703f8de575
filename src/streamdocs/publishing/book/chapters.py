"""The chapters of the course, as its contents have them."""

from sphinx.environment import BuildEnvironment

from streamdocs.publishing import review

_FIRST = "Para empezar"
"""What the pages are called that stand before the first chapter with a name."""


def chapters(env: BuildEnvironment) -> list[tuple[str, list[str]]]:
    """The name of each chapter, and its pages in order."""
    return [
        (_FIRST if name == env.titles[pages[0]].astext() else name, pages)
        for name, pages in review.chapters(env)
    ]

"""What a page says of itself to search engines: how it begins."""

from html import escape

from docutils import nodes

_ENOUGH = 80
"""Characters after which no further paragraph is taken."""


def has_title(tree: nodes.document) -> bool:
    """Whether the page begins with a title, which menus, search and browsers show."""
    return any(isinstance(child, nodes.section) for child in tree.children)


def description(tree: nodes.document) -> str:
    """The page's first paragraphs, in one line; "" if it has none before its first section."""
    sections = (child for child in tree.children if isinstance(child, nodes.section))
    text = ""
    for child in next(sections, nodes.section()).children[1:]:
        if isinstance(child, nodes.paragraph) and len(text) < _ENOUGH:
            text = f"{text} {child.astext()}"
        elif text:
            break
    text = " ".join(text.split())
    # What leads over to a box that follows says nothing without it.
    return text.rpartition(". ")[0] + "." if text.endswith(":") and ". " in text else text


def meta(tree: nodes.document) -> str:
    """The HTML tag that holds the page's description; "" if it has none."""
    text = description(tree)
    return (
        f'<meta name="description" property="og:description" content="{escape(text)}" />\n'
        if text
        else ""
    )

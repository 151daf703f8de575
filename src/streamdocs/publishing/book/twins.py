"""Each page as Markdown, beside its HTML, and llms.txt, which lists them: for who reads no HTML.

The Markdown is made of the page as it is on paper, with all that its cells printed. Builders of
Markdown know neither the course's boxes nor its questions, which are HTML when they are written.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from markdownify import ATX, MarkdownConverter
from sphinx.application import Sphinx

from streamdocs.publishing.book import paper
from streamdocs.publishing.book.chapters import chapters

_CHECKSUM = "streamdocs_twins"
"""The configuration value by which Sphinx writes all pages again when their Markdown changes."""

_LANGUAGES = {"ipython3": "python", "myst-ansi": "text", "none": "text"}
_CLASS = "highlight-"


class _Converter(MarkdownConverter):
    """Markdown with code that is named by its language."""

    def __init__(self) -> None:
        super().__init__(
            heading_style=ATX,
            bullets="-",
            escape_underscores=False,
            code_language_callback=_language,
            table_infer_header=True,
        )


def _language(code: Tag) -> str:
    """The language of a block, which Sphinx writes into the class of what holds it."""
    for parent in code.parents:
        for name in parent.get_attribute_list("class"):
            if name and name.startswith(_CLASS):
                language = name.removeprefix(_CLASS)
                return _LANGUAGES.get(language, language)
    return "text"


def markdown(body: str) -> str:
    """A page's ``body`` as Markdown, with links to the Markdown of other pages."""
    page = paper.paper(body)
    for title in page.select(".box-title"):
        title.wrap(page.new_tag("p"))
        title.name = "strong"
    for link in page.select("a[href]"):
        link["href"] = _twin(str(link["href"]))
    lines = _Converter().convert_soup(page).strip().split("\n")
    return "\n".join(_unblanked(line.rstrip() for line in lines)) + "\n"


def _twin(address: str) -> str:
    """Where a link leads: to the Markdown of a page of the site."""
    page, mark, anchor = address.partition("#")
    if urlsplit(page).scheme or not page.endswith(".html"):
        return address
    return f"{page.removesuffix('.html')}.md{mark}{anchor}"


def _unblanked(lines: Iterator[str]) -> Iterator[str]:
    """Lines with at most one in a row that says nothing."""
    last = "\n"
    for line in lines:
        if line or last:
            yield line
        last = line


def _write(
    app: Sphinx, name: str, _template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Write the page's Markdown, and have the page lead to it."""
    if tree is None or app.builder.name != "html":
        return
    file = Path(app.outdir, f"{name}.md")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(markdown(context["body"]), "utf-8")
    context["metatags"] += f'<link rel="alternate" type="text/markdown" href="{file.name}" />\n'


def write_list(app: Sphinx) -> None:
    """Write llms.txt: the course in a sentence, and its pages by chapter."""
    lines = [f"# {app.config.html_title}", "", f"> {app.config.epub_description}"]
    for chapter, names in chapters(app.env):
        lines += ["", f"## {chapter}", ""]
        for name in names:
            title = app.env.titles[name].astext()
            lines.append(f"- [{title}]({app.config.html_baseurl}{name}.md): {_said(app, name)}")
    Path(app.outdir, "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _said(app: Sphinx, name: str) -> str:
    """What a page says of itself to search engines."""
    head = Path(app.outdir, f"{name}.html").read_text("utf-8").partition("</head>")[0]
    meta = BeautifulSoup(head, "html.parser").select_one("meta[name=description]")
    return str(meta["content"]) if meta else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the Markdown with the pages."""
    made = b"".join(Path(module).read_bytes() for module in (__file__, paper.__file__))
    app.add_config_value(_CHECKSUM, zlib.crc32(made), "html", [int])
    app.connect("html-page-context", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The course as an e-book: Sphinx's own, with its pages as they are on paper and one dress."""

import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

from streamdocs.publishing.book.chapters import chapters
from streamdocs.publishing.book.paper import paper
from streamdocs.publishing.book.whole import whole

SHEETS = Path(__file__).with_name("sheets.css")
"""What it needs besides on paper.

:meta hide-value:
"""

_SVG = "http://www.w3.org/2000/svg"

WHOLE = "whole.html"
"""The page that is printed; ``epub_exclude_files`` keeps it out of the e-book."""

_REFERENCE = "referencia/"
"""What is not printed: nobody reads it from the beginning, and every tenth sheet would be of it."""

STYLE = Path(__file__).with_name("book.css")
"""What the book looks like.

:meta hide-value:
"""


class Book(Epub3Builder):
    """Writes the e-book from what the site's build has read."""

    def init_templates(self) -> None:
        """Leave the site's templates to the site."""
        with patch.object(self.config, "templates_path", []):
            super().init_templates()

    def init_css_files(self) -> None:
        """Have two style sheets, whatever the site has."""
        self._css_files = []
        for name in ("pygments.css", STYLE.name):
            super().add_css_file(name)

    def add_css_file(self, filename: str, **kwargs: Any) -> None:
        """Take none of what extensions bring."""

    def init_js_files(self) -> None:
        """Have no scripts."""
        self._js_files = []

    def add_js_file(self, filename: str, **kwargs: Any) -> None:
        """Take none of what extensions bring."""

    def gen_pages_from_extensions(self) -> None:
        """Take none of the pages that extensions bring: a book has no addresses to miss."""

    def write_domain_indices(self) -> None:
        """Have no index of modules: what the book is about are no modules."""
        self.domain_indices = []

    def copy_static_files(self) -> None:
        """Have nothing but the two style sheets: Sphinx packs all that is there."""
        static = Path(self.outdir, "_static")
        shutil.rmtree(static, ignore_errors=True)
        static.mkdir()
        self.create_pygments_style_file()
        shutil.copy(STYLE, static)

    def get_toc(self) -> None:
        """Have the chapters above their pages, where Sphinx has the pages alone."""
        super().get_toc()
        first = {pages[0]: name for name, pages in chapters(self.env)}
        toc = self.refnodes[:1]
        for node in self.refnodes[1:]:
            page = node["refuri"].removesuffix(self.out_suffix)
            place = node["refuri"]
            if page in first:
                toc.append({"level": 1, "refuri": place, "text": escape(first[page])})
                # Sphinx puts a page into the book wherever one is named without an anchor.
                place = f"{place}#{self._anchor(page)}"
            toc.append({**node, "refuri": place, "level": node["level"] + 1})
        self.refnodes = toc

    def _anchor(self, name: str) -> str:
        """The anchor of a page's title."""
        return str(next(iter(self.env.get_doctree(name).findall(nodes.section)))["ids"][0])

    def handle_finish(self) -> None:
        """Pack the book, and lay its pages out one after the other, to be printed."""
        for file in Path(self.outdir).rglob(f"*{self.out_suffix}"):
            name = file.relative_to(self.outdir).with_suffix("").as_posix()
            if name not in self.env.found_docs:
                file.unlink()  # of an earlier book; Sphinx packs all that is there
        super().handle_finish()
        pages = [("", [self.config.root_doc])]
        for chapter, names in chapters(self.env):
            pages.append((chapter, [name for name in names if not name.startswith(_REFERENCE)]))
        title, author = self.config.html_title, self.config.author
        text = whole(Path(self.outdir), title, author, [STYLE, SHEETS], pages)
        Path(self.outdir, WHOLE).write_text(text, "utf-8")

    def update_page_context(
        self, pagename: str, templatename: str, ctx: dict[str, Any], event_arg: Any
    ) -> None:
        """Put the page on paper."""
        if "body" in ctx:
            page = paper(ctx["body"])
            for link in page.select("a[href]"):
                parts = urlsplit(str(link["href"]))
                if not parts.scheme and parts.path and not parts.path.endswith(self.out_suffix):
                    link.unwrap()  # it is on the site, and in no book
            for number, drawing in enumerate(page.select("svg")):
                name = f"{pagename.replace('/', '-')}-{number}.svg"
                drawing.replace_with(self._picture(page, drawing, name, ctx["pathto"]))
            ctx["body"] = str(page)

    def _picture(
        self, page: BeautifulSoup, drawing: Tag, name: str, pathto: Callable[..., str]
    ) -> Tag:
        """A drawing that stands in a page, as a file of its own: a book has to declare others."""
        # What HTML takes for granted, and XML does not.
        drawing["xmlns"], drawing["viewBox"] = _SVG, drawing.attrs.pop("viewbox")
        file = Path(self.outdir, self.imagedir, name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(str(drawing), "utf-8")
        source = pathto(f"{self.imagedir}/{name}", resource=True)
        return page.new_tag("img", attrs={"src": source, "alt": str(drawing.get("aria-label", ""))})


def setup(app: Sphinx) -> dict[str, Any]:
    """Put this builder in the place of Sphinx's, whose name it has: Sphinx asks for it."""
    app.add_builder(Book, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

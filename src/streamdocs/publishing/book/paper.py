"""A page where nothing moves and nothing opens: all its parts in the open, its answers at the end.

It is made of the page's HTML, in which every component is whole without its scripts.
"""

from bs4 import BeautifulSoup, Tag

COLUMNS = 92
"""Characters of code that fit into a line of a sheet.

:meta hide-value:
"""

_GONE = (
    *("script", "noscript", "style", "input", "textarea", "stream-diagnose"),
    *(".headerlink", ".only-works", ".glossary-finder", ".term-users", ".route-known"),
    *("details.hide > summary", "details.long > summary", "[popover]:not(.term-note)"),
)
"""What is there for a browser alone."""

_ANSWERS = "details.question-answer, stream-predict details"
_COMPONENTS = ("player", "predict", "question", "lab", "review")


def paper(body: str) -> BeautifulSoup:
    """A page's ``body``, as Sphinx writes it, for paper."""
    page = BeautifulSoup(body, "html.parser")
    for tag in page.select(", ".join(_GONE)):
        tag.decompose()
    for term in page.select("button.term"):
        _lead_to_glossary(page, term)
    _move_answers(page)
    for fold in page.select("details"):
        _open(fold)
    for tag in page.find_all([f"stream-{name}" for name in _COMPONENTS]):
        classes = [*filter(None, tag.get_attribute_list("class")), tag.name]
        anchor = {"id": str(tag["id"])} if tag.has_attr("id") else {}
        tag.attrs = {"class": " ".join(classes), **anchor}
        tag.name = "div"
    for tag in page.select("button"):
        tag.unwrap()
    for bar in page.select(".example-file"):
        bar.contents[0].insert_after(" · ")
    for code in page.select("pre"):
        _fit(code)
    return page


def _lead_to_glossary(page: BeautifulSoup, term: Tag) -> None:
    """Make a term that opens a note a link to what the note leads to."""
    note = term.find_next_sibling("span", class_="term-note")
    link = page.new_tag("a", attrs={"class": "term"})
    if note is not None:
        link["href"] = note.select("a")[0]["href"]
        note.decompose()
    term.wrap(link)
    term.unwrap()


def _move_answers(page: BeautifulSoup) -> None:
    """Put the answers below the page, each with a link from where it is asked, and one back."""
    found = page.select(_ANSWERS)
    if not found:
        return
    last = page.new_tag("section", attrs={"class": "answers", "id": "respuestas"})
    title = page.new_tag("h2", string="Respuestas")
    last.append(title)
    for number, answer in enumerate(found, 1):
        asks = answer.find_parent(["stream-question", "stream-predict"])
        assert asks is not None
        said = asks.select(".question-title, strong")[0]
        here, there = f"pregunta-{number}", f"respuesta-{number}"
        item = page.new_tag("div", attrs={"class": "answer", "id": there})
        item.append(_line(page, f"{number}. {said.get_text()}", here))
        answer.replace_with(_line(page, f"Respuesta {number}, al final", there, here))
        for child in [
            child for child in answer.children if getattr(child, "name", "") != "summary"
        ]:
            item.append(child)
        last.append(item)
    page.select("section, h1")[0].append(last)


def _line(page: BeautifulSoup, text: str, to: str, anchor: str = "") -> Tag:
    """A line that is a link, with an anchor of its own."""
    line = page.new_tag("p", attrs={"class": "answer-link"} | ({"id": anchor} if anchor else {}))
    line.append(page.new_tag("a", attrs={"href": f"#{to}"}, string=text))
    return line


def _open(fold: Tag) -> None:
    """What is behind a line, below it; a line that names nothing is left out."""
    fold.name = "div"
    del fold["open"]
    for name in fold.find_all("summary", recursive=False):
        name.name = "p"
        name["class"] = "box-title"


def _fit(code: Tag) -> None:
    """Write a table that is drawn with characters smaller, where it is wider than a sheet."""
    lines = (line for line in code.get_text().splitlines() if line.startswith(("|", "+-")))
    widest = max(map(len, lines), default=0)
    if widest > COLUMNS:
        code["style"] = f"font-size: {COLUMNS / widest:.0%}"

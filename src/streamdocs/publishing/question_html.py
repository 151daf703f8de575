"""A question as HTML: complete without JavaScript, and what its scripts bring to life."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from sphinx.highlighting import PygmentsBridge

from streamdocs.publishing.answers import Blank, Choice, Question, shuffled
from streamdocs.publishing.runs import NO_ERROR, Shown
from streamdocs.recording.tables import Row, Table

_LETTERS = "ABCDEFGHIJ"
_NUMBERS = "①②③④⑤⑥⑦⑧⑨"
# No links: a question is shown on several pages.
_MARKDOWN = MarkdownIt("zero").enable(["backticks", "emphasis"])
_PYGMENTS = PygmentsBridge("html")


def html(question: Question, page: str, of: int) -> str:
    """The question, with its answer folded at its end; it is one ``of`` so many on its ``page``."""
    parts: Callable[[Question], tuple[str, str]] = {
        "choice": _choice,
        "order": _order,
        "blanks": _blanks,
    }[question.kind]
    asked, answer = parts(question)
    text = f"<p>{_inline(question.text)}</p>" if question.text else ""
    return (
        f'<stream-question class="box question" id="pregunta-{question.key}"'
        f' data-key="{page}#{question.key}" data-of="{of}" data-kind="{question.kind}">'
        '<p class="box-title">Pregunta</p>'
        f'<p class="question-title" id="pregunta-{question.key}-title">'
        f"{_inline(question.title)}</p>{text}"
        f"{''.join(map(_shown, question.shows))}{asked}"
        '<details class="question-answer"><summary>Ver la respuesta</summary>'
        f'{answer}<p class="question-explained">{_inline(question.explained)}</p></details>'
        "</stream-question>\n"
    )


def _inline(text: str) -> str:
    return str(_MARKDOWN.renderInline(text))


def _choice(question: Question) -> tuple[str, str]:
    options = "".join(f"<li{_key(each)}>{_shown(each.shown)}</li>" for each in question.choices)
    whys = (_why(_LETTERS[place], each) for place, each in enumerate(question.choices))
    return f'<ol class="question-options">{options}</ol>', _list(whys)


def _key(choice: Choice) -> str:
    return " data-right" if choice.right else ""


def _why(name: str, choice: Choice) -> str:
    said = "Esta es la buena." if choice.right else _inline(choice.why)
    return f"<li{_key(choice)}><b>{name}</b> <span>{said}</span></li>"


def _list(items: Iterable[str]) -> str:
    return f'<ul class="question-why">{"".join(items)}</ul>'


def _order(question: Question) -> tuple[str, str]:
    lines = _out_of_order(question)
    # The numbers of the lines that may stand at a place, when those before stand at theirs.
    groups = ";".join(" ".join(map(str, sorted(group))) for group in question.swap)
    shown = dict(zip(question.lines, _gapped(question), strict=True))
    items = "".join(f'<li data-line="{escape(line)}">{shown[line]}</li>' for line in lines)
    asked = f'<ul class="question-lines" data-swap="{groups}">{items}</ul>'
    answer = f'<pre class="highlight">{_code(question.code)}</pre>'
    return asked + _sets(question), answer + _whys(question)


def _gapped(question: Question) -> Iterator[str]:
    """Each line as code, with a number in the place of each blank."""
    start = 0
    for line in question.lines:
        pieces, last, end = [], start, start + len(line)
        for number, blank in enumerate(question.blanks):
            if start <= blank.start < end:
                pieces += [_code(question.code[last : blank.start]), _gap(number)]
                last = blank.end
        pieces.append(_code(question.code[last:end]))
        yield f'<code class="highlight">{"".join(pieces)}</code>'
        start = end + 1


def _out_of_order(question: Question) -> Sequence[str]:
    """The lines as nobody would leave them: the same in every build."""
    lines = sorted(question.lines, key=lambda line: shuffled(question.key, line))
    return lines[::-1] if tuple(lines) == question.lines else lines


def _blanks(question: Question) -> tuple[str, str]:
    pieces, last = [], 0
    for number, blank in enumerate(question.blanks):
        pieces += [escape(question.code[last : blank.start]), _gap(number)]
        last = blank.end
    pieces.append(escape(question.code[last:]))
    asked = f'<pre class="question-code">{"".join(pieces)}</pre>'
    return asked + _sets(question), _whys(question)


def _sets(question: Question) -> str:
    """What may stand in each blank."""
    sets = "".join(_set(number, blank) for number, blank in enumerate(question.blanks))
    return f'<ul class="question-blanks">{sets}</ul>' if sets else ""


def _whys(question: Question) -> str:
    whys = [
        _why(f"{_NUMBERS[number]} {escape(each.shown.text)}", each)
        for number, blank in enumerate(question.blanks)
        for each in blank.choices
    ]
    return _list(whys) if whys else ""


def _gap(number: int) -> str:
    return f'<span class="question-gap">{_NUMBERS[number]}</span>'


def _set(number: int, blank: Blank) -> str:
    choices = " ".join(
        f"<code{_key(each)}>{escape(each.shown.text)}</code>" for each in blank.choices
    )
    return f"<li>{_NUMBERS[number]} {choices}</li>"


def _shown(shown: Shown) -> str:
    """A run as a reader sees it."""
    if shown.kind == "tables":
        return "".join(map(_table, shown.tables))
    if shown.kind == "code":
        return f'<pre class="highlight">{_code(shown.text)}</pre>'
    if shown.kind == "text" and not shown.text:
        return "<p>Nada.</p>"
    if shown.kind in ("text", "typed"):
        return f"<pre>{escape(shown.text)}</pre>"
    if shown.kind == "condition" and shown.text == NO_ERROR:
        return "<p>No falla.</p>"
    return f"<p><code>{escape(shown.text)}</code></p>"


def _code(text: str) -> str:
    # Forced: what is highlighted may be one line of a longer statement.
    return _PYGMENTS.highlight_block(text, "python", force=True, nowrap=True).rstrip("\n")


def _table(table: Table) -> str:
    if not table.rows:
        return "<p>Ninguna fila.</p>"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "".join(_rows(table.rows))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        cells = (escape("NULL" if value is None else value) for value in row)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

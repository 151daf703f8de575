"""Which cells of a page the build has recorded: the page's text says it, and the site does not."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recorded:
    """A cell whose query is recorded: under which name, and by what it is found in its page.

    Attributes:
        name: what its author calls the query.
        code: what stands in the cell.
        earlier: how many cells of the page with the same code stand before it.
    """

    name: str
    code: str
    earlier: int


def recorded(text: Path, examples: Path) -> tuple[Recorded, ...]:
    """The recorded cells of the page that stands in ``text``, in order; none where it is not there.

    ``examples`` is the folder of what its cells show.
    """
    page = text.read_text("utf-8") if text.is_file() else ""
    if ":record:" not in page:
        return ()
    # It takes a second, and most pages need it not.
    from streamdocs.course import page as pages

    cells = pages.cells(pages.read(page, str(examples)))
    codes = [cell.source for cell in cells]
    return tuple(
        Recorded(cell.options.record, cell.source, codes[:place].count(cell.source))
        for place, cell in enumerate(cells)
        if cell.options.record
    )

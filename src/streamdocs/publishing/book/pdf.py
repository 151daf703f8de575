"""Print a page with Chromium, as on paper: bookmarks, links and the numbers of the sheets."""

import sys
import tempfile
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.system import child, programs

_PATIENCE = 300.0
"""Seconds that Chromium may take for the whole course on a machine that has more to do."""

_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--no-first-run", "--no-pdf-header-footer", "--generate-pdf-document-outline"),
)


class PrintError(StreamdocsError):
    """Chromium did not print."""


def print_page(page: Path, to: Path) -> None:
    """Write the PDF of a local HTML file; where it fails, PrintError, and the old one stays."""
    programs.find("chromium")
    half = to.with_name(f"{to.name}.part").absolute()
    try:
        with tempfile.TemporaryDirectory() as profile:
            command = ["chromium", *_OPTIONS, f"--user-data-dir={profile}"]
            command += [f"--print-to-pdf={half}", page.absolute().as_uri()]
            ran = child.run(command, f"Chromium imprima {page.name}", _PATIENCE)
        # One that is killed, or that has no room, leaves half of it.
        if ran.returncode != 0 or not half.exists():
            raise PrintError(
                f"Chromium no ha podido imprimir {page}, y dice por qué:\n{ran.stderr}"
            )
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)


def main() -> None:
    """Entry point of ``python -m streamdocs.publishing.book.pdf PAGE PDF``: renews the PDF."""
    page, to = map(Path, sys.argv[1:])
    if to.exists() and to.stat().st_mtime > page.stat().st_mtime:
        return
    try:
        print_page(page, to)
    except StreamdocsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

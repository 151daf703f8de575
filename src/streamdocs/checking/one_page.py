"""Run one page alone, outside Sphinx, and print what its cells gave."""

import argparse
import sys
from pathlib import Path

from jupyter_cache.executors.utils import single_nb_execution
from nbformat import NotebookNode

from streamdocs.checking import expected
from streamdocs.course.course import Course
from streamdocs.errors import StreamdocsError
from streamdocs.running.build import Build
from streamdocs.running.progress import Reporter

CELL_TIMEOUT = 300
"""Seconds that a cell may take: longer than any single wait of ours, so that ours speaks first."""


def run(build: Build, course: Course, name: str) -> tuple[NotebookNode, bool]:
    """Execute the page of ``course`` called ``name``.

    Returns its notebook with the outputs, and whether it ran to its end. It runs as in the site,
    by jupyter-cache's executor: after a cell that fails no other runs.
    """
    notebook = course.read(name)
    build.page = course.page(name)
    result = single_nb_execution(notebook, cwd=None, timeout=CELL_TIMEOUT, allow_errors=False)
    return notebook, result.err is None


def main(root: Path, file: Path, accept: bool) -> int:
    """Run the page ``file`` of the course at ``root``, print its outputs, and compare them.

    With ``accept``, they become what is expected of the page.
    """
    course = Course.at(root)
    if not file.is_file() or course.docs.resolve() not in file.resolve().parents:
        print(f"No encuentro la página {file}: escribe «docs/….md».", file=sys.stderr)
        return 1
    name = course.name(file)
    if not course.page(name).cells:
        print(f"{file} no tiene celdas: no hay nada que ejecutar.", file=sys.stderr)
        return 1
    reporter = Reporter()
    with Build(course.examples, reporter.event) as build:
        notebook, finished = run(build, course, name)
    reporter.close()
    print(expected.dump(expected.blocks(notebook)))
    check = expected.accept if accept else expected.check
    problems = check(notebook, course.wanted(name), finished=finished)
    for problem in problems:
        print(f"{file}:{problem.line}: {problem.text}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Ejecuta una página y enseña lo que imprime.")
    parser.add_argument("file", type=Path, metavar="docs/….md")
    parser.add_argument("--accept", action="store_true", help="dalo por bueno en tests/expected")
    options = parser.parse_args()
    try:
        sys.exit(main(Path.cwd(), options.file, options.accept))
    except StreamdocsError as error:
        sys.exit(str(error))

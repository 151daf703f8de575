"""After any edit, what a build leaves is what a clean build would leave, and little runs."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import EPOCH, Built, Site

SPARK = """from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().range(3).count())"""
EXAMPLE = """# %% Uno
print("uno")

# %% Otro
print("otro")
"""
ACCEPT = ("-D", "streamdocs_regen=1")


@dataclass
class Walk:
    """A site that is edited at random; each edit tells which pages it makes run again."""

    site: Site
    random: random.Random
    plain: list[str] = field(default_factory=lambda: ["una", "otra"])
    count: int = 0

    def new(self) -> str:
        """A name that was never used before."""
        self.count += 1
        return f"n{self.count}"

    def pages(self) -> set[str]:
        """The pages with cells."""
        return set(self.site.names()) - {"index", "texto"}

    def text(self) -> set[str]:
        self.site.append(
            f"{self.random.choice(sorted(self.pages()))}.md", f"\nMás: {self.new()}.\n"
        )
        return set()

    def code(self) -> set[str]:
        name = self.random.choice(self.plain)
        self.site.append(f"{name}.md", f"\n```{{code-cell}}\nprint('{self.new()}')\n```\n")
        return {name}

    def tag(self) -> set[str]:
        name = self.random.choice(self.plain)
        self.site.append(
            f"{name}.md", f"\n```{{code-cell}}\n:tags: [hide-input]\nprint('{self.new()}')\n```\n"
        )
        return {name}

    def example(self) -> set[str]:
        """The cell that a page shows."""
        self.site.edit("examples/uno.py", "# %% Uno\n", f"# %% Uno\nprint('{self.new()}')\n")
        return {"ejemplo", "orden"}

    def other_cell(self) -> set[str]:
        """A page depends on the whole of an example that it shows a cell of."""
        self.site.append("examples/uno.py", f"print('{self.new()}')\n")
        return {"ejemplo", "orden"}

    def package(self) -> set[str]:
        self.site.append("src/errors.py", f"# {self.new()}\n")
        return self.pages()

    def lock(self) -> set[str]:
        self.site.append("src/lock.txt", f"{self.new()}\n")
        return self.pages()

    def data(self) -> set[str]:
        self.site.append("examples/datos.txt", f"{self.new()}\n")
        return {"datos"}

    def renamed(self) -> set[str]:
        """The same cells ran under the old name."""
        old = self.plain.pop(self.random.randrange(len(self.plain)))
        (self.site.root / f"{old}.md").rename(self.site.root / f"{self.new()}.md")
        self.plain.append(f"n{self.count}")
        self.site.contents()
        return set()

    def deleted(self) -> set[str]:
        """And another written in its place."""
        old = self.plain.pop(self.random.randrange(len(self.plain)))
        (self.site.root / f"{old}.md").unlink()
        name = self.new()
        self.site.page(name, f"print('{name}')")
        self.plain.append(name)
        return {name}

    def expected(self) -> set[str]:
        """What is expected changes: the build, which accepts, puts it back."""
        self.site.edit(f"expected/{self.plain[0]}.txt", "print", f"{self.new()} print")
        return set()


EDITS: list[Callable[[Walk], set[str]]] = [
    *(Walk.text, Walk.code, Walk.tag, Walk.example, Walk.other_cell, Walk.data),
    *(Walk.renamed, Walk.deleted, Walk.expected, Walk.package, Walk.lock),
]


@pytest.fixture
def small(site: Site, thorough: bool) -> Site:
    """Six pages; one with Spark where there is time for it."""
    shutil.rmtree(site.root / "examples")
    (site.root / "examples").mkdir()
    (site.root / "examples/uno.py").write_text(EXAMPLE)
    (site.root / "examples/datos.txt").write_text("a\n")
    (site.root / "src/lock.txt").write_text("uno==1\n")
    site.page("una", "print('una')")
    site.page("otra", "print('otra')")
    site.page("ejemplo", ":example: uno.py#Uno")
    site.page("orden", "%%terminal 1\npython examples/uno.py")
    site.page("datos", "print(len(open('examples/datos.txt').read()))")
    (site.root / "texto.md").write_text("# Texto\n\nSin celdas.\n")
    if thorough:
        site.page("spark", SPARK)
    site.contents()
    return site


def clean(site: Site, folder: Path) -> Built:
    """Build a copy of the site that knows nothing of earlier builds."""
    copy = Site(folder)
    shutil.copytree(site.root, folder, ignore=shutil.ignore_patterns("_build", "expected"))
    built = copy.build(*ACCEPT, **EPOCH)
    assert copy.published() == site.published()
    wanted = accepted(copy)
    assert wanted
    assert wanted.items() <= accepted(site).items()
    return built


def accepted(site: Site) -> dict[str, str]:
    """What the pages of a site must print, by file."""
    return {file.name: file.read_text() for file in (site.root / "expected").glob("*.txt")}


@pytest.mark.parametrize(
    "walk_number", [1, *(pytest.param(number, marks=pytest.mark.full) for number in (2, 3, 4))]
)
def test_an_incremental_build_is_a_clean_one(
    small: Site, thorough: bool, walk_number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seed = random.randrange(10**6)
    number = 25 if thorough else 4
    print(f"semilla {seed}, {number} cambios")
    walk = Walk(small, random.Random(seed))
    small.build(*ACCEPT, **EPOCH).green()
    for step in range(number):
        # Those that run every page come last, and only where there is time.
        edit = walk.random.choice(EDITS if thorough else EDITS[:-2])
        wanted = edit(walk)
        built = small.build(*ACCEPT, **EPOCH)
        what = f"semilla {seed}, cambio {step}: {edit.__name__}"
        print(what, built.executed)
        assert built.code == 0, f"{what}\n{built.err}"
        assert built.executed == wanted, what
        if thorough or step == number - 1:
            folder = tmp_path_factory.mktemp("copia") / "sitio"
            assert clean(small, folder).code == 0, what
            shutil.rmtree(folder)
    print(f"Cambios al azar, semilla {seed}: {number} probados, 0 fallos.")

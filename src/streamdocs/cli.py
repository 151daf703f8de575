"""What a reader or a teacher types: the orders of the program ``streamdocs``."""

import argparse
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from streamdocs.errors import StreamdocsError
from streamdocs.exercises import classlist, classroom, evidence, files, project, report
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict, check
from streamdocs.exercises.classroom import Delivered
from streamdocs.exercises.curriculum import CHAPTERS
from streamdocs.exercises.evidence import Try
from streamdocs.exercises.exercise import Exercise, Level
from streamdocs.exercises.project import grader
from streamdocs.kafka.__main__ import serve
from streamdocs.running.build import Build, Event
from streamdocs.system import programs

_SAMPLE = 5
"""How many reports a class has run again, unless it says another number."""


class NoExerciseError(StreamdocsError):
    """There is no exercise of that name."""


def _exercise(name: str) -> Exercise:
    if name not in EXERCISES:
        raise NoExerciseError(
            f"No hay ningún ejercicio que se llame {name}: «streamdocs ejercicios» los enumera."
        )
    return EXERCISES[name]


def _list(_: argparse.Namespace) -> int:
    for chapter, its in groupby(EXERCISES.values(), lambda each: each.chapter):
        print(f"\n{CHAPTERS[chapter].title}")
        for each in its:
            print(f"  {each.name:26} {each.level:9} {each.title}")
    print("\nPara empezar uno, en una carpeta tuya: streamdocs empieza NOMBRE")
    return 0


_TO_DO: dict[Level, str] = {
    "completa": "escribe tu código donde pone «Completa», y borra los puntos suspensivos",
    "cambia": "funciona, pero hace otra cosa: cámbialo para que haga lo que se pide",
    "escribe": "solo tiene el principio: el resto es tuyo",
}


def _begin(options: argparse.Namespace) -> int:
    if options.name == project.NAME:
        folder = files.begin_project(Path.cwd())
        print(f"Aquí tienes {folder.name}. El primer paso: streamdocs comprueba proyecto --paso 1")
        return 0
    exercise = _exercise(options.name)
    file = files.begin(exercise, Path.cwd())
    print(f"Aquí tienes {file.name}: {exercise.title}.")
    print(f"  1. Lee el enunciado en el sitio: ejercicios/{exercise.chapter}.html")
    print(f"  2. Abre el fichero: {_TO_DO[exercise.level]}.")
    print("  3. Compruébalo. Es la misma orden, con «comprueba» en vez de «empieza».")
    return 0


def _check_project(options: argparse.Namespace) -> int:
    if options.informe and options.paso:
        sys.exit("Un informe es de los cinco pasos: quita «--paso».")
    folder: Path = options.fichero or Path(project.NAME)
    if not folder.is_dir():
        sys.exit(f"No hay ninguna carpeta {folder}: «streamdocs empieza proyecto» la crea aquí.")
    seed = random.randrange(10**6) if options.semilla is None else options.semilla
    print(f"Los datos son nuevos (semilla {seed}).", flush=True)
    programs = {
        file.name: files.text(file)
        for file in sorted(folder.iterdir())
        if file.name in grader.FILES.values()
    }
    if not programs:
        sys.exit(f"En {folder} no hay ninguno de estos: {', '.join(grader.FILES.values())}.")
    began = time.monotonic()
    with Build(files.folder(), _tell_wait) as build:
        build.open()
        problems = grader.check(build, folder, seed, options.paso, tell=print)
    print(*report.project(problems, options.paso), sep="\n")
    seconds = time.monotonic() - began
    tried = Try(options.autor, project.NAME, seed, programs, seconds)
    _leave(options, tried, Verdict((), problems))
    return 1 if problems else 0


def _leave(options: argparse.Namespace, tried: Try, verdict: Verdict) -> None:
    """Write the report of a try, if one is wanted."""
    if options.informe:
        with _writing(options.informe):
            evidence.write(evidence.of(tried, verdict), options.informe)
        print(f"El informe está en {options.informe}.")


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Say in a sentence why ``file`` cannot be written, and end."""
    try:
        yield
    except OSError as error:
        sys.exit(f"No puedo escribir {file}: {error.strerror}.")


def _tell_wait(event: Event) -> None:
    """Say what a check waits for, which may be somebody else's."""
    if event.waiting:
        print(f"{event.waiting[0].upper()}{event.waiting[1:]}.", flush=True)


def _check(options: argparse.Namespace) -> int:
    if options.informe and not options.autor:
        sys.exit("El informe no dice de quién es: añade --autor 'Tu nombre'.")
    if options.informe:
        evidence.place(options.informe)
    if options.name == project.NAME:
        return _check_project(options)
    if options.paso:
        sys.exit("Solo el proyecto tiene pasos: quita «--paso».")
    exercise = _exercise(options.name)
    file: Path = options.fichero or Path(f"{exercise.name}.py")
    if not file.is_file():
        sys.exit(f"No hay ningún {file}: «streamdocs empieza {exercise.name}» lo crea aquí.")
    seed = random.randrange(10**6) if options.semilla is None else options.semilla
    code = files.text(file)
    began = time.monotonic()
    with Build(files.folder(), _tell_wait) as build:
        build.open()
        print(f"Ejecuto {file} con datos nuevos (semilla {seed})…", flush=True)
        verdict = check(build, exercise, file, seed)
    print(report.told(exercise, verdict))
    if not verdict.problems:
        report.compared(code, files.solution(exercise))
    seconds = time.monotonic() - began
    programs = {f"{exercise.name}.py": code}
    _leave(options, Try(options.autor, exercise.name, seed, programs, seconds), verdict)
    return 1 if verdict.problems else 0


def _class(options: argparse.Namespace) -> int:
    delivered = classroom.read(options.carpeta)
    if not delivered:
        sys.exit(f"No hay ningún informe en {options.carpeta}: son ficheros .html.")
    if options.muestra:
        delivered = _repeated(delivered, options.muestra)
    console = Console()
    console.print(classlist.students(delivered), classlist.hardest(delivered), sep="\n")
    if notes := classlist.notes(delivered):
        console.print("Mira estos:", *(f"  {note}" for note in notes), sep="\n", markup=False)
    console.print(classlist.summary(delivered), markup=False)
    for file, text in (
        (options.csv, classlist.as_csv(delivered)),
        (options.matriz, classlist.matrix_csv(delivered)),
    ):
        if file:
            with _writing(file):
                file.write_text(text, "utf-8")
    return 1 if any(each.doubtful for each in delivered) else 0


def _repeated(delivered: list[Delivered], most: int) -> list[Delivered]:
    with Build(files.folder(), _tell_wait) as build:
        build.open()
        return classroom.repeat(
            delivered,
            most,
            random.randrange(10**6),
            partial(_judge, build),
        )


def _judge(build: Build, name: str, folder: Path, seed: int) -> Verdict:
    """What the programs in a folder come to, those of the project or of an exercise."""
    if name == project.NAME:
        return Verdict((), grader.check(build, folder, seed, tell=print))
    return check(build, EXERCISES[name], folder / f"{name}.py", seed)


def _aula(options: argparse.Namespace) -> int:
    # What only it needs may not be there.
    from streamdocs.aula.serve import serve as serve_site

    serve_site(options.carpeta.resolve(), options.textos.resolve())
    return 0


def _kafka(options: argparse.Namespace) -> int:
    serve(options.carpeta)
    return 0


class _Parser(argparse.ArgumentParser):
    """What argparse says, in Spanish."""

    def format_help(self) -> str:
        text = super().format_help()
        for english, spanish in _SPANISH.items():
            text = text.replace(english, spanish)
        return text

    def error(self, message: str) -> NoReturn:
        order = " ".join(self.format_usage().removeprefix("usage: ").split())
        self.exit(2, f"No entiendo esa orden. Se escribe así: {order}\n")


_SPANISH = {
    "usage:": "uso:",
    "positional arguments:": "argumentos:",
    "options:": "opciones:",
    "show this help message and exit": "enseña esta ayuda",
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="streamdocs", description="Los ejercicios del curso de Spark Structured Streaming."
    )
    orders = parser.add_subparsers(required=True, metavar="ORDEN")
    listed = orders.add_parser("ejercicios", help="enumera los ejercicios")
    listed.set_defaults(run=_list, needs=())
    begun = orders.add_parser("empieza", help="deja en esta carpeta el programa por completar")
    begun.add_argument("name", metavar="NOMBRE")
    begun.set_defaults(run=_begin, needs=())
    checked = orders.add_parser("comprueba", help="ejecuta tu programa con datos nuevos")
    checked.add_argument("name", metavar="NOMBRE")
    checked.add_argument("--fichero", type=Path, help="tu programa; si no, NOMBRE.py")
    steps = grader.FILES
    checked.add_argument("--paso", type=int, choices=steps, help="un solo paso del proyecto")
    checked.add_argument("--semilla", type=int, help="repite los datos de otra vez")
    checked.add_argument("--informe", type=Path, help="escribe aquí un informe repetible")
    checked.add_argument("--autor", default="", help="de quién es el informe")
    checked.set_defaults(run=_check, needs=("java", "nc"))
    kafka = orders.add_parser("kafka", help="arranca un broker de Kafka, hasta Control+C")
    kafka.add_argument("carpeta", type=Path, nargs="?", default=Path("kafka"))
    kafka.set_defaults(run=_kafka, needs=("java",))
    aula = orders.add_parser("aula", help="abre el sitio con sus celdas en marcha, hasta Control+C")
    aula.add_argument("carpeta", type=Path, help="la del sitio, ya construido")
    aula.add_argument(
        "--textos",
        type=Path,
        default=Path("docs"),
        help="la de las páginas de las que se hizo, que dicen qué consultas se graban (docs)",
    )
    aula.set_defaults(run=_aula, needs=("java", "nc"))
    class_ = orders.add_parser("clase", help="lee los informes de una clase y repite algunos")
    class_.add_argument("carpeta", type=Path)
    class_.add_argument("--muestra", type=int, default=_SAMPLE, help="cuántos se repiten")
    class_.add_argument("--csv", type=Path, help="escribe aquí una fila por informe")
    class_.add_argument("--matriz", type=Path, help="escribe aquí una fila por alumno")
    class_.set_defaults(run=_class, needs=("java", "nc"))
    return parser


def main() -> None:
    """Entry point of the program ``streamdocs``."""
    options = _parser().parse_args()
    lacking = programs.missing(options.needs)
    if lacking:
        sys.exit("\n".join(str(error) for error in lacking.values()))
    # A terminal that is closed ends it as Control+C does: what it started ends with it.
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        sys.exit(options.run(options))
    except StreamdocsError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrumpido: no queda nada en marcha.")


if __name__ == "__main__":
    main()

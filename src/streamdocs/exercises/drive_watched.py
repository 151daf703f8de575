"""Ways to run a reader's program that watches its data: what it notes, what it refuses."""

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import lay, read_all
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import json_object, json_rows, unordered
from streamdocs.recording.tables import Table


def diary(attempt: Attempt, texts: Data) -> list[Table]:
    """Lay the files, let the program end by itself, and read the JSON lines where SALIDA says."""
    lay(attempt, texts, 0)
    file = attempt.home / "diario.jsonl"
    attempt.start(ENTRADA=str(attempt.home / "entrada"), SALIDA=str(file))
    attempt.finish()
    read_all(attempt, texts)
    if not file.is_file():
        raise StreamdocsError("Tu programa no ha escrito el fichero que dice SALIDA.")
    lines = file.read_text("utf-8", "replace").splitlines()
    return [unordered([json_object(line, file) for line in lines])]


def guarded(attempt: Attempt, texts: Data) -> list[Table]:
    """Lay the files and let the program end, however it does; what is in SALIDA, and its code.

    Then once more, on the same checkpoint.
    """
    lay(attempt, texts, 0)
    names = ("entrada", "salida", "checkpoint")
    folders = {name.upper(): str(attempt.home / name) for name in names}
    answer = []
    for _ in range(2):
        attempt.start(**folders)
        code = attempt.ended()
        answer += [json_rows(attempt.home / "salida"), ended(code)]
    if not attempt.rows_read(folders["ENTRADA"]):
        raise StreamdocsError("Ninguna consulta ha leído la carpeta que dice ENTRADA.")
    return answer


def ended(code: int) -> Table:
    """How a program has ended."""
    return Table(("código de salida",), ((str(code),),))

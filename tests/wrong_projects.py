"""Projects that look right and are wrong, as changes of the official solution."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

SOLUTION = ROOT / "examples" / "ejercicios" / "soluciones" / "proyecto"


@dataclass(frozen=True)
class Wrong:
    """A wrong project.

    Attributes:
        title: what is wrong.
        step: in which step it is found.
        file: the program that is wrong.
        changes: what, in the solution, becomes what.
        why: part of the sentence that says so.
    """

    title: str
    step: int
    file: str
    changes: tuple[tuple[str, str], ...]
    why: str

    def lay(self, folder: Path) -> None:
        """Write it into ``folder``. A change of what is not there is an error."""
        text = (SOLUTION / self.file).read_text("utf-8")
        for old, new in self.changes:
            assert old in text, f"{self.title}: no «{old}»"
            text = text.replace(old, new)
        (folder / self.file).write_text(text, "utf-8")


_REPEATED = "los del batch que Spark repitió al arrancar"
_NOTED = """        if apuntado.rowcount == 0:
            return  # ya se guardó, y Spark lo repite
"""
_NO_KEYS = (
    ("id TEXT PRIMARY KEY, de", "id TEXT, de"),
    ("crudo BLOB,\n    PRIMARY KEY (particion, desplazamiento)", "crudo BLOB"),
    ("inicio TEXT PRIMARY KEY", "inicio TEXT"),
)

WRONG = (
    Wrong(
        "does not wait for Kafka",
        1,
        "productor.py",
        (("productor.flush()", "perdidos"),),
        "¿esperas a que Kafka las tenga antes de acabar?",
    ),
    Wrong(
        "no dead letters",
        2,
        "pagos.py",
        (('("INSERT INTO rechazados VALUES (?, ?, ?)", malos),', ""),),
        "No has apartado ninguno de los 32 mensajes malformados",
    ),
    Wrong(
        "no dedup in the table",
        2,
        "pagos.py",
        (_NO_KEYS[0],),
        "que quien envía ha repetido",
    ),
    Wrong(
        "no dedup in the windows",
        3,
        "pagos.py",
        (('    .dropDuplicatesWithinWatermark(["id"])\n', ""),),
        "Tus ventanas cuentan los ids repetidos",
    ),
    Wrong(
        "no watermark",
        3,
        "pagos.py",
        (
            ('withWatermark("momento", "30 seconds")', 'dropDuplicates(["id"])'),
            ('    .dropDuplicatesWithinWatermark(["id"])\n', ""),
            ('.outputMode("append")', '.outputMode("update")'),
            ("INSERT INTO ventanas", "INSERT OR REPLACE INTO ventanas"),
        ),
        "Tus ventanas cuentan lo que llegó cuando ya se habían cerrado",
    ),
    Wrong(
        "another watermark",
        3,
        "pagos.py",
        (('"30 seconds"', '"29 seconds"'),),
        "solo se escriben las de 3 minutos que la watermark de 30 segundos ya ha pasado",
    ),
    Wrong(
        "the number before the rows",
        4,
        "pagos.py",
        ((_NOTED, f"{_NOTED}        bd.commit()\n"),),
        "Filas y número van en una misma transacción",
    ),
    Wrong(
        "append to the table",
        4,
        "pagos.py",
        (*_NO_KEYS, (_NOTED, "")),
        f"pagos: {_REPEATED}",
    ),
    Wrong(
        "windows without a number",
        4,
        "pagos.py",
        (_NO_KEYS[2], ("rowcount == 0:", 'rowcount == 0 and consulta == "pagos":')),
        "Has escrito dos veces",
    ),
    Wrong(
        "printing only",
        2,
        "pagos.py",
        (("    guardar(\n", "    print(\n"),),
        "todos, porque tu programa no guarda ninguno",
    ),
    Wrong(
        "a checkpoint in the temporary folder",
        4,
        "pagos.py",
        (
            ("import os\n", "import os\nimport tempfile\n"),
            ('os.environ.get("CHECKPOINT", "checkpoint")', "tempfile.mkdtemp()"),
        ),
        "Ninguna consulta apunta por dónde va en la carpeta pagos",
    ),
    Wrong(
        "only what comes from now on",
        2,
        "pagos.py",
        (('"startingOffsets", "earliest"', '"startingOffsets", "latest"'),),
        "mira «startingOffsets»",
    ),
    Wrong(
        "the partitions of the first day",
        4,
        "pagos.py",
        (('.option("subscribe", TEMA)', '.option("assign", f\'{{"{TEMA}": [0, 1]}}\')'),),
        "los de la partición que se añadió",
    ),
    Wrong(
        "Latin-1 taken for good",
        2,
        "pagos.py",
        (('f.col("es_utf8") & ', ""),),
        "Latin-1 (2)",
    ),
    Wrong(
        "who pays, and for what, is not asked",
        2,
        "pagos.py",
        (("for campo in campos:", 'for campo in ("id", "momento"):'),),
        "sin de (2)",
    ),
    Wrong(
        "raw bytes as a text",
        2,
        "pagos.py",
        (('    "value",\n', '    texto.alias("value"),\n'),),
        "deben ser los bytes que llegaron",
    ),
    Wrong(
        "the limit itself, too",
        5,
        "tablero.py",
        (("if total > LIMITE", "if total >= LIMITE"),),
        "y no debía",
    ),
    Wrong(
        "a page in pieces",
        5,
        "tablero.py",
        (('Path(f"{fichero}.nuevo")', "Path(fichero)"), ("    nuevo.replace(fichero)\n", "")),
        "lo ve a medias",
    ),
    Wrong(
        "alerts one after another",
        5,
        "tablero.py",
        (
            (
                "escribir(\n    ALERTAS,\n",
                "(lambda fichero, texto: open(fichero, 'a').write(texto))(\n    ALERTAS,\n",
            ),
        ),
        "una línea que no es una alerta entera",
    ),
    Wrong(
        "lines are printed, not sent",
        1,
        "productor.py",
        (("productor.produce(\n", "print(\n"), ("key=clave(linea), on_delivery=entregado", "")),
        "El topic está vacío",
    ),
    Wrong("no key", 1, "productor.py", (("key=clave(linea)", "key=None"),), "no es quien paga"),
    Wrong(
        "only what is well made",
        1,
        "productor.py",
        (
            (
                "    productor.produce(\n",
                "    if clave(linea) is None:\n        continue\n    productor.produce(\n",
            ),
        ),
        "Líneas que faltan en el topic",
    ),
)

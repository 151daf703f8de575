"""What the course must teach, row by row, each proved by what a cell printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from conftest import ROOT
from nbformat import NotebookNode

from streamdocs.checking import expected

Course = Callable[[str], NotebookNode]


@dataclass(frozen=True)
class Proof:
    """A row of the syllabus: its page, a cell of it, what that cell must print, its examples."""

    row: str
    page: str
    cell: str
    """How the heading of the cell begins."""
    printed: str
    """A pattern that occurs in the output of such a cell."""
    examples: tuple[str, ...] = ()


COUNT = "hola/palabras.py"
MODES = "modos/salida.py"
PROOFS = (
    Proof("S01", "que-es-streaming", "ssc.start()", r"Batch 2\n\s*\('el', 3\)"),
    Proof("S01", "que-es-streaming", "consulta = (", r"Batch: 2[\s\S]*\bel\|\s+3"),
    Proof("S01", "que-es-streaming", "import os", "FutureWarning: DStream is deprecated"),
    Proof("S02", "nc/variantes", "Terminal 1: nc -h", r"OpenBSD netcat[\s\S]*Ncat: Version"),
    Proof(
        "S02",
        "nc/variantes",
        "Terminal 1: python examples/nc/variantes.py",
        r"-l -k +sí +solo el primero +sí",
        ("nc/variantes.py",),
    ),
    Proof("S03", "nc/ficheros", "Terminal 2: nc -d", r"f6351f5ead9a[0-9a-f]+  destino\.txt"),
    Proof("S04", "nc/ficheros", "Terminal 2: sha256sum", r"f6351f5ead9a[0-9a-f]+  destino\.txt"),
    Proof("S05", "nc/puertos", "Terminal 3: nc -z -v -w 1", r"9001 port .*succeeded"),
    Proof("S05", "nc/puertos", "Terminal 3: ncat -z", 'Invalid port number "9000-9004"'),
    Proof("S06", "nc/ordenes", "Terminal 2: nc 127.0.0.1 9999", r"2\s+sol"),
    Proof("S06", "nc/ordenes", "Terminal 1: nc -lvn", r"Listening on 0\.0\.0\.0 9999"),
    Proof("S07", "nc/ordenes", "Terminal 1: arena", r"1\s+arena"),
    Proof("S08", "nc/proxy", "Terminal 3: nc 127.0.0.1 9000", r"el mar y el sol\s+5"),
    Proof("S09", "nc/http", "Terminal 2: printf 'GET /hola.txt", r"200 OK[\s\S]*hola desde la web"),
    Proof("S09", "nc/http", "Terminal 2: printf 'GET / HTTP/1.1\\nHost", "400 Bad Request"),
    Proof("S10", "nc/cliente-y-servidor", "Terminal 2: hola", r"Terminal 1:\nhola, servidor"),
    Proof("S11", "nc/udp", "Terminal 2: nc -u", r"Terminal 1:\s+hola por UDP"),
    Proof("S12", "nc/varios-clientes", "Terminal 2: echo primero", r"primero\nsegundo"),
    Proof(
        "S12", "nc/varios-clientes", "Terminal 1: para los dos", r"Terminal 2:[\s\S]*Terminal 3:"
    ),
    Proof("S13", "nc/enviar-y-recibir", "Terminal 1: nc -l 127.0.0.1 999", "Permission denied"),
    Proof("S14", "nc/ficheros", "Terminal 2: cmp", r"echo \$\?\s+0"),
    Proof("S14", "nc/ficheros", 'Terminal 1: echo "uno', r"uno\\ndos[\s\S]*1 lineas\.txt"),
    Proof(
        "S15",
        "productor",
        "Terminal 2: python examples/productor/productor.py",
        "He enviado 10 palabras",
        ("productor/productor.py",),
    ),
    Proof(
        "S15", "productor", "Terminal 2: python examples/productor/productor.py", "Nadie escucha"
    ),
    Proof(
        "S16",
        "productor",
        "Terminal 2: python examples/productor/nombre.py",
        r"'__main__'[\s\S]*'nombre'",
        ("productor/nombre.py",),
    ),
    Proof("S17", "productor", 'palabra = "año"', r"b'a\\xc3\\xb1o'", ("productor/codificar.py",)),
    Proof("S17", "productor", "import unicodedata", r"False\n[\s\S]*True"),
    Proof("S18", "hola/palabras", "Terminal 1: el sol y la arena", r"el\|    3", (COUNT,)),
    Proof("S18", "hola/sql", "Terminal 1: el sol y la arena", r"el\|    3", ("hola/sql.py",)),
    Proof("S18", "hola/ejecutar", "Terminal 1: basta con uno", "basta"),
    Proof("S19", "tabla-sin-fin", "Terminal 1: la sal del mar", r"el\|\s+3\|"),
    Proof("S20", "fuentes/ficheros", "Terminal 1: echo 'martes;vino;3'", r"vino"),
    Proof("S20", "fuentes/ficheros", "Terminal 1: printf 'lunes;pan;2\\nlunes;lec'", r"lec\|"),
    Proof("S21", "fuentes/socket", "consulta = (", "Offsets committed out of order"),
    Proof("S21", "fuentes/socket", "spark.sql(", r"a\ufffdo\|\s+true"),
    Proof("S22", "fuentes/rate", "consulta = (", r"Batch: 1"),
    Proof("S23", "fuentes/tabla", "Terminal 1: printf 'viento", "viento"),
    Proof("S24", "fuentes/kafka", "Terminal 1: echo 'salon:21'", r"salon\|   21"),
    Proof("S24", "fuentes/kafka", "Terminal 1: echo 'el mar", r"el\|    2", ("fuentes/kafka.py",)),
    Proof(
        "S24", "fuentes/kafka", "raros = (", r"a\ufffdo\"}\s+\|\{a\ufffdo, NULL, NULL\}\s*\|false"
    ),
    Proof("S25", "sinks/ficheros", "Terminal 1: ls salida/_spark_metadata", r"\b0\b"),
    Proof("S26", "sinks/kafka", "os.rename(", r"TimeoutException: Expiring 1 record"),
    Proof("S26", "sinks/kafka", "contar()", r"humo en la cocina\|1", ("sinks/kafka.py",)),
    Proof("S26", "sinks/kafka", 'pasar("PERMISSIVE")', r"\|21 +\|2 "),
    Proof("S26", "sinks/kafka", "CAER = False", r"\|21 +\|2 "),
    Proof(
        "S27",
        "si-se-cae",
        "def comparar():",
        r"parquet +3 +3\n.*añade líneas +5 +6\n.*añade ficheros +3 +6\n.*su número +3 +3",
        ("si_se_cae/garantias.py",),
    ),
    Proof("S27", "si-se-cae", "def borrar(", r"repetir:  \(nada\)", ("si_se_cae/repetir.py",)),
    Proof(
        "S27",
        "si-se-cae",
        "for pregunta in (",
        r"sum por max\n +sigue: +pera 7, uva 2\n +de cero: +pera 5, uva 2",
        ("si_se_cae/cambios.py",),
    ),
    Proof("S27", "sinks/foreach", "Terminal 1: python examples/sinks/sqlite.py", "ya estaba"),
    Proof("S28", "sinks/consola", "consulta = (", "only showing top 2 rows"),
    Proof(
        "S28",
        "sinks/consola",
        "Terminal 1: python examples/sinks/cuaderno.py",
        r"«Consulta» sale:\n\(nada\)\n[\s\S]*«Espera» sale:\n-+\nBatch: 0",
        ("sinks/cuaderno.py",),
    ),
    Proof("S29", "sinks/memoria", "spark.sql(", "la_mayor"),
    Proof("S30", "modos/salida", "Terminal 1: el sol y la arena", r"el\|    3", (MODES,)),
    Proof("S31", "modos/ejercicio", "Terminal 1: Enviamos", r"primera\|    2"),
    Proof(
        "S31", "modos/ejercicio", "consulta.stop()", r"STREAMING_OUTPUT_MODE\.UNSUPPORTED_OPERATION"
    ),
    Proof("S32", "modos/matriz", "dibujar(consultas", r"append\s+funciona", ("modos/matriz.py",)),
    Proof("S32", "modos/matriz", "dibujar(sinks", r"UNSUPPORTED_DATASOURCE"),
    Proof("S33", "transformaciones/sin-estado", "comandas.map(", "ATTRIBUTE_NOT_SUPPORTED"),
    Proof("S34", "transformaciones/con-estado", "estado()", "'numRowsTotal': 5"),
    Proof("S34", "transformaciones/estado-propio", "guardado().show()", r"terraza\|  8\.5"),
    Proof(
        "S34",
        "transformaciones/estado-propio",
        "Terminal 1: 2026-03-02T14:03",
        r"terraza\|      1",
        ("transformaciones/caducidad.py",),
    ),
    Proof("S34", "ventanas/ventanas", "Terminal 1: echo '2026-03-02 12:05", r"12:01\|12:19\|"),
    Proof("S34", "transformaciones/joins", "Terminal 1: café paella", r"paella\|  NULL"),
    Proof("S34", "ventanas/watermark", "Terminal 1: echo '2026-03-02 12:08", r"12:10\|      12\|"),
    Proof("S34", "ventanas/watermark", "consulta = (", r"12:10\|     112\|"),
    Proof(
        "S35",
        "transformaciones/no-soportadas",
        "dibujar(matriz",
        r"limit\(3\)\n\s+append\s+funciona",
    ),
    Proof("S36", "triggers/triggers", "resumen(consulta)", r"batch 2: 3 filas, empieza"),
    Proof("S36", "triggers/triggers", "consulta = viajeros", r"\)\|\n\+-+\+\n\+-+\+\s*\Z"),
    Proof("S36", "triggers/triggers", "consulta = viajeros", r"Batch: 1\n[\s\S]*\| +3\|"),
    Proof("S36", "triggers/un-minuto", "Terminal 1: café tostada", r"café\|    3\|     00\|"),
    Proof("S36", "triggers/tiempo-real", "Terminal 1: echo 'humo", "HUMO EN EL AULA"),
    Proof("S37", "enlaces", "from pyspark.sql import", r"\(True, False\)"),
)


def test_every_row_has_a_proof() -> None:
    assert {proof.row for proof in PROOFS} == {f"S{number:02}" for number in range(1, 38)}


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: f"{proof.row} {proof.page}")
def test_the_row_is_taught(course: Course, proof: Proof) -> None:
    blocks = expected.blocks(course(proof.page))
    named = [block for block in blocks if block.heading.startswith(proof.cell)]
    assert named, "no cell has this heading"
    assert any(re.search(proof.printed, block.text) for block in named)


@pytest.mark.parametrize("name", sorted({name for proof in PROOFS for name in proof.examples}))
def test_the_row_has_its_example(name: str) -> None:
    assert (ROOT / "examples" / name).is_file()

"""Answers to the exercises on programs that die."""

from answers import Answer

_SAVED = '    tabla.write.mode("overwrite").json(f"{SALIDA}/numero={numero}")\n'
_NOT_NOTED = "sin que apunte en CHECKPOINT"
_CHECKED = "    if bd.execute(YA, (numero,)).fetchone():\n        return\n"
_MARKED = '    bd.execute("INSERT INTO hechos VALUES (?)", (numero,))\n'
_SUMMED = "    bd.executemany(SUMA, filas)\n"

ANSWERS = (
    Answer(
        "caidas",
        "con el sink de ficheros",
        (
            (
                "pedidos.writeStream.foreachBatch(guardar)",
                'pedidos.writeStream.format("json").option("path", SALIDA)',
            ),
        ),
    ),
    Answer(
        "caidas",
        "otro nombre de carpeta, en un solo fichero",
        (
            ('tabla.write.mode("overwrite")', 'tabla.coalesce(1).write.mode("overwrite")'),
            ("numero={numero}", "{numero:04}"),
        ),
    ),
    Answer(
        "caidas",
        "si la carpeta está, no hace nada",
        (('mode("overwrite")', 'mode("ignore")'),),
        "Tabla 3: falta |",
    ),
    Answer(
        "caidas",
        "una carpeta con nombre al azar",
        (("numero={numero}", "{__import__('uuid').uuid4()}"),),
        "Tabla 2: sobra",
    ),
    Answer(
        "caidas",
        "el checkpoint, en una carpeta temporal",
        (("CHECKPOINT)", '__import__("tempfile").mkdtemp())'),),
        _NOT_NOTED,
    ),
    Answer(
        "caidas",
        "si la carpeta está, se queja",
        (('mode("overwrite")', 'mode("error")'),),
        "PATH_ALREADY_EXISTS",
    ),
    Answer(
        "caidas-puntos",
        "el número más alto, en una fila",
        (
            (
                _CHECKED,
                "    (alto,) = bd.execute(YA).fetchone()\n    if numero <= alto:\n        return\n",
            ),
            ("SELECT numero FROM hechos WHERE numero = ?", "SELECT max(numero) FROM hechos"),
            (
                "        bd.execute(HECHOS)\n",
                "        bd.execute(HECHOS)\n"
                '        bd.execute("INSERT OR IGNORE INTO hechos VALUES (-1)")\n'
                "        bd.commit()\n",
            ),
        ),
    ),
    Answer(
        "caidas-puntos",
        "primero el número, que no se puede repetir",
        (
            (_CHECKED, ""),
            (_MARKED, ""),
            (
                _SUMMED,
                "    try:\n    "
                + _MARKED
                + "    except sqlite3.IntegrityError:\n        return\n"
                + _SUMMED,
            ),
        ),
    ),
    Answer(
        "caidas-puntos",
        "los puntos de cada micro-batch, y una vista que los suma",
        (
            (
                'SALDO = """CREATE TABLE IF NOT EXISTS saldo\n    (socio TEXT PRIMARY KEY, puntos '
                'INTEGER)"""',
                'SALDO = """CREATE VIEW IF NOT EXISTS saldo AS\n    SELECT socio, sum(puntos) AS '
                'puntos FROM compras GROUP BY socio"""',
            ),
            (
                "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)",
                "CREATE TABLE IF NOT EXISTS compras (numero INTEGER, socio TEXT, puntos INTEGER)",
            ),
            (_CHECKED, '    bd.execute("DELETE FROM compras WHERE numero = ?", (numero,))\n'),
            (
                _SUMMED + _MARKED,
                "    con_numero = [(numero, *fila) for fila in filas]\n"
                '    bd.executemany("INSERT INTO compras VALUES (?, ?, ?)", con_numero)\n',
            ),
        ),
    ),
    Answer(
        "caidas",
        "solo lo que no esté ya: dos pedidos pueden ser iguales",
        (
            (
                _SAVED,
                "    if os.path.exists(SALIDA):\n"
                "        tabla = tabla.subtract(spark.read.schema(tabla.schema).json(SALIDA))\n"
                '    tabla.write.mode("append").json(SALIDA)\n',
            ),
        ),
        "falta |",
    ),
    Answer(
        "caidas-puntos",
        "cada compra distinta, una vez: dos compras pueden ser iguales",
        (
            (
                'SALDO = """CREATE TABLE IF NOT EXISTS saldo\n    (socio TEXT PRIMARY KEY, puntos '
                'INTEGER)"""',
                'SALDO = """CREATE VIEW IF NOT EXISTS saldo AS\n    SELECT socio, sum(puntos) AS '
                'puntos FROM compras GROUP BY socio"""',
            ),
            (
                "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)",
                "CREATE TABLE IF NOT EXISTS compras (socio TEXT, puntos INTEGER, "
                "UNIQUE (socio, puntos))",
            ),
            (_CHECKED, ""),
            (
                _SUMMED + _MARKED,
                '    bd.executemany("INSERT OR IGNORE INTO compras VALUES (?, ?)", filas)\n',
            ),
        ),
        "falta |",
    ),
    Answer(
        "caidas-puntos",
        "mira el número, y no lo guarda",
        ((_MARKED, ""),),
        "Tabla 2: sobra",
    ),
    Answer(
        "caidas-puntos",
        "una base de datos en la memoria",
        (
            (
                "with closing(sqlite3.connect(SALIDA)) as bd:",
                "with closing(sqlite3.connect(':memory:')) as bd:",
            ),
        ),
        "no ha creado la base de datos",
    ),
    Answer(
        "caidas-puntos",
        "los números hechos, en la memoria del programa",
        (
            ("def sumar", "VISTOS = set()\n\n\ndef sumar"),
            ("if bd.execute(YA, (numero,)).fetchone():", "if numero in VISTOS:"),
            (_MARKED, "    VISTOS.add(numero)\n"),
        ),
        "Tabla 2: sobra",
    ),
)

OPEN = {
    # SQLite makes a number of a text, where the column is one.
    "caidas-puntos": ('"socio STRING, puntos INT" → "socio STRING, puntos STRING"',)
}

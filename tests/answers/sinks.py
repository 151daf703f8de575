"""Answers to the exercises on sinks."""

from answers import Answer

ANSWERS = (
    Answer(
        "sinks-carpetas",
        "las opciones juntas, y la carpeta en start",
        (
            ('.option("header", True)\n    .option("sep", ";")', '.options(header=True, sep=";")'),
            ('    .option("path", SALIDA)\n', ""),
            (".start()", ".start(SALIDA)"),
        ),
    ),
    Answer(
        "sinks-carpetas",
        "con SQL, y las columnas en otro orden",
        (
            (
                "# %% Consulta\n",
                'ventas.createOrReplaceTempView("ventas")\n'
                'ventas = spark.sql("SELECT producto, euros, ciudad FROM ventas")\n',
            ),
        ),
    ),
    Answer(
        "sinks-carpetas",
        "sin trigger, y parada al acabar",
        (
            ("    .trigger(availableNow=True)\n", ""),
            ("consulta.awaitTermination()", "consulta.processAllAvailable()\nconsulta.stop()"),
        ),
    ),
    Answer(
        "sinks-carpetas",
        "una carpeta por precio",
        (('partitionBy("ciudad")', 'partitionBy("euros")'),),
        "Lo que guarda, la 1.ª vez: falta |ciudad=",
    ),
    Answer(
        "sinks-carpetas",
        "con foreachBatch, que repite",
        (
            (
                '.partitionBy("ciudad")\n    .format("csv")\n    .option("header", True)\n'
                '    .option("sep", ";")\n    .option("path", SALIDA)\n',
                '.foreachBatch(\n        lambda tabla, _: tabla.write.mode("append")\n'
                '        .partitionBy("ciudad").csv(SALIDA, header=True, sep=";")\n    )\n',
            ),
        ),
        "Lo que guarda, la 2.ª vez: sobra |ciudad=",
    ),
    Answer(
        "sinks-carpetas",
        "comprimido",
        (("True)\n", 'True)\n    .option("compression", "gzip")\n'),),
        "|(es .gz)|",
    ),
    Answer(
        "sinks-sqlite",
        "línea a línea, sin agrupar",
        (('tabla.groupBy("titulo").sum("unidades").collect()', "tabla.collect()"),),
    ),
    Answer(
        "sinks-sqlite",
        "pregunta por el número, y lo apunta después",
        (
            ("INSERT OR IGNORE INTO hechos VALUES (?)", "SELECT * FROM hechos WHERE numero = ?"),
            ("apunte.rowcount == 0", "apunte.fetchone()"),
            (
                "        base.executemany(",
                '        base.execute("INSERT INTO hechos VALUES (?)", (numero,))\n'
                "        base.executemany(",
            ),
        ),
    ),
    Answer(
        "sinks-sqlite",
        "cada micro-batch con su número, y la suma en una vista",
        (
            (
                'libros "\n        "(titulo TEXT PRIMARY KEY, unidades INTEGER)"',
                'lotes "\n        "(numero INTEGER, titulo TEXT, unidades INTEGER,"\n'
                '        "PRIMARY KEY (numero, titulo))"',
            ),
            (
                "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)",
                "CREATE VIEW IF NOT EXISTS libros AS SELECT titulo, "
                "sum(unidades) AS unidades FROM lotes GROUP BY titulo",
            ),
            (
                "        apunte = base.execute(\n"
                '            "INSERT OR IGNORE INTO hechos VALUES (?)", (numero,)\n        )\n'
                "        if apunte.rowcount == 0:\n            return\n",
                "        filas = [(numero, *fila) for fila in filas]\n",
            ),
            (
                '"INSERT INTO libros VALUES (?, ?) ON CONFLICT (titulo) "\n'
                '            "DO UPDATE SET unidades = unidades + excluded.unidades"',
                '"INSERT OR REPLACE INTO lotes VALUES (?, ?, ?)"',
            ),
        ),
    ),
    Answer(
        "sinks",
        "sin las iguales: dos medidas pueden serlo",
        (("calor.writeStream", "calor.dropDuplicates().writeStream"),),
        "falta |",
    ),
    Answer(
        "sinks-sqlite",
        "las unidades primero, y el número en otra transacción",
        (
            (
                "        apunte = base.execute(\n"
                '            "INSERT OR IGNORE INTO hechos VALUES (?)", (numero,)\n        )\n'
                "        if apunte.rowcount == 0:\n            return\n",
                "        hecho = base.execute(\n"
                '            "SELECT * FROM hechos WHERE numero = ?", (numero,)\n        )\n'
                "        if hecho.fetchone():\n            return\n",
            ),
            (
                "            filas,\n        )\n",
                "            filas,\n        )\n        base.commit()\n"
                '        base.execute("INSERT INTO hechos VALUES (?)", (numero,))\n',
            ),
        ),
        "Tabla 3: sobra |",
    ),
    Answer(
        "sinks-sqlite",
        "cada línea distinta, una vez: dos pueden ser iguales",
        (('tabla.groupBy("titulo")', 'tabla.distinct().groupBy("titulo")'),),
        "Tabla 1: ",
    ),
    Answer(
        "sinks-sqlite",
        "los números hechos, en la memoria del programa",
        (
            ("def sumar", "hechos = set()\n\n\ndef sumar"),
            (
                "        apunte = base.execute(\n"
                '            "INSERT OR IGNORE INTO hechos VALUES (?)", (numero,)\n        )\n'
                "        if apunte.rowcount == 0:\n            return\n",
                "        if numero in hechos:\n            return\n        hechos.add(numero)\n",
            ),
        ),
        "Tabla 2: sobra |",
    ),
    Answer(
        "sinks-sqlite",
        "con las unidades en una columna de texto",
        (("unidades INTEGER)", "unidades TEXT)"),),
        "Tabla 1: sobra |",
    ),
    Answer(
        "sinks-sqlite",
        "con otro nombre de columna",
        (
            ("unidades INTEGER)", "total INTEGER)"),
            ("unidades = unidades +", "total = total +"),
            ("excluded.unidades", "excluded.total"),
        ),
        "las columnas son |titulo|total|",
    ),
    Answer(
        "sinks-sqlite",
        "en otra base",
        (("sqlite3.connect(SALIDA)", 'sqlite3.connect("otra.db")'),),
        "no ha creado la base de datos",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

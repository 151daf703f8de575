"""The 17 answers on which the first checks were tried: of 8 wrong ones they took 6 for right.

Of 9 right ones they refused 5, two of which the statements now rule out: they say that the table is
the console's, and that the files are ``.json``.
"""

from answers import Answer

_PROCESSES = ("consulta.awaitTermination()", "consulta.processAllAvailable()\nconsulta.stop()")
_NO_TRIGGER = ("    .trigger(availableNow=True)\n", "")

WRONG = (
    Answer(
        "fuentes",
        "las unidades, como texto",
        (("unidades INT", "unidades STRING"),),
        "falta |",
    ),
    Answer(
        "sinks",
        "sin checkpoint, y encima de lo que había",
        (
            (
                'calor.writeStream.format("json")\n    .option("path", SALIDA)\n'
                '    .option("checkpointLocation", CHECKPOINT)\n',
                "calor.writeStream.foreachBatch(\n"
                '        lambda f, n: f.write.mode("overwrite").json(SALIDA)\n    )\n',
            ),
        ),
        "Tu consulta no apunta lo que ha hecho",
    ),
    Answer(
        "transformaciones",
        "los de dos letras, sin convertir",
        (
            (
                'textos.texto.try_cast("int").alias("grados")\n).where("grados IS NOT NULL")',
                'textos.texto.alias("grados")\n).where("length(grados) = 2")',
            ),
        ),
        "Tabla ",
    ),
    Answer("ventanas", "espera 5 minutos", (('"10 minutes"', '"5 minutes"'),), "Tabla "),
    Answer("ventanas", "no espera", (('"10 minutes"', '"0 minutes"'),), "Tabla "),
    Answer(
        "productor",
        "sin el último salto de línea",
        (
            (
                "for linea in lineas:\n            conexion.sendall(mensaje(linea))",
                'conexion.sendall("\\n".join(lineas).encode())',
            ),
        ),
        "Lo que envía: ",
    ),
    Answer(
        "hola",
        "sin las palabras de una letra",
        (("palabra != ''", "length(palabra) > 1"),),
        "falta |",
    ),
    Answer("productor", "en Latin-1", ((".encode()", '.encode("latin-1")'),), "Lo que envía: "),
)

RULED_OUT = (
    Answer(
        "modos",
        "foreachBatch y show",
        (
            (
                'writeStream.format("console")',
                "writeStream.foreachBatch(lambda tabla, _: tabla.show())",
            ),
        ),
        "ha escrito 0 tablas",
    ),
    Answer(
        "sinks",
        "comprimido",
        (('.option("path"', '.option("compression", "gzip").option("path"'),),
        "ha escrito 0 tablas",
    ),
)

RIGHT = (
    Answer(
        "hola",
        "con SQL, regexp_extract_all y anotaciones con puntos suspensivos",
        (
            (
                """palabras = lineas.select(
    explode(split(lower("value"), " ")).alias("palabra")
).where("palabra != ''")
recuento = palabras.groupBy("palabra").count()
""",
                """def nada(*textos: str) -> tuple[str, ...]: ...


recuento = spark.sql(
    "SELECT palabra, count(*) AS count FROM (SELECT explode(regexp_extract_all("
    "lower(value), '[^ ]+', 0)) AS palabra FROM {lineas}) GROUP BY palabra",
    lineas=lineas,
)
""",
            ),
        ),
    ),
    Answer("fuentes", "con DECIMAL", (("precio DOUBLE", "precio DECIMAL(6,2)"),)),
    Answer(
        "fuentes",
        "un fichero por micro-batch",
        (('.option("sep", ";")', '.option("sep", ";").option("maxFilesPerTrigger", 1)'),),
    ),
    Answer(
        "transformaciones",
        "con rlike y cast",
        (
            ('textos.texto.try_cast("int")', 'textos.texto.cast("int")'),
            (').where("grados IS NOT NULL")', ")"),
            (
                'textos.select(\n    "sala"',
                'textos.where(r"texto RLIKE \'^-?[0-9]+$\'").select(\n    "sala"',
            ),
        ),
    ),
    Answer(
        "ventanas",
        "con SQL y processAllAvailable",
        (
            (
                """por_ventana = (
    pasos.withWatermark("hora", "10 minutes")
    .groupBy(window("hora", "15 minutes"))
    .agg(suma("bicis").alias("bicis"))
)
""",
                """pasos.withWatermark("hora", "600 seconds").createOrReplaceTempView("pasos")
por_ventana = spark.sql(
    "SELECT window, sum(bicis) AS bicis FROM pasos "
    "GROUP BY window(hora, '900 seconds')"
)
""",
            ),
            _NO_TRIGGER,
            _PROCESSES,
        ),
    ),
    Answer(
        "triggers",
        "con text(), sin trigger, y parada",
        (
            ('    spark.readStream.format("text")\n', "    spark.readStream\n"),
            (".load(ENTRADA)", ".text(ENTRADA)"),
            _NO_TRIGGER,
            _PROCESSES,
        ),
    ),
    Answer(
        "productor",
        "con makefile y writelines",
        (
            (
                "        for linea in lineas:\n            conexion.sendall(mensaje(linea))",
                '        with conexion.makefile("wb") as salida:\n'
                "            salida.writelines(map(mensaje, lineas))",
            ),
        ),
    ),
)

ANSWERS = WRONG + RULED_OUT + RIGHT

OPEN: dict[str, tuple[str, ...]] = {}

"""Answers to the exercises on sources."""

from answers import Answer

ANSWERS = (
    Answer(
        "fuentes-decimales",
        "con options y csv, y otro tamaño de DECIMAL",
        (
            ("DECIMAL(6,2)", "DECIMAL(10,2)"),
            (
                """    .option("sep", ";")
    .option("dateFormat", "dd/MM/yyyy")
    .option("locale", "es-ES")
""",
                """    .options(delimiter=";", dateFormat="d/M/y", locale="es")
""",
            ),
        ),
    ),
    Answer(
        "fuentes-decimales",
        "lee textos y los convierte",
        (
            ("fecha DATE", "fecha STRING"),
            ("precio DECIMAL(6,2)", "precio STRING"),
            (
                """    .option("dateFormat", "dd/MM/yyyy")
    .option("locale", "es-ES")
    .load(ENTRADA)
)
""",
                """    .load(ENTRADA)
    .selectExpr(
        "to_date(fecha, 'dd/MM/yyyy') AS fecha",
        "producto",
        "unidades",
        "CAST(translate(precio, ',.', '.') AS DECIMAL(6,2)) AS precio",
    )
)
""",
            ),
        ),
    ),
    Answer(
        "fuentes-decimales",
        "un fichero por micro-batch, y en dólares el locale de otro país",
        (
            ('"es-ES"', '"de-DE"'),
            ('.option("sep"', '.option("maxFilesPerTrigger", 1).option("sep"'),
        ),
    ),
    Answer(
        "fuentes-decimales",
        "con un solo decimal",
        (("DECIMAL(6,2)", "DECIMAL(6,1)"),),
        "Tabla 1: falta |2026-",
    ),
    Answer(
        "fuentes-decimales",
        "los minutos por el mes",
        (("dd/MM/yyyy", "dd/mm/yyyy"),),
        "Tabla 1: falta |2026-",
    ),
    Answer(
        "fuentes-decimales",
        "las unidades como texto",
        (("unidades INT", "unidades STRING"),),
        "Tabla 1: falta |2026-",
    ),
    Answer(
        "fuentes-malas",
        "con PERMISSIVE dicho, y select",
        (
            (
                '.option("columnNameOfCorruptRecord", "linea")',
                '.options(mode="PERMISSIVE", columnNameOfCorruptRecord="linea")',
            ),
            (
                """selectExpr(
    "_metadata.file_name AS fichero", "*"
)""",
                """select(
    "_metadata.file_name", "*"
).withColumnRenamed("file_name", "fichero")""",
            ),
        ),
    ),
    Answer(
        "fuentes-malas",
        "con processAllAvailable, en vez de availableNow",
        (
            ("    .trigger(availableNow=True)\n", ""),
            (
                "consulta.awaitTermination()",
                "consulta.processAllAvailable()\nconsulta.stop()",
            ),
        ),
    ),
    Answer(
        "fuentes-malas",
        "con texto y from_json",
        (
            (
                """spark.readStream.format("json")
    .schema("estacion STRING, grados DOUBLE, lluvia INT, linea STRING")
    .option("columnNameOfCorruptRecord", "linea")
    .load(ENTRADA)
""",
                """spark.readStream.text(ENTRADA)
    .selectExpr(
        "_metadata.file_name AS fichero",
        "from_json(value, 'estacion STRING, grados DOUBLE, lluvia INT, linea STRING', "
        "map('columnNameOfCorruptRecord', 'linea')) AS j",
    )
    .select("fichero", "j.*")
""",
            ),
            (
                """.selectExpr(
    "_metadata.file_name AS fichero", "*"
)""",
                "",
            ),
        ),
    ),
    Answer(
        "fuentes-malas",
        "tira las malas",
        (
            (
                '.option("columnNameOfCorruptRecord", "linea")',
                '.option("columnNameOfCorruptRecord", "linea").option("mode", "DROPMALFORMED")',
            ),
        ),
        "han leído 3 de las 7 líneas",
    ),
    Answer(
        "fuentes-malas",
        "muere en la primera mala",
        (
            (
                '.option("columnNameOfCorruptRecord", "linea")',
                '.option("mode", "FAILFAST")',
            ),
        ),
        "El programa ha fallado",
    ),
    Answer(
        "fuentes-malas",
        "todas las líneas",
        (('.where("linea IS NOT NULL")', ""),),
        "Tabla 1: sobra |",
    ),
)

# More digits in front of the comma than any price has.
OPEN = {
    "fuentes-decimales": (
        '"fecha DATE, producto STRING, unidades INT, precio DECIMAL(6,2)" → '
        '"fecha DATE, producto STRING, unidades INT, precio DECIMAL(7,2)"',
    )
}

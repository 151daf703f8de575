"""Answers to the exercises of the first steps."""

from answers import Answer

ANSWERS = (
    Answer(
        "hola-longitudes",
        "con SQL",
        (
            (
                """(
    palabras.where("length(palabra) >= 3")
    .groupBy(length("palabra").alias("letras"))
    .agg(count("*").alias("palabras"))
)""",
                """spark.sql(
    "SELECT char_length(palabra) AS letras, sum(1) AS palabras FROM {p} "
    "GROUP BY 1 HAVING letras > 2",
    p=palabras,
)""",
            ),
        ),
    ),
    Answer(
        "hola-longitudes",
        "la longitud primero, y en orden",
        (
            (
                """(
    palabras.where("length(palabra) >= 3")
    .groupBy(length("palabra").alias("letras"))
    .agg(count("*").alias("palabras"))
)""",
                """(
    palabras.select(length("palabra").alias("letras"))
    .groupBy("letras")
    .count()
    .withColumnRenamed("count", "palabras")
    .where("letras NOT IN (0, 1, 2)")
    .orderBy("letras")
)""",
            ),
        ),
    ),
    Answer(
        "hola-longitudes",
        "con filter y transform",
        (
            (
                'lineas.select(explode(split("value", " ")).alias("palabra"))',
                """lineas.selectExpr(
    "explode(transform(split(value, ' '), p -> length(p))) AS letras"
)""",
            ),
            (
                """palabras.where("length(palabra) >= 3")
    .groupBy(length("palabra").alias("letras"))""",
                """palabras.where("letras >= 3")
    .groupBy("letras")""",
            ),
        ),
    ),
    Answer(
        "hola-longitudes",
        "palabras distintas",
        (
            ('count("*")', 'expr("size(collect_set(palabra))")'),
            ("count,", "expr,"),
        ),
        "Tabla 3: falta |5|2|",
    ),
    Answer(
        "hola-longitudes",
        "las columnas al revés",
        (
            (
                """    .agg(count("*").alias("palabras"))
""",
                """    .agg(count("*").alias("palabras"))
    .select("palabras", "letras")
""",
            ),
        ),
        "las columnas son |palabras|letras|",
    ),
    Answer(
        "hola-longitudes",
        "la longitud de la línea",
        (('explode(split("value", " ")).alias("palabra")', '"value".alias("palabra")'),),
        "AttributeError",
    ),
    Answer(
        "hola-etiquetas",
        "con SQL",
        (
            (
                """etiquetas.groupBy("etiqueta").agg(count("*").alias("veces"))""",
                """spark.sql(
    "SELECT etiqueta, count(*) AS veces FROM {e} GROUP BY etiqueta", e=etiquetas
)""",
            ),
        ),
    ),
    Answer(
        "hola-etiquetas",
        "con regexp_extract_all",
        (
            (
                """lineas.select(explode(split("value", " ")).alias("palabra"))
""",
                """lineas.selectExpr(
    "explode(regexp_extract_all(lower(value), '(?:^| )#([^ ]+)', 1)) AS etiqueta"
)
""",
            ),
            (
                """palabras.where("palabra LIKE '#_%'").selectExpr(
    "lower(substring(palabra, 2)) AS etiqueta"
)""",
                "palabras",
            ),
        ),
    ),
    Answer(
        "hola-etiquetas",
        "con startswith y length, y count()",
        (
            (
                """palabras.where("palabra LIKE '#_%'")""",
                """palabras.where(
    palabras.palabra.startswith("#")
).where("length(palabra) > 1")""",
            ),
            (
                """.agg(count("*").alias("veces"))""",
                """.count().withColumnRenamed("count", "veces")""",
            ),
        ),
    ),
    Answer(
        "hola-etiquetas",
        "solo etiquetas de dos letras o más",
        (("'#_%'", "'#__%'"),),
        "Tabla 2: falta |",
    ),
    Answer(
        "hola-etiquetas",
        "en mayúsculas",
        (("lower(", "upper("),),
        "Tabla 1: falta |",
    ),
    Answer(
        "hola-etiquetas",
        "cada mensaje aparte",
        (
            (
                'lineas.select(explode(split("value", " ")).alias("palabra"))',
                "lineas.selectExpr(\n"
                "    \"explode(array_distinct(split(lower(value), ' '))) AS palabra\"\n)",
            ),
        ),
        "Tabla 1: falta |",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

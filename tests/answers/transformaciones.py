"""Answers to the exercises on transformations."""

from answers import Answer

ANSWERS = (
    Answer(
        "transformaciones",
        "el segundo trozo, aunque no lo haya",
        (("get(trozos, 1)", "trozos[1]"),),
        "INVALID_ARRAY_INDEX",
    ),
    Answer(
        "transformaciones-acentos",
        "con SQL",
        (
            (
                'tecleados.select(normal.alias("producto"))\n    .where("producto != \'\'")\n',
                'tecleados.selectExpr(\n        "translate(lower(btrim(producto)), '
                "'áéíóúü', 'aeiouu') AS producto\"\n    )\n    .where(\"length(producto) > 0\")\n",
            ),
        ),
    ),
    Answer(
        "transformaciones-acentos",
        "vocal a vocal, con regexp_replace",
        (
            (
                'normal = translate(lower(trim("producto")), "áéíóúü", "aeiouu")',
                "from pyspark.sql.functions import regexp_replace\n\n"
                'normal = lower(trim("producto"))\n'
                'for con, sin in zip("áéíóúü", "aeiouu"):\n'
                "    normal = regexp_replace(normal, con, sin)",
            ),
        ),
    ),
    Answer(
        "transformaciones-acentos",
        "con una función de Python",
        (
            (
                'normal = translate(lower(trim("producto")), "áéíóúü", "aeiouu")',
                "from pyspark.sql.functions import udf\n\n\n@udf\ndef igual(texto):\n"
                '    tabla = str.maketrans("áéíóúü", "aeiouu")\n'
                "    return texto.strip().lower().translate(tabla)\n\n\n"
                'normal = igual("producto")',
            ),
        ),
    ),
    Answer(
        "transformaciones-acentos",
        "sin la diéresis",
        (('"áéíóúü", "aeiouu"', '"áéíóú", "aeiou"'),),
        "sobra |",
    ),
    Answer(
        "transformaciones-acentos",
        "solo los largos",
        (('"length(producto) AS letras")', '"length(producto) AS letras").where("letras > 5")'),),
        "falta |gasas|5|",
    ),
    Answer(
        "transformaciones-acentos",
        "las letras, antes de quitar los espacios",
        (
            ("tecleados.select(", 'tecleados.select("producto").toDF("antes").select('),
            ('trim("producto")', 'trim("antes")'),
            ('normal.alias("producto")', '"antes", normal.alias("producto")'),
            ("length(producto)", "length(antes)"),
        ),
        "Tabla 1: ",
    ),
    Answer(
        "transformaciones-bizum",
        "con SQL y DECIMAL",
        (
            ('    trim(trozos[0]).alias("persona"),\n', ""),
            (
                '    importe.try_cast("double").alias("euros"),\n',
                "    expr(\"trim(split_part(value, ';', 1)) AS persona\"),\n    expr(\n"
                "        \"try_cast(replace(split_part(value, ';', 2), ',', '.')\"\n"
                '        " AS DECIMAL(10, 2)) AS euros"\n    ),\n',
            ),
            ("import count, get,", "import count, expr, get,"),
        ),
    ),
    Answer(
        "transformaciones-bizum",
        "primero con rlike, y después cast",
        (
            (
                "envios = lineas.select(",
                "envios = lineas.where(\n"
                "    r\"value RLIKE '^[^;]+;[0-9]+(,[0-9]+)?$'\"\n).select(",
            ),
            ("try_cast", "cast"),
        ),
    ),
    Answer(
        "transformaciones-bizum",
        "con regexp_extract, y el filtro en dos",
        (
            ("trim(trozos[0])", 'trim(regexp_extract("value", "^([^;]*)", 1))'),
            ("import count, get,", "import count, get, regexp_extract,"),
            ("persona != '' AND euros > 0", 'length(persona) > 0").where("euros > 0'),
        ),
    ),
    Answer(
        "transformaciones-bizum",
        "sin mirar si hay persona",
        (("persona != '' AND ", ""),),
        "sobra ||",
    ),
    Answer(
        "transformaciones-bizum",
        "con los negativos",
        (("euros > 0", "euros != 0"),),
        "Tabla ",
    ),
    Answer(
        "transformaciones-bizum",
        "con cast",
        (("try_cast", "cast"),),
        "CAST_INVALID_INPUT",
    ),
)

# Without an aggregation both modes write the same.
_EITHER_MODE = ('"append" → "update"', '.outputMode("append") → nada')
OPEN = {"transformaciones": _EITHER_MODE, "transformaciones-acentos": _EITHER_MODE}

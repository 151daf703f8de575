"""Answers to the exercises on watching a query."""

from answers import Answer

_BAD = 'expr("count_if(viajeros IS NULL OR viajeros < 0)").alias("malas")'
_REFUSES = """    filas, malas = tabla.selectExpr(
        "count(*)", "count_if(euros < 0)"
    ).first()
    if malas > filas / 2:
"""

ANSWERS = (
    Answer(
        "vigilar",
        "con when y sum",
        ((_BAD, 'expr("sum(CASE WHEN viajeros >= 0 THEN 0 ELSE 1 END)").alias("malas")'),),
    ),
    Answer(
        "vigilar",
        "con las buenas, y la resta al apuntar",
        (
            (_BAD, 'expr("count_if(viajeros >= 0)").alias("buenas")'),
            ("calidad.malas", "calidad.filas - calidad.buenas"),
        ),
    ),
    Answer(
        "vigilar",
        "las claves en otro orden, y un checkpoint",
        (
            (
                '            "batch": progreso.batchId,\n            "filas": calidad.filas,\n',
                '            "filas": calidad.filas,\n            "batch": progreso.batchId,\n',
            ),
            ('format("noop")', 'format("noop").option("checkpointLocation", "notas")'),
        ),
    ),
    Answer(
        "vigilar",
        "las filas, de numInputRows y como texto",
        (("calidad.filas,", "str(progreso.numInputRows),"),),
        "falta |0|",
    ),
    Answer(
        "vigilar",
        "observa cuando ya ha quitado las malas",
        (("medidas.observe(", 'medidas.where("viajeros >= 0").observe('),),
        "falta |0|",
    ),
    Answer(
        "vigilar",
        "con un print, y no en SALIDA",
        (("file=fichero", ""),),
        "ha escrito 0 tablas",
    ),
    Answer(
        "vigilar-guardia",
        "cuenta Python",
        (
            (
                _REFUSES,
                "    filas = tabla.collect()\n"
                "    malas = [fila for fila in filas if fila.euros < 0]\n"
                "    if len(malas) * 2 > len(filas):\n",
            ),
            ('f"{malas} de {filas}"', '"demasiadas"'),
        ),
    ),
    Answer(
        "vigilar-guardia",
        "con la media de malas",
        (
            (
                _REFUSES,
                '    (parte,) = tabla.selectExpr("avg(IF(euros < 0, 1, 0))").first()\n'
                "    if parte > 0.5:\n",
            ),
            ('f"{malas} de {filas}"', '"demasiadas"'),
        ),
    ),
    Answer(
        "vigilar-guardia",
        "para la consulta desde dentro de la función, y lo recuerda",
        (
            (
                '        raise MalaCalidad(f"{malas} de {filas}")\n',
                "        MALAS.append(numero)\n        raise MalaCalidad\n",
            ),
            ("class MalaCalidad", "MALAS = []\n\n\nclass MalaCalidad"),
            ('    if "MalaCalidad" not in str(error):\n', "    if not MALAS:\n"),
        ),
    ),
    Answer(
        "vigilar-guardia",
        "se salta el malo y sigue",
        (('        raise MalaCalidad(f"{malas} de {filas}")', "        return"),),
        "Tabla ",
    ),
    Answer(
        "vigilar-guardia",
        "acaba con 0",
        (("sys.exit(3)", "sys.exit(0)"),),
        "Cómo acaba, la 1.ª vez: falta |3|",
    ),
    Answer(
        "vigilar-guardia",
        "no distingue el error, y acaba como Python quiere",
        (("    sys.exit(3)", "    raise"),),
        "Cómo acaba, la 1.ª vez: falta |3|",
    ),
    Answer(
        "vigilar-viajeros",
        "con greatest, y otra manera de escribir el mayor",
        (
            (
                "sum(IF(viajeros >= 0, viajeros, 0))",
                "sum(greatest(viajeros, 0))",
            ),
            ("max(viajeros)", "max_by(viajeros, viajeros)"),
        ),
    ),
    Answer(
        "vigilar-viajeros",
        "las filas, y no los viajeros",
        (("sum(IF", "count(IF"),),
        "Tabla 1: falta",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {
    # A sum with a zero is the same.
    "vigilar-viajeros": (
        '"sum(IF(viajeros >= 0, viajeros, 0))" → "sum(IF(viajeros >= 1, viajeros, 0))"',
        '"sum(IF(viajeros >= 0, viajeros, 0))" → "sum(IF(viajeros > 0, viajeros, 0))"',
    ),
}

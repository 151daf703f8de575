"""Answers to the exercises on state."""

from answers import Answer

_ONCE = """sin_repetir = pagos.withWatermark(
    "hora", "10 minutes"
).dropDuplicatesWithinWatermark(["ticket"])
"""

_BY_HAND = (
    ("    .trigger(availableNow=True)\n", ""),
    ("consulta.awaitTermination()", "consulta.processAllAvailable()\nconsulta.stop()"),
)

ANSWERS = (
    Answer(
        "estado",
        "en segundos, y con el nombre del argumento",
        (('"10 minutes"', '"600 seconds"'), ('(["ticket"])', '(subset=["ticket"])')),
    ),
    Answer("estado", "con processAllAvailable", _BY_HAND),
    Answer(
        "estado",
        "quitando antes los que no tienen ticket",
        ((").dropDup", ').where("ticket IS NOT NULL").dropDup'),),
    ),
    Answer(
        "estado",
        "compara ticket y euros, sin espera",
        ((_ONCE, 'sin_repetir = pagos.dropDuplicates(["ticket", "euros"])\n'),),
        "Tu programa ha escrito 5 tablas",
    ),
    Answer(
        "estado",
        "compara la línea entera",
        (('WithinWatermark(["ticket"])', "WithinWatermark()"),),
        ": sobra |",
    ),
    Answer(
        "estado",
        "no quita nada",
        (('.dropDuplicatesWithinWatermark(["ticket"])', ""),),
        ": sobra |",
    ),
    Answer(
        "estado-carritos",
        "con una variable que dice si es nuevo",
        (
            (
                "        if not self.carrito.exists():\n",
                "        nuevo = cuantos == 0\n        if nuevo:\n",
            ),
        ),
    ),
    Answer(
        "estado-carritos",
        "con la lista de alarmas",
        (("if not self.carrito.exists():", "if not list(self.handle.listTimers()):"),),
    ),
    Answer("estado-carritos", "con processAllAvailable", _BY_HAND),
    Answer(
        "estado-carritos",
        "cuenta ficheros, y no libros",
        (("cuantos + len(filas)", "cuantos + 1"),),
        ": falta |",
    ),
    Answer(
        "estado-carritos",
        "se queda con los libros del último fichero",
        (("cuantos + len(filas)", "len(filas)"),),
        ": falta |",
    ),
    Answer(
        "estado-carritos",
        "escribe con cada libro",
        (
            (
                "        yield from ()",
                "        yield Row(cliente=key[0], libros=cuantos + len(filas))",
            ),
        ),
        ": sobra |",
    ),
    Answer(
        "estado-puertas",
        "con una lista que se ordena",
        (
            (
                "        for fila in sorted(rows, key=lambda fila: fila.hora):",
                "        filas = list(rows)\n        filas.sort(key=lambda fila: fila.hora)\n"
                "        for fila in filas:",
            ),
        ),
    ),
    Answer("estado-puertas", "con processAllAvailable", _BY_HAND),
    Answer(
        "estado-puertas",
        "el último estado, tras cada fila",
        (
            (
                "            antes = fila.estado\n        self.ultimo.update((antes,))\n",
                "            antes = fila.estado\n            self.ultimo.update((antes,))\n",
            ),
        ),
    ),
    Answer(
        "estado-puertas",
        "una sola puerta para todas",
        (
            ('groupBy("puerta")', 'groupBy("todas")'),
            ("lecturas.groupBy", 'lecturas.selectExpr("*", "1 AS todas").groupBy'),
            ("puerta=key[0]", "puerta=fila.puerta"),
        ),
        "obra |",
    ),
    Answer(
        "estado-puertas",
        "de la última hora a la primera",
        (("fila.hora):", "fila.hora, reverse=True):"),),
        "Tabla ",
    ),
    Answer(
        "estado-puertas",
        "solo las que se abren",
        (("if antes is not None and", 'if fila.estado == "abierta" and antes and'),),
        "alta |",
    ),
)

# What is written once may be appended.
_MODES = ('"update" → "append"', '.outputMode("update") → nada', '"update" → "append" (2.ª)')

# Of a key of one column, the first is the last. What books cost is given, and not asked for.
OPEN: dict[str, tuple[str, ...]] = {
    "estado-carritos": (
        *_MODES,
        "0 → -1 (2.ª)",
        '"hora TIMESTAMP, cliente STRING, euros DOUBLE" → '
        '"hora TIMESTAMP, cliente STRING, euros STRING"',
    ),
    "estado-puertas": (*_MODES, "0 → -1"),
}

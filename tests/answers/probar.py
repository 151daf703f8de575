"""Answers to the exercise on tests."""

from answers import Answer

_COMPARES = "    assertDataFrameEqual(limpiar(subidas), esperadas)\n"
_ROWS = '(" sol ", 1), ("mar", 0), ("rio", -1), ("luz", None)'
_ENDS = '    sys.exit(pytest.main(["-q", __file__]))\n'

ANSWERS = (
    Answer(
        "probar",
        "con collect y un assert",
        (
            (
                _COMPARES,
                "    filas = limpiar(subidas).collect()\n"
                '    assert [(fila.parada, fila.viajeros) for fila in filas] == [("SOL", 1)]\n',
            ),
        ),
    ),
    Answer(
        "probar",
        "dos pruebas: cada una nota una parte",
        (
            (
                _COMPARES,
                "    assert limpiar(subidas).count() == esperadas.count()\n\n\n"
                "def test_la_parada(spark):\n"
                '    subidas = spark.createDataFrame([(" sol ", 3)], ESQUEMA)\n'
                '    assert limpiar(subidas).first().parada == "SOL"\n',
            ),
        ),
    ),
    Answer(
        "probar",
        "el espacio, solo por delante",
        (('" sol "', '" sol"'),),
        "upper(ltrim(parada))|pasa|",
    ),
    Answer(
        "probar",
        "sin la fila que no trae viajeros",
        ((_ROWS, '(" sol ", 1), ("mar", 0), ("rio", -1)'),),
        "|pasa|",
    ),
    Answer(
        "probar",
        "prueba otra función, que está bien siempre",
        (
            (
                "# %% Prueba\n",
                "# %% Prueba\ndef otra(subidas):\n"
                '    return subidas.where("viajeros >= 1").withColumn(\n'
                '        "parada", upper(trim("parada"))\n    )\n\n\n',
            ),
            ("assertDataFrameEqual(limpiar(", "assertDataFrameEqual(otra("),
        ),
        "|pasa|",
    ),
    Answer(
        "probar",
        "se salta",
        (("def test_limpiar", "@pytest.mark.skip\ndef test_limpiar"),),
        "|se salta|",
    ),
    Answer(
        "probar",
        "no se llama test_",
        (("def test_limpiar", "def prueba_de_limpiar"),),
        "ninguna prueba",
    ),
    Answer(
        "probar",
        "no llama a pytest",
        ((_ENDS, "    pass\n"),),
        "ninguna prueba",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {
    # Any number below zero will do.
    "probar": ("1 → 2 (2.ª)",),
}

"""Answers to the exercises on how a program ends."""

from answers import Answer

_WAIT = """with suppress(StreamingQueryException):
    spark.streams.awaitAnyTermination()
"""
_SIGNAL = "signal.signal(signal.SIGTERM, lambda *_: parar.set())"
_REFUSES = """    if parar.is_set():
        raise ParadaPedida
"""
_CONFIRMED = '    print("confirmado el", numero, "con", tabla.count(), flush=True)\n'
_LOOP = """    while not parar.is_set() and not consulta.awaitTermination(1):
        pass
"""

ANSWERS = (
    Answer(
        "parar",
        "mira si viven, de una en una",
        (
            (
                _WAIT,
                "while all(consulta.isActive for consulta in consultas):\n"
                "    threading.Event().wait(0.2)\n",
            ),
            ("import sys\n", "import sys\nimport threading\n"),
        ),
    ),
    Answer(
        "parar",
        "no para la otra: muere con el programa",
        (("spark.stop()\n", ""),),
    ),
    Answer(
        "parar",
        "deja salir la excepción",
        (
            (
                _WAIT,
                "try:\n    spark.streams.awaitAnyTermination()\n"
                "except StreamingQueryException as error:\n    muerte = error\n",
            ),
            ("sys.exit(1)", "raise muerte"),
        ),
    ),
    Answer(
        "parar",
        "la excepción sale antes de decir nada",
        ((_WAIT, "spark.streams.awaitAnyTermination()\n"),),
        "deben ser |n.º|línea|",
    ),
    Answer(
        "parar-orden",
        "se niega con la consulta a mano: marca la parada y la reconoce por la marca",
        (
            ('    if "ParadaPedida" not in str(error):\n', "    if not parar.is_set():\n"),
            ("        raise ParadaPedida\n", '        raise RuntimeError("basta")\n'),
        ),
    ),
    Answer(
        "parar-orden",
        "el que recibe la señal acaba el programa",
        ((_SIGNAL, "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))"),),
        "Lo que recibe el almacén, la 2.ª vez: sobra",
    ),
    Answer(
        "parar-orden",
        "se niega detrás de enviar",
        (
            (_REFUSES, ""),
            (
                _CONFIRMED,
                f"{_CONFIRMED}{_REFUSES}",
            ),
        ),
        "Lo que recibe el almacén, la 2.ª vez: sobra",
    ),
    Answer(
        "parar-orden",
        "envía antes todo lo que espera",
        ((_REFUSES, ""), (_LOOP, _LOOP + "    consulta.processAllAvailable()\n")),
        # It sends to a store that is closed, and waits for it.
        "y no ha ocurrido",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {
    # How much of the answer is read, and how often the signal is looked at.
    "parar-orden": ("16 → 15", "16 → 17", "1 → 2"),
}

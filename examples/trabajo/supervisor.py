"""Arranca otra vez la consulta que muere; a la cuarta muerte se rinde.

Cada cosa que pasa es una línea de JSON en un diario.
Para empezar de cero en la misma carpeta: rm -r checkpoint-suma diario.jsonl numeros

Terminal 1:
    $ mkdir numeros
    $ echo dos > numeros/dos.txt

Terminal 2:
    $ python examples/trabajo/supervisor.py 2> registro.txt
    $ echo $?
    1
    $ grep rindo diario.jsonl
    {"hora": ..., "dice": "me rindo", "consulta": "suma"}
"""

# %% Sesión
import json
import logging
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "numeros")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-suma")
DIARIO = os.environ.get("DIARIO", "diario.jsonl")
# Cuántas veces se arranca otra vez, y lo que se espera antes.
ESPERAS = [0.5, 1, 2]
# Segundos: de las muertes de hace más, se olvida.
MEMORIA = 600

spark = (
    SparkSession.builder.appName("supervisor")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)


# %% Diario
class EnJson(logging.Formatter):
    def format(self, registro):
        cosa = {
            "hora": datetime.fromtimestamp(registro.created, UTC),
            "dice": registro.getMessage(),
            **getattr(registro, "datos", {}),
        }
        return json.dumps(cosa, ensure_ascii=False, default=str)


diario = logging.getLogger("supervisor")
diario.setLevel(logging.DEBUG)
fichero = logging.FileHandler(DIARIO, encoding="utf-8")
fichero.setFormatter(EnJson())
diario.addHandler(fichero)


def apuntar(dice, **datos):
    diario.info(dice, extra={"datos": datos})


# %% Consultas
textos = spark.readStream.text(ENTRADA)


def suma():
    return (
        textos.selectExpr("sum(CAST(value AS INT)) AS total")
        .writeStream.format("noop")
        .outputMode("complete")
        .option("checkpointLocation", CHECKPOINT)
        .queryName("suma")
        .start()
    )


def cuenta():
    return (
        textos.groupBy()
        .count()
        .writeStream.format("noop")
        .outputMode("complete")
        .queryName("cuenta")
        .start()
    )


# %% Señales
parar = threading.Event()
for cual in signal.SIGINT, signal.SIGTERM:
    signal.signal(cual, lambda *_: parar.set())


# %% Supervisión
def motivo(error):
    """Qué ha pasado, en una línea."""
    lineas = str(error).splitlines()
    if "Traceback" not in lineas[0]:
        return lineas[0]
    # Ha fallado una función tuya. Las líneas de su traza empiezan con
    # espacios; la primera que no, dice qué pasó.
    return next(linea for linea in lineas[1:] if linea[:1] != " ")


def causa(consulta):
    error = consulta.exception()
    return motivo(error) if error else "la han parado"


def esperar():
    """Vuelve cuando muere alguna, o cuando piden parar."""
    try:
        while not parar.is_set():
            if spark.streams.awaitAnyTermination(1):
                return
    except StreamingQueryException:
        # Quién y por qué lo dice cada consulta.
        return


def supervisar(arranques):
    """Cierto si piden parar; falso si se rinde."""
    vivas = {cual: arranque() for cual, arranque in arranques.items()}
    muertes = {cual: [] for cual in arranques}
    while True:
        esperar()
        if parar.is_set():
            return True
        # Sin esto, Spark diría otra vez la misma muerte.
        spark.streams.resetTerminated()
        for nombre, consulta in vivas.items():
            if consulta.isActive:
                continue
            ahora = time.monotonic()
            antes = [m for m in muertes[nombre] if m > ahora - MEMORIA]
            apuntar(
                "ha muerto",
                consulta=nombre,
                veces=len(antes),
                causa=causa(consulta),
            )
            if len(antes) == len(ESPERAS):
                apuntar("me rindo", consulta=nombre)
                return False
            muertes[nombre] = [*antes, ahora]
            # Si piden parar, ni espera más ni la arranca.
            if parar.wait(ESPERAS[len(antes)]):
                return True
            arranca = arranques[nombre]
            vivas[nombre] = arranca()


# %% Principio y fin
apuntar("empiezo")
try:
    bien = supervisar({"suma": suma, "cuenta": cuenta})
finally:
    # También si una no se deja arrancar.
    for viva in spark.streams.active:
        apuntar("la paro", consulta=viva.name)
        viva.stop()

spark.stop()
sys.exit(0 if bien else 1)

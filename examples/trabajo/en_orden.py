"""Envía cada pedido a un almacén, y para en orden: ningún envío se repite.

Para empezar de cero en la misma carpeta: rm -r checkpoint-envios recibido.txt pedidos respuestas

Terminal 1:
    $ mkdir pedidos
    $ echo pan > pedidos/1.txt; touch -d '2026-03-02 11:00' pedidos/1.txt
    $ echo vino > pedidos/2.txt; touch -d '2026-03-02 12:00' pedidos/2.txt
    $ mkfifo respuestas

Terminal 2:
    $ python examples/trabajo/en_orden.py 2> registro.txt
    enviado el 0
    ^C

Terminal 1:
    $ echo vale > respuestas

Terminal 2:
    confirmado el 0
    $ echo $?
    0
    $ rm respuestas
"""

# %% Sesión
import os
import signal
import sys
import threading
from pathlib import Path

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "pedidos")
RECIBIDO = Path(os.environ.get("RECIBIDO", "recibido.txt"))
RESPUESTAS = Path(os.environ.get("RESPUESTAS", "respuestas"))
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-envios")
# Segundos: más de lo que tarda un micro-batch.
PLAZO = float(os.environ.get("PLAZO", "20"))

spark = SparkSession.builder.appName("envios").getOrCreate()

# %% Señales
parar = threading.Event()
for cual in signal.SIGINT, signal.SIGTERM:
    # Solo lo apunta: aquí dentro no se llama a Spark.
    signal.signal(cual, lambda *_: parar.set())

PEDIDA = "parada pedida"


class Parada(Exception):
    pass


# %% Envío
def enviar(tabla, numero):
    # Lo primero, antes de que nada salga de aquí.
    if parar.is_set():
        raise Parada(PEDIDA)
    with RECIBIDO.open("a", encoding="utf-8") as almacen:
        for fila in tabla.collect():
            print(fila.value, file=almacen)
    print("enviado el", numero, flush=True)
    with RESPUESTAS.open(encoding="utf-8") as respuestas:
        respuestas.readline()
    print("confirmado el", numero, flush=True)


# %% Consulta
consulta = (
    spark.readStream.option("maxFilesPerTrigger", 1)
    .text(ENTRADA)
    .writeStream.foreachBatch(enviar)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)


# %% Espera
def ultimo(cual):
    """El último micro-batch que hay en offsets, o en commits."""
    notas = Path(CHECKPOINT, cual).glob("[0-9]*")
    return max((int(nota.name) for nota in notas), default=-1)


salida = 0
try:
    while not parar.is_set() and not consulta.awaitTermination(1):
        pass
    # El que está en marcha acaba; el siguiente se niega a empezar.
    if not consulta.awaitTermination(PLAZO):
        # No ha llegado ninguno que se niegue, o el de ahora no acaba.
        consulta.stop()
        if ultimo("commits") < ultimo("offsets"):
            print("a medias", flush=True)
            salida = 1
except StreamingQueryException as error:
    if PEDIDA not in str(error):
        print(error, file=sys.stderr)
        salida = 1

spark.stop()
sys.exit(salida)

"""Solución: envía cada pedido a un almacén, y con SIGTERM para sin repetir ninguno."""

# %% Sesión
import os
import signal
import socket
import sys
import threading

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")
HOST = os.environ.get("HOST", "127.0.0.1")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName(
    "ejercicio-parar-orden"
).getOrCreate()

# Segundos: más de lo que tarda un micro-batch.
PLAZO = 10

# %% Señal
parar = threading.Event()
# Solo lo apunta: aquí no se llama a Spark.
signal.signal(signal.SIGTERM, lambda *_: parar.set())


class ParadaPedida(Exception):
    """No ha fallado nada: se lo han pedido."""


# %% Envío
def enviar(tabla, numero):
    if parar.is_set():
        raise ParadaPedida
    with socket.create_connection((HOST, PUERTO)) as almacen:
        for fila in tabla.collect():
            almacen.sendall(f"{fila.value}\n".encode())
        # Una línea vacía: no hay más. El almacén tarda lo que tarda.
        almacen.sendall(b"\n")
        print("enviado el", numero, flush=True)
        almacen.recv(16)
    print("confirmado el", numero, "con", tabla.count(), flush=True)


# %% Consulta
consulta = (
    spark.readStream.format("text")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
    .writeStream.foreachBatch(enviar)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Parada
try:
    while not parar.is_set() and not consulta.awaitTermination(1):
        pass
    # El que está en marcha acaba, y el siguiente se niega a empezar.
    if not consulta.awaitTermination(PLAZO):
        # No hay siguiente: tampoco hay nada a medias.
        consulta.stop()
except StreamingQueryException as error:
    if "ParadaPedida" not in str(error):
        raise
spark.stop()
sys.exit(0)

"""Envía cada pedido a un almacén y espera a que responda. SIGTERM lo corta a medias.

Cámbialo: con SIGTERM, el micro-batch que está en marcha acaba y ningún otro empieza.
"""

# %% Sesión
import os
import socket

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")
HOST = os.environ.get("HOST", "127.0.0.1")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName(
    "ejercicio-parar-orden"
).getOrCreate()


# %% Envío
def enviar(tabla, numero):
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
consulta.awaitTermination()

"""Suma en SQLite los puntos de cada socio, y un micro-batch repetido suma otra vez.

Cámbialo: aunque el programa muera y se repita un micro-batch, cada compra suma una vez.
"""

# %% Sesión
import os
import sqlite3
from contextlib import closing

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "puntos.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName(
    "ejercicio-caidas-puntos"
).getOrCreate()

# %% Fuente
compras = (
    spark.readStream.format("csv")
    .schema("socio STRING, puntos INT")
    .option("sep", ";")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Escritura
SALDO = """CREATE TABLE IF NOT EXISTS saldo
    (socio TEXT PRIMARY KEY, puntos INTEGER)"""
SUMA = """INSERT INTO saldo VALUES (?, ?) ON CONFLICT (socio)
    DO UPDATE SET puntos = puntos + excluded.puntos"""


def guardar(tabla, numero):
    filas = [tuple(fila) for fila in tabla.collect()]
    with closing(sqlite3.connect(SALIDA)) as bd, bd:
        bd.execute(SALDO)
        bd.executemany(SUMA, filas)


# %% Consulta
consulta = (
    compras.writeStream.foreachBatch(guardar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

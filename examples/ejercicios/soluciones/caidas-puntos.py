"""Solución: suma en SQLite los puntos de cada socio, y cada compra una sola vez."""

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
HECHOS = (
    "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)"
)
SUMA = """INSERT INTO saldo VALUES (?, ?) ON CONFLICT (socio)
    DO UPDATE SET puntos = puntos + excluded.puntos"""
YA = "SELECT numero FROM hechos WHERE numero = ?"


def sumar(bd, filas, numero):
    if bd.execute(YA, (numero,)).fetchone():
        return
    bd.executemany(SUMA, filas)
    bd.execute("INSERT INTO hechos VALUES (?)", (numero,))


def guardar(tabla, numero):
    filas = [tuple(fila) for fila in tabla.collect()]
    with closing(sqlite3.connect(SALIDA)) as bd:
        bd.execute(SALDO)
        bd.execute(HECHOS)
        # Todo o nada: los puntos y el número, en la misma transacción.
        with bd:
            sumar(bd, filas, numero)


# %% Consulta
consulta = (
    compras.writeStream.foreachBatch(guardar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

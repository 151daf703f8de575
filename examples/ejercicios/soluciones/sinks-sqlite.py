"""Solución: suma en SQLite las unidades de cada libro, cada micro-batch una sola vez."""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "libros.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# %% Sesión
import sqlite3
from contextlib import closing

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.appName("ejercicio-sinks-sqlite")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Base
with closing(sqlite3.connect(SALIDA)) as base, base:
    base.execute(
        "CREATE TABLE IF NOT EXISTS libros "
        "(titulo TEXT PRIMARY KEY, unidades INTEGER)"
    )
    base.execute(
        "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)"
    )


# %% Sumar
def sumar(tabla, numero):
    """Suma un micro-batch y lo apunta: las dos cosas, o ninguna."""
    filas = tabla.groupBy("titulo").sum("unidades").collect()
    with closing(sqlite3.connect(SALIDA)) as base, base:
        apunte = base.execute(
            "INSERT OR IGNORE INTO hechos VALUES (?)", (numero,)
        )
        if apunte.rowcount == 0:
            return
        base.executemany(
            "INSERT INTO libros VALUES (?, ?) ON CONFLICT (titulo) "
            "DO UPDATE SET unidades = unidades + excluded.unidades",
            filas,
        )


# %% Consulta
movimientos = (
    spark.readStream.format("csv")
    .schema("titulo STRING, unidades INT")
    .option("sep", ";")
    .load(ENTRADA)
)
consulta = (
    movimientos.writeStream.foreachBatch(sumar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

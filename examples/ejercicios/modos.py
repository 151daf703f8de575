"""Lleva el marcador de un juego: tras cada jugada, solo lo que cambia.

Cada línea es un jugador y los puntos que gana. Se escribe el jugador de
la jugada con su total, en las columnas jugador y puntos.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import get, split
from pyspark.sql.functions import sum as suma

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("ejercicio-modos")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Jugadas
trozos = split("value", " ")
jugadas = lineas.select(
    trozos[0].alias("jugador"),
    # A una línea cortada le falta un trozo: queda nulo, sin error.
    get(trozos, 1).try_cast("int").alias("ganados"),
).where("ganados IS NOT NULL")

# %% Marcador
# Completa: los puntos de cada jugador, sumados.
marcador = ...

# %% Consulta
# Completa: a la consola, y solo la fila de la jugada.
consulta = ...

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Solución: lleva la cuenta del dinero que envía cada persona."""

# %% Constantes
import os

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

# %% Sesión
from pyspark.sql import SparkSession
from pyspark.sql.functions import count, get, split, translate, trim
from pyspark.sql.functions import sum as suma

spark = (
    SparkSession.builder.appName("ejercicio-transformaciones-bizum")
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

# %% Envíos
trozos = split("value", ";")
importe = translate(get(trozos, 1), ",", ".")
envios = lineas.select(
    trim(trozos[0]).alias("persona"),
    importe.try_cast("double").alias("euros"),
).where("persona != '' AND euros > 0")

# %% Totales
totales = envios.groupBy("persona").agg(
    count("*").alias("envios"), suma("euros").alias("euros")
)

# %% Consulta
consulta = (
    totales.writeStream.format("console").outputMode("update").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

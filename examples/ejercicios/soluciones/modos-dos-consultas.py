"""Solución: de una carpeta, dos consultas a la vez, cada una en su modo."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import split
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = (
    SparkSession.builder.appName("ejercicio-dos-consultas")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Fuente
lineas = spark.readStream.text(ENTRADA)
trozos = split("value", ";")
paradas = lineas.select(
    trozos[0].alias("parada"),
    trozos[1].cast("int").alias("viajeros"),
    trozos[2].cast("int").alias("retraso"),
)

# %% Dos consultas
viajeros = (
    paradas.groupBy("parada")
    .agg(suma("viajeros").alias("viajeros"))
    .writeStream.format("console")
    .outputMode("complete")
    .start()
)
avisos = (
    paradas.where("retraso >= 10")
    .select("parada", "retraso")
    .writeStream.format("json")
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
spark.streams.awaitAnyTermination()

"""Solución: guarda en JSON las medidas de más de 30 grados, cada una una sola vez."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName("ejercicio-sinks").getOrCreate()

# %% Fuente
medidas = (
    spark.readStream.format("csv")
    .schema("sensor STRING, grados DOUBLE")
    .option("sep", ";")
    .load(ENTRADA)
)
calor = medidas.where("grados > 30")

# %% Consulta
consulta = (
    calor.writeStream.format("json")
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

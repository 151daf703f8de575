"""Solución: procesa los pedidos que esperan en una carpeta, de dos en dos, y acaba."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName("ejercicio-triggers").getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("text")
    .option("maxFilesPerTrigger", 2)
    .load(ENTRADA)
)

# %% Consulta
consulta = (
    pedidos.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

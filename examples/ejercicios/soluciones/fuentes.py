"""Solución: lee los CSV de una carpeta y calcula el importe de las ventas grandes."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName("ejercicio-fuentes").getOrCreate()

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    .schema("producto STRING, unidades INT, precio DOUBLE")
    .option("sep", ";")
    .load(ENTRADA)
)

# %% Importe
grandes = ventas.where("unidades >= 5").selectExpr(
    "*", "unidades * precio AS importe"
)

# %% Consulta
consulta = (
    grandes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Solución: guarda cada venta en CSV, en la carpeta de su ciudad."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName(
    "ejercicio-sinks-carpetas"
).getOrCreate()

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    .schema("ciudad STRING, producto STRING, euros DOUBLE")
    .option("sep", ";")
    .load(ENTRADA)
)

# %% Consulta
consulta = (
    ventas.writeStream.partitionBy("ciudad")
    .format("csv")
    .option("header", True)
    .option("sep", ";")
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

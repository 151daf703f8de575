"""Guarda cada venta en JSON, todas en la misma carpeta.

Cámbialo: CSV con cabecera y con punto y coma, y una carpeta por ciudad.
"""

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
    ventas.writeStream.format("json")
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

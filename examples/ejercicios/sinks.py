"""Guarda en JSON las medidas de más de 30 grados, cada una una sola vez.

Se ejecuta, acaba, y se vuelve a ejecutar cuando hay ficheros nuevos:
los que ya leyó no se repiten. Los JSON van sin comprimir en SALIDA.
"""

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
# Completa: el formato, adónde, dónde se apunta lo leído, y que acabe.
consulta = ...
consulta.awaitTermination()

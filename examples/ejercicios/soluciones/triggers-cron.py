"""Solución: suma los viajeros de cada línea de autobús, una vez cada noche."""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# %% Sesión
from pyspark.sql import SparkSession
from pyspark.sql.functions import sum as suma

spark = (
    SparkSession.builder.appName("ejercicio-triggers-cron")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Fuente
viajes = (
    spark.readStream.format("csv")
    .schema("linea STRING, viajeros INT")
    .option("sep", ";")
    .load(ENTRADA)
)

# %% Totales
totales = viajes.groupBy("linea").agg(
    suma("viajeros").alias("viajeros")
)

# %% Consulta
consulta = (
    totales.writeStream.format("console")
    .outputMode("update")
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

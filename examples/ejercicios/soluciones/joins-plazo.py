"""Solución: une cada salida de una bici con la llegada de su viaje."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, expr

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-joins-plazo")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuentes
salidas = (
    spark.readStream.format("csv")
    .schema("sale TIMESTAMP, bici STRING, parada STRING")
    # Un fichero de cada carpeta por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(f"{ENTRADA}/salidas")
    .withWatermark("sale", "10 minutes")
)
llegadas = (
    spark.readStream.format("csv")
    .schema("llega TIMESTAMP, devuelta STRING, km DOUBLE")
    .option("maxFilesPerTrigger", 1)
    .load(f"{ENTRADA}/llegadas")
    .withWatermark("llega", "10 minutes")
)

# %% Viajes
parejas = salidas.join(
    llegadas,
    expr(
        "bici = devuelta AND llega >= sale"
        " AND llega <= sale + interval 45 minutes"
    ),
)
viajes = parejas.select(
    "bici",
    date_format("sale", "HH:mm:ss").alias("sale"),
    date_format("llega", "HH:mm:ss").alias("llega"),
    "km",
)

# %% Consulta
consulta = (
    viajes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

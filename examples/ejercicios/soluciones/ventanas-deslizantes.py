"""Solución: suma los viajeros en ventanas de tres minutos, una cada dos."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, window
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-ventanas-deslizantes")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
viajes = (
    spark.readStream.format("csv")
    .schema("hora TIMESTAMP, parada STRING, viajeros INT")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Ventana
por_ventana = viajes.groupBy(
    window("hora", "3 minutes", "2 minutes")
).agg(suma("viajeros").alias("viajeros"))
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .outputMode("update")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

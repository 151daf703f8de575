"""Suma los viajeros de cada tres minutos, y escribe todas las ventanas.

Funciona. Cámbialo: que empiece una ventana de tres minutos cada dos, y
que se escriban solo las que cambian con cada fichero.
"""

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
por_ventana = viajes.groupBy(window("hora", "3 minutes")).agg(
    suma("viajeros").alias("viajeros")
)
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .outputMode("complete")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

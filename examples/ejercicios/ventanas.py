"""Suma las bicis de cada cuarto de hora, y lo escribe cuando se cierra.

Se esperan los datos con retraso durante diez minutos de los hechos.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, window
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-ventanas")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
pasos = (
    spark.readStream.format("csv")
    .schema("hora TIMESTAMP, carril STRING, bicis INT")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Ventana
# Completa: la espera, la ventana y la suma, con el nombre bicis.
por_ventana = ...
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "bicis",
)

# %% Consulta
# Completa: a la consola, cada ventana una vez, y acaba con lo que hay.
consulta = ...
consulta.awaitTermination()

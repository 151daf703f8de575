"""Solución: cuenta las etiquetas (#algo) de los mensajes que llegan por un socket."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import count, explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("ejercicio-hola-etiquetas")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Transformación
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
etiquetas = palabras.where("palabra LIKE '#_%'").selectExpr(
    "lower(substring(palabra, 2)) AS etiqueta"
)
recuento = etiquetas.groupBy("etiqueta").agg(count("*").alias("veces"))

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

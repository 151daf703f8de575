"""Solución: tras cada bizum, el más alto que ha recibido esa persona."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import get, split
from pyspark.sql.functions import max as maximo

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("ejercicio-modos-bizum")
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

# %% Bizum
trozos = split("value", " ")
bizum = lineas.select(
    trozos[0].alias("persona"),
    # A una línea cortada le falta un trozo: queda nulo, sin error.
    get(trozos, 1).try_cast("int").alias("euros"),
).where("euros IS NOT NULL")

# %% Por persona
por_persona = bizum.groupBy("persona").agg(
    maximo("euros").alias("mayor")
)

# %% Consulta
consulta = (
    por_persona.writeStream.format("console")
    .outputMode("update")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

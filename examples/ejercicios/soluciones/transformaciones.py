"""Solución: convierte cada línea de medidas en una fila por medida válida."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, get, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName(
    "ejercicio-transformaciones"
).getOrCreate()

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Medidas
trozos = split("value", ": ")
textos = lineas.select(
    trozos[0].alias("sala"),
    explode(split(get(trozos, 1), " ")).alias("texto"),
)
medidas = textos.select(
    "sala", textos.texto.try_cast("int").alias("grados")
).where("grados IS NOT NULL")

# %% Consulta
consulta = (
    medidas.writeStream.format("console").outputMode("append").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Lleva lo que cada persona ha recibido por bizum: el total, de todas.

Cámbialo: tras cada bizum, solo la fila de quien lo recibe, con el más alto
que ha recibido hasta ahora, en las columnas persona y mayor.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import get, split
from pyspark.sql.functions import sum as suma

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
por_persona = bizum.groupBy("persona").agg(suma("euros").alias("total"))

# %% Consulta
consulta = (
    por_persona.writeStream.format("console")
    .outputMode("complete")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Solución: enseña los productos que pide una farmacia, todos escritos igual."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, lower, split, translate, trim

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName(
    "ejercicio-transformaciones-acentos"
).getOrCreate()

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Productos
tecleados = lineas.select(
    explode(split("value", ",")).alias("producto")
)
normal = translate(lower(trim("producto")), "áéíóúü", "aeiouu")
productos = (
    tecleados.select(normal.alias("producto"))
    .where("producto != ''")
    .selectExpr("producto", "length(producto) AS letras")
)

# %% Consulta
consulta = (
    productos.writeStream.format("console").outputMode("append").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

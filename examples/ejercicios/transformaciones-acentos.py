"""Enseña los productos que pide una farmacia, tal como se teclean.

Cámbialo: sin espacios alrededor, en minúsculas y sin tildes, y con
otra columna, letras, que dice cuántas letras tiene el producto.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

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
productos = lineas.select(
    explode(split("value", ",")).alias("producto")
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

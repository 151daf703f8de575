"""Cuenta palabras."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("palabras")
    .config("spark.sql.shuffle.partitions", 2)
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
recuento = palabras.groupBy("palabra").count()

# %% Consulta
consulta = recuento.writeStream.format("console").outputMode("complete").start()

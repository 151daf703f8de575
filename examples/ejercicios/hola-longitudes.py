"""Cuenta las veces que sale cada palabra.

Cámbialo: que cuente cuántas palabras hay de cada longitud, sin las de una
o dos letras, en las columnas letras y palabras.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("ejercicio-hola-longitudes")
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
recuento = palabras.groupBy("palabra").count()

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

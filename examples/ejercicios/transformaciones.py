"""Convierte cada línea de medidas en una fila por medida válida.

Una línea dice la sala y sus medidas: «cocina: 21 error -3». Las filas
tienen la columna sala y la columna grados, un número entero. Una línea
cortada, «cocina», no tiene medidas: no da ninguna fila, ni un error.
"""

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
# Completa: separa la sala, una fila por medida, y fuera lo que no es
# un número.
medidas = ...

# %% Consulta
consulta = (
    medidas.writeStream.format("console").outputMode("append").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

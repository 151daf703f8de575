"""Separa las líneas en palabras, sin contarlas.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/modos/sin_agregar.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > el mar y el sol

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+
    |palabra|
    +-------+
    |     el|
    |    mar|
    |      y|
    |     el|
    |    sol|
    +-------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
MODO = os.environ.get("MODO", "append")

spark = SparkSession.builder.appName("sin-agregar").getOrCreate()

# %% Palabras
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))

# %% Consulta
consulta = (
    palabras.writeStream.format("console").outputMode(MODO).start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Guarda en una tabla lo que llega a una carpeta, y lee esa tabla mientras crece.

Para empezar de cero en la misma carpeta: rm -r spark-warehouse checkpoint entrada

Terminal 1:
    $ mkdir entrada
    $ printf 'sol\\nmar\\n' > parte.txt
    $ mv parte.txt entrada/uno.txt

Terminal 2:
    $ python examples/fuentes/tabla.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |value|
    +-----+
    |  sol|
    |  mar|
    +-----+

Terminal 1:
    $ echo arena > parte.txt
    $ mv parte.txt entrada/dos.txt

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-----+
    |value|
    +-----+
    |arena|
    +-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
TABLA = os.environ.get("TABLA", "palabras")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName("tabla").getOrCreate()

# %% Escribir
escribe = (
    spark.readStream.text(ENTRADA)
    .writeStream.option("checkpointLocation", CHECKPOINT)
    .toTable(TABLA)
)

# %% Esperar
escribe.processAllAvailable()

# %% Leer
lee = (
    spark.readStream.table(TABLA).writeStream.format("console").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
spark.streams.awaitAnyTermination()

"""Pone precio a lo que se pide, con una carta que no cambia.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/transformaciones/join_estatico.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > café paella

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +--------+------+
    |producto|precio|
    +--------+------+
    |    café|   1.5|
    |  paella|  NULL|
    +--------+------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("join-estatico")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Join
carta = spark.createDataFrame(
    [("café", 1.5), ("tostada", 2.0), ("zumo", 2.5)],
    "producto string, precio double",
)
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
pedidos = lineas.select(explode(split("value", " ")).alias("producto"))
con_precio = pedidos.join(carta, "producto", "left")

# %% Consulta
consulta = con_precio.writeStream.format("console").start()

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Convierte las comandas de un bar en una fila por producto, con su precio.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/transformaciones/sin_estado.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > terraza: café tostada café

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+--------+------+
    |   mesa|producto|precio|
    +-------+--------+------+
    |terraza|    café|   1.5|
    |terraza| tostada|   2.0|
    |terraza|    café|   1.5|
    +-------+--------+------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, get, split, udf

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName("sin-estado").getOrCreate()

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Comandas
trozos = split("value", ": ")
comandas = lineas.select(
    trozos[0].alias("mesa"),
    # Sin segundo trozo queda nula; con corchetes, fallaría.
    split(get(trozos, 1), " ").alias("productos"),
)

# %% Filtro
en_mesa = comandas.filter("mesa != 'barra'")

# %% Explode
pedidos = en_mesa.select("mesa", explode("productos").alias("producto"))

# %% Precio
PRECIOS = {"café": 1.5, "tostada": 2.0, "zumo": 2.5}


@udf("double")
def precio(producto):
    """Lo que cuesta el producto; nada, si no está en la carta."""
    return PRECIOS.get(producto)


con_precio = pedidos.withColumn("precio", precio("producto"))

# %% Consulta
consulta = (
    con_precio.writeStream.format("console")
    .outputMode("append")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

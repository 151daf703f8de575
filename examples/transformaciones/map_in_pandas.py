"""Cuenta los productos de cada comanda con una función de Python.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/transformaciones/map_in_pandas.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > terraza: café tostada café

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+--------+--------+
    |   mesa|producto|unidades|
    +-------+--------+--------+
    |terraza|    café|       2|
    |terraza| tostada|       1|
    +-------+--------+--------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import get, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = SparkSession.builder.appName("map-in-pandas").getOrCreate()

# %% Comandas
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
trozos = split("value", ": ")
comandas = lineas.select(
    trozos[0].alias("mesa"),
    split(get(trozos, 1), " ").alias("productos"),
)

# %% Función
from collections import Counter

import pandas


def contar_productos(tablas):
    """De cada comanda, una fila por producto distinto."""
    for tabla in tablas:
        filas = [
            (mesa, producto, unidades)
            for mesa, productos in tabla[["mesa", "productos"]].values
            for producto, unidades in Counter(productos).items()
        ]
        yield pandas.DataFrame(
            filas, columns=["mesa", "producto", "unidades"]
        )


# %% Transformación
contadas = comandas.mapInPandas(
    contar_productos,
    "mesa string, producto string, unidades long",
)

# %% Consulta
consulta = contadas.writeStream.format("console").start()

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

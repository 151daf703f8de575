"""Cuenta las palabras que llegan, línea a línea, por un socket.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/hola/palabras.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    +-------+-----+

Terminal 1:
    > el mar y el sol

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |    mar|    1|
    |     el|    2|
    |      y|    1|
    |    sol|    1|
    +-------+-----+

Terminal 2:
    ^C
    $ echo adiós
    adiós
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("palabras")
    # Pocas palabras: con las 200 particiones que Spark usa si no dices nada,
    # cada micro-batch tardaría segundos en vez de décimas.
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
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

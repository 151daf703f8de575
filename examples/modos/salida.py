"""Cuenta palabras y escribe el resultado en el modo de salida que digas.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ MODO=update python examples/modos/salida.py 2> registro.txt
    ...
    Batch: 0
    ...

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

Terminal 1:
    > otra vez el mar

Terminal 2:
    -------------------------------------------
    Batch: 2
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |    vez|    1|
    |    mar|    2|
    |   otra|    1|
    |     el|    3|
    +-------+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
MODO = os.environ.get("MODO", "complete")

spark = (
    SparkSession.builder.appName("modos-de-salida")
    # Pocas palabras: bastan pocas particiones.
    .config("spark.sql.shuffle.partitions", 2)
    .getOrCreate()
)

# %% Recuento
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
recuento = palabras.groupBy("palabra").count()

# %% Consulta
consulta = (
    recuento.writeStream.format("console").outputMode(MODO).start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

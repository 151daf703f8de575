"""Enseña la tabla de resultados entera cada vez que la de entrada gana una fila.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/tabla_sin_fin/tabla_sin_fin.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > el sol

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |     el|    1|
    |    sol|    1|
    +-------+-----+

Terminal 1:
    > el mar

Terminal 2:
    -------------------------------------------
    Batch: 2
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |     el|    2|
    |    mar|    1|
    |    sol|    1|
    +-------+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("tabla-sin-fin")
    # Pocas palabras: basta una partición.
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
def contar(lineas):
    """Las palabras de una tabla de líneas, cada una con su cuenta."""
    palabras = lineas.select(
        explode(split("value", " ")).alias("palabra")
    )
    return palabras.groupBy("palabra").count().orderBy("palabra")


recuento = contar(lineas)

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

"""Convierte a Parquet los CSV de una carpeta, y no repite los que ya convirtió.

Para empezar de cero en la misma carpeta: rm -r salida checkpoint entrada

Terminal 1:
    $ mkdir entrada
    $ printf 'lunes;pan;2\\nlunes;leche;1\\n' > entrada/lunes.csv
    $ python examples/sinks/ficheros.py 2> registro.txt
    +-----+--------+--------+
    |  dia|producto|unidades|
    +-----+--------+--------+
    |lunes|   leche|       1|
    |lunes|     pan|       2|
    +-----+--------+--------+
    $ ls salida/_spark_metadata
    0
    $ python examples/sinks/ficheros.py 2> registro.txt
    +-----+--------+--------+
    |  dia|producto|unidades|
    +-----+--------+--------+
    |lunes|   leche|       1|
    |lunes|     pan|       2|
    +-----+--------+--------+
    $ ls salida/_spark_metadata
    0
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")
FORMATO = os.environ.get("FORMATO", "parquet")

spark = (
    SparkSession.builder.appName("sink-ficheros")
    .config("spark.sql.shuffle.partitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.schema("dia STRING, producto STRING, unidades INT")
    .option("sep", ";")
    .csv(ENTRADA)
)

# %% Consulta
consulta = (
    ventas.writeStream.format(FORMATO)
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Resultado
guardadas = (
    spark.read.schema(ventas.schema).format(FORMATO).load(SALIDA)
)
guardadas.orderBy("dia", "producto").show()

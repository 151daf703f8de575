"""Cuenta las palabras que llegan por un socket, con una consulta SQL.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/hola/sql.py 2> registro.txt
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
    |palabra|veces|
    +-------+-----+
    |    mar|    1|
    |     el|    2|
    |      y|    1|
    |    sol|    1|
    +-------+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("palabras-sql")
    # Pocas palabras: bastan pocas particiones.
    .config("spark.sql.shuffle.partitions", 2)
    .getOrCreate()
)

# %% Vista
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
lineas.createOrReplaceTempView("lineas")

# %% SQL
recuento = spark.sql("""
    SELECT palabra, count(*) AS veces
    FROM (SELECT explode(split(value, ' ')) AS palabra FROM lineas)
    GROUP BY palabra
""")

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

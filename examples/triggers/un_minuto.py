"""Cuenta palabras una vez por minuto, con todo lo que llegó en ese minuto.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ INTERVALO="10 seconds" python examples/triggers/un_minuto.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > café

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+-----+-------+
    |palabra|count|segundo|
    +-------+-----+-------+
    |   café|    1|     ...|
    +-------+-----+-------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    current_timestamp,
    date_format,
    explode,
    split,
)

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
INTERVALO = os.environ.get("INTERVALO", "1 minute")

spark = (
    SparkSession.builder.appName("un-minuto")
    .config("spark.sql.shuffle.partitions", 1)
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
recuento = (
    palabras.groupBy("palabra")
    .count()
    # La hora de un micro-batch es la misma en todas sus filas.
    .withColumn("segundo", date_format(current_timestamp(), "ss"))
)

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .trigger(processingTime=INTERVALO)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

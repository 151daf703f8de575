"""Suma los viajeros de una estación de metro en ventanas de diez minutos.

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/ventanas/ventanas.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01,Sol,10' > nuevo
    $ echo '2026-03-02 12:14,Sol,30' >> nuevo
    $ mv nuevo entrada/1.csv

Terminal 2:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+-----+--------+
    |desde|hasta|viajeros|
    +-----+-----+--------+
    |12:00|12:10|      10|
    |12:10|12:20|      30|
    +-----+-----+--------+

Terminal 1:
    $ echo '2026-03-02 12:08,Sol,5' > nuevo; mv nuevo entrada/2.csv

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-----+-----+--------+
    |desde|hasta|viajeros|
    +-----+-----+--------+
    |12:00|12:10|      15|
    |12:10|12:20|      30|
    +-----+-----+--------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, window
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")
CADA = os.environ.get("CADA", "10 minutes")

spark = (
    SparkSession.builder.appName("ventanas")
    .config("spark.sql.shuffle.partitions", 1)
    # Las horas de los datos y las de la pantalla, en la misma zona.
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
pasos = (
    spark.readStream.format("csv")
    .schema("hora timestamp, estacion string, viajeros int")
    .load(ENTRADA)
)

# %% Ventana
por_ventana = pasos.groupBy(window("hora", "10 minutes", CADA)).agg(
    suma("viajeros").alias("viajeros")
)

# %% Tabla
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
).orderBy("desde")

# %% Consulta
consulta = (
    tabla.writeStream.format("console").outputMode("complete").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

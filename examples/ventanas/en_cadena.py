"""Cuenta viajeros por minuto, y de cada media hora escribe el mejor minuto.

Para empezar de cero en la misma carpeta: rm -r entrada

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/ventanas/en_cadena.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01:10,A,5' > nuevo
    $ echo '2026-03-02 12:01:40,B,4' >> nuevo
    $ echo '2026-03-02 12:03:00,A,6' >> nuevo
    $ mv nuevo entrada/1.csv

Terminal 2:
    ...
    +----------+------+--------+-------+
    |media_hora|minuto|viajeros|minutos|
    +----------+------+--------+-------+
    +----------+------+--------+-------+
    ...

Terminal 1:
    $ echo '2026-03-02 12:31:00,A,1' > nuevo; mv nuevo entrada/2.csv

Terminal 2:
    ...
    +----------+------+--------+-------+
    |media_hora|minuto|viajeros|minutos|
    +----------+------+--------+-------+
    |     12:00| 12:01|       9|      2|
    +----------+------+--------+-------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    count,
    date_format,
    max_by,
    window,
    window_time,
)
from pyspark.sql.functions import max as mayor
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")
ESPERA = os.environ.get("ESPERA", "1 minute")

spark = (
    SparkSession.builder.appName("en-cadena")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
pasos = (
    spark.readStream.format("csv")
    .schema("hora timestamp, torno string, viajeros int")
    # Un fichero por micro-batch, aunque haya varios esperando.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
    .withWatermark("hora", ESPERA)
)

# %% Por minuto
por_minuto = pasos.groupBy(
    window("hora", "1 minute").alias("minuto")
).agg(suma("viajeros").alias("viajeros"))

# %% Mejor minuto
mejores = por_minuto.groupBy(
    window(window_time("minuto"), "30 minutes").alias("media_hora")
).agg(
    max_by("minuto", "viajeros").alias("minuto"),
    mayor("viajeros").alias("viajeros"),
    # Cuántos minutos con gente hubo en la media hora.
    count("*").alias("minutos"),
)

# %% Tabla
tabla = mejores.select(
    date_format("media_hora.start", "HH:mm").alias("media_hora"),
    date_format("minuto.start", "HH:mm").alias("minuto"),
    "viajeros",
    "minutos",
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console").outputMode("append").start()
)

# %% Sin repetir
# Un torno que envía dos veces lo mismo, con la misma hora.
unicos = pasos.dropDuplicatesWithinWatermark(["hora", "torno"])

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

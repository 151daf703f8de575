"""Suma viajeros por ventanas y escribe cada ventana cuando se cierra.

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/ventanas/watermark.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01,A,1' > nuevo; mv nuevo entrada/1.csv

Terminal 2:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+-----+--------+
    |desde|hasta|viajeros|
    +-----+-----+--------+
    +-----+-----+--------+
    ...

Terminal 1:
    $ echo '2026-03-02 12:26,A,4' > nuevo; mv nuevo entrada/2.csv

Terminal 2:
    ...
    +-----+-----+--------+
    |desde|hasta|viajeros|
    +-----+-----+--------+
    |12:00|12:10|       1|
    +-----+-----+--------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, window
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")
ESPERA = os.environ.get("ESPERA", "10 minutes")

spark = (
    SparkSession.builder.appName("watermark")
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
)

# %% Ventana
por_ventana = (
    pasos.withWatermark("hora", ESPERA)
    .groupBy(window("hora", "10 minutes"))
    .agg(suma("viajeros").alias("viajeros"))
)
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
)


# %% Progreso
def progreso(consulta):
    """Imprime una línea por micro-batch."""
    print("batch  filas  watermark  ventanas  descartadas")
    for dato in consulta.recentProgress:
        if "addBatch" not in dato["durationMs"]:
            continue  # La consulta estaba parada, esperando ficheros.
        estado = dato["stateOperators"][0]
        print(
            f"{dato['batchId']:5}",
            f"{dato['numInputRows']:6}",
            f"{dato['eventTime']['watermark'][11:16]:>10}",
            f"{estado['numRowsTotal']:9}",
            f"{estado['numRowsDroppedByWatermark']:12}",
        )


# %% Consulta
consulta = (
    tabla.writeStream.format("console").outputMode("append").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Suma ventas por ventanas, y apunta en un diario todo lo que le pasa a la consulta.

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/trabajo/vigilar.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01,pan,3' > nuevo; mv nuevo entrada/1.csv

Terminal 2:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+-----+
    |desde|total|
    +-----+-----+
    |12:00|  3.0|
    +-----+-----+
    ...
"""

# %% Sesión
import os
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    count,
    count_if,
    date_format,
    lit,
    window,
)
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")
DIARIO = Path(os.environ.get("DIARIO", "diario.jsonl"))

spark = (
    SparkSession.builder.appName("vigilar")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # La web de Spark, en el puerto 4040.
    .config("spark.ui.enabled", True)
    # Si no llega nada, que lo diga cada segundo, y no cada diez.
    .config("spark.sql.streaming.noDataProgressEventInterval", "1s")
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    .schema("hora timestamp, producto string, importe double")
    # Un fichero por micro-batch, aunque haya varios esperando.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Calidad
vistas = ventas.observe(
    "calidad",
    count(lit(1)).alias("filas"),
    count_if(ventas.importe.isNull()).alias("malas"),
)

# %% Ventana
por_ventana = (
    vistas.withWatermark("hora", "10 minutes")
    .groupBy(window("hora", "10 minutes"))
    .agg(suma("importe").alias("total"))
    .observe("salida", count(lit(1)).alias("ventanas"))
)
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"), "total"
)

# %% Diario
import json

from pyspark.sql.streaming import StreamingQueryListener


class Diario(StreamingQueryListener):
    """Escribe cada suceso en un fichero: una línea, un JSON."""

    def __init__(self, ruta):
        self.ruta = ruta

    def apuntar(self, suceso, **datos):
        with self.ruta.open("a", encoding="utf-8") as fichero:
            print(json.dumps({"suceso": suceso, **datos}), file=fichero)

    def onQueryStarted(self, event):
        self.apuntar("empieza", name=event.name)

    def onQueryProgress(self, event):
        self.apuntar("progreso", **json.loads(event.progress.json))

    def onQueryIdle(self, event):
        self.apuntar("sin datos", timestamp=event.timestamp)

    def onQueryTerminated(self, event):
        self.apuntar("termina", error=event.errorClassOnException)


# %% Escuchar
diario = Diario(DIARIO)
spark.streams.addListener(diario)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .outputMode("update")
    .queryName("ventas")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

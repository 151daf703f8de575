"""Junta en sesiones los clics de cada usuario, y escribe cada una al cerrarse.

Para empezar de cero en la misma carpeta: rm -r entrada checkpoint-sesiones

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/ventanas/sesiones.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01,ana,portada' > nuevo
    $ echo '2026-03-02 12:05,ana,cesta' >> nuevo
    $ mv nuevo entrada/1.csv

Terminal 2:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-------+-----+-----+-----+
    |usuario|desde|hasta|clics|
    +-------+-----+-----+-----+
    +-------+-----+-----+-----+
    ...

Terminal 1:
    $ echo '2026-03-02 12:20,luis,portada' > nuevo
    $ mv nuevo entrada/2.csv

Terminal 2:
    ...
    +-------+-----+-----+-----+
    |usuario|desde|hasta|clics|
    +-------+-----+-----+-----+
    |    ana|12:01|12:10|    2|
    +-------+-----+-----+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    col,
    count,
    date_format,
    session_window,
    when,
)

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-sesiones")
ESPERA = os.environ.get("ESPERA", "10 minutes")

spark = (
    SparkSession.builder.appName("sesiones")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
clics = (
    spark.readStream.format("csv")
    .schema("hora timestamp, usuario string, pagina string")
    # Un fichero por micro-batch, aunque haya varios esperando.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Silencio
SILENCIO = "5 minutes"


# %% Sesiones
def juntar(clics, silencio):
    """Una fila por sesión: quién, desde, hasta y cuántos clics."""
    sesiones = (
        clics.withWatermark("hora", ESPERA)
        .groupBy(
            "usuario", session_window("hora", silencio).alias("sesion")
        )
        .agg(count("*").alias("clics"))
    )
    return sesiones.select(
        "usuario",
        date_format("sesion.start", "HH:mm").alias("desde"),
        date_format("sesion.end", "HH:mm").alias("hasta"),
        "clics",
    )


# %% Consulta
consulta = (
    juntar(clics, SILENCIO)
    .writeStream.format("console")
    .outputMode("append")
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Silencio según la página
# Quien mira un vídeo pasa un rato sin pulsar nada.
SEGUN_PAGINA = when(col("pagina") == "vídeo", "20 minutes").otherwise(
    "5 minutes"
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Genera filas numeradas, siempre las mismas, y tantas en cada micro-batch.

Terminal 1:
    $ python examples/fuentes/rate.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-------------------+-----+
    |timestamp          |value|
    +-------------------+-----+
    |2026-01-01 00:00:00|0    |
    |2026-01-01 00:00:00|1    |
    |2026-01-01 00:00:00|2    |
    +-------------------+-----+
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------------------+-----+
    |timestamp          |value|
    +-------------------+-----+
    |2026-01-01 00:01:00|3    |
    |2026-01-01 00:01:00|4    |
    |2026-01-01 00:01:00|5    |
    +-------------------+-----+
    ^C
"""

# %% Sesión
import os
from datetime import UTC, datetime

from pyspark.sql import SparkSession

FILAS = int(os.environ.get("FILAS", "3"))
INICIO = os.environ.get("INICIO", "2026-01-01")

spark = (
    SparkSession.builder.appName("rate")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
inicio = datetime.fromisoformat(INICIO).replace(tzinfo=UTC)
filas = (
    spark.readStream.format("rate-micro-batch")
    .option("rowsPerBatch", FILAS)
    .option("numPartitions", 1)
    .option("startTimestamp", int(inicio.timestamp() * 1000))
    .option("advanceMillisPerBatch", 60_000)
    .load()
)

# %% Consulta
consulta = (
    filas.writeStream.format("console")
    .option("truncate", False)
    .trigger(processingTime="5 seconds")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

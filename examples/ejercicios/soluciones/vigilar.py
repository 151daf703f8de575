"""Solución: apunta en un diario cuántas filas malas trae cada micro-batch."""

# %% Sesión
import json
import os
import threading
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr
from pyspark.sql.streaming import StreamingQueryListener

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = Path(os.environ.get("SALIDA", "diario.jsonl"))

spark = SparkSession.builder.appName("ejercicio-vigilar").getOrCreate()

# %% Fuente
medidas = (
    spark.readStream.format("csv")
    .schema("parada STRING, viajeros INT")
    .option("sep", ";")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Calidad
vistas = medidas.observe(
    "calidad",
    expr("count(*)").alias("filas"),
    expr("count_if(viajeros IS NULL OR viajeros < 0)").alias("malas"),
)


# %% Diario
class Diario(StreamingQueryListener):
    """Escribe una línea por micro-batch, en JSON."""

    def __init__(self):
        self.terminada = threading.Event()

    def onQueryStarted(self, event):
        pass

    def onQueryProgress(self, event):
        progreso = event.progress
        calidad = progreso.observedMetrics["calidad"]
        linea = {
            "batch": progreso.batchId,
            "filas": calidad.filas,
            "malas": calidad.malas,
        }
        with SALIDA.open("a") as fichero:
            print(json.dumps(linea), file=fichero)

    def onQueryTerminated(self, event):
        self.terminada.set()


diario = Diario()
spark.streams.addListener(diario)

# %% Consulta
consulta = (
    vistas.writeStream.format("noop").trigger(availableNow=True).start()
)
consulta.awaitTermination()

# %% Espera
# Spark avisa por detrás: que no acabe el programa antes de oírlo todo.
diario.terminada.wait(60)

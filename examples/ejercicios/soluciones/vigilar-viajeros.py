"""Solución: apunta en un diario los viajeros que trae cada micro-batch."""

# %% Constantes
import os
from pathlib import Path

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = Path(os.environ.get("SALIDA", "diario.jsonl"))

# %% Sesión
import json
import threading

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr
from pyspark.sql.streaming import StreamingQueryListener

spark = SparkSession.builder.appName(
    "ejercicio-vigilar-viajeros"
).getOrCreate()

# %% Cuentas
subidas = (
    spark.readStream.format("csv")
    .schema("parada STRING, viajeros INT")
    .option("sep", ";")
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
    .observe(
        "cuentas",
        expr("sum(IF(viajeros >= 0, viajeros, 0))").alias("suma"),
        expr("max(viajeros)").alias("mayor"),
    )
)


# %% Diario
class Diario(StreamingQueryListener):
    def __init__(self):
        self.terminada = threading.Event()

    def onQueryStarted(self, event):
        pass

    def onQueryProgress(self, event):
        cuentas = event.progress.observedMetrics["cuentas"]
        linea = {
            "batch": event.progress.batchId,
            "viajeros": cuentas.suma,
            "mayor": cuentas.mayor,
        }
        with SALIDA.open("a") as fichero:
            print(json.dumps(linea), file=fichero)

    def onQueryTerminated(self, event):
        self.terminada.set()


diario = Diario()
spark.streams.addListener(diario)

# %% Consulta
consulta = (
    subidas.writeStream.format("noop")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Espera
diario.terminada.wait(60)

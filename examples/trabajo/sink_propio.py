"""Un destino escrito en Python: un fichero JSON por tarea, con el número de su micro-batch.

Para empezar de cero en la misma carpeta: rm -r checkpoint-frases frases textos

Terminal 1:
    $ mkdir textos
    $ echo 'el mar' > textos/1.txt
    $ python examples/trabajo/sink_propio.py 2> registro.txt
    $ head frases/*
    {"value": "el mar"}
"""

# %% Sesión
import json
import os
from dataclasses import dataclass
from pathlib import Path

from pyspark import TaskContext
from pyspark.sql import SparkSession
from pyspark.sql.datasource import (
    DataSource,
    DataSourceStreamWriter,
    WriterCommitMessage,
)

ENTRADA = os.environ.get("ENTRADA", "textos")
# Escriben otros procesos, y pueden estar en otra carpeta.
SALIDA = Path(os.environ.get("SALIDA", "frases")).resolve()

spark = (
    SparkSession.builder.appName("sink-propio")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Escritor
@dataclass
class Escrito(WriterCommitMessage):
    """Lo que cada tarea le dice al programa: qué fichero ha dejado."""

    fichero: Path


class Escritor(DataSourceStreamWriter):
    def __init__(self, carpeta):
        self.carpeta = carpeta

    def write(self, iterator):
        """En cada tarea: deja un fichero con un nombre que nadie lee."""
        self.carpeta.mkdir(exist_ok=True)
        tarea = TaskContext.get().taskAttemptId()
        fichero = self.carpeta / f".{tarea}.tmp"
        try:
            with fichero.open("w", encoding="utf-8") as escribir:
                for fila in iterator:
                    print(json.dumps(fila.asDict()), file=escribir)
        except BaseException:
            fichero.unlink(missing_ok=True)
            raise
        return Escrito(fichero)

    def commit(self, messages, batchId):
        """En el programa, si todas han acabado: les pone su nombre."""
        for numero, escrito in enumerate(messages):
            nombre = f"{batchId:05}-{numero}.json"
            escrito.fichero.replace(self.carpeta / nombre)
        # Si es una repetición, la otra vez pudo haber más tareas.
        for fichero in self.carpeta.glob(f"{batchId:05}-*.json"):
            if int(fichero.stem.split("-")[1]) >= len(messages):
                fichero.unlink()

    def abort(self, messages, batchId):
        """Si alguna ha fallado: quita lo de las demás."""
        for escrito in messages:
            if escrito is not None:
                escrito.fichero.unlink(missing_ok=True)


# %% Destino
class Frases(DataSource):
    @classmethod
    def name(cls):
        return "frases"

    def streamWriter(self, schema, overwrite):
        return Escritor(Path(self.options["path"]))


spark.dataSource.register(Frases)

# %% Consulta
consulta = (
    spark.readStream.text(ENTRADA)
    .writeStream.format("frases")
    .option("checkpointLocation", "checkpoint-frases")
    .trigger(availableNow=True)
    .start(str(SALIDA))
)
consulta.awaitTermination()

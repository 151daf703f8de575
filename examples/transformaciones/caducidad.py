"""Cuenta los pedidos de cada mesa, y los olvida al cabo de un tiempo.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ CADUCA=1 python examples/transformaciones/caducidad.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > 2026-03-02T13:00 terraza 3.5

Terminal 2:
    ...
    |terraza|      1|
    ...

Terminal 1:
    > 2026-03-02T13:01 terraza 4.0

Terminal 2:
    ...
    Batch: 2
    ...
    |terraza|      1|
    ...
"""

# %% Sesión
import os

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import get, split
from pyspark.sql.streaming import StatefulProcessor

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
CADUCA = int(os.environ.get("CADUCA", "3600000"))  # En milisegundos.

spark = (
    SparkSession.builder.appName("caducidad")
    .config("spark.sql.shuffle.partitions", 1)
    # El estado propio solo funciona con RocksDB.
    .config(
        "spark.sql.streaming.stateStore.providerClass",
        "org.apache.spark.sql.execution.streaming.state"
        ".RocksDBStateStoreProvider",
    )
    # Un micro-batch por cada línea, y ninguno sin datos.
    .config("spark.sql.streaming.noDataMicroBatches.enabled", False)
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
# Una línea cortada no tiene mesa.
apuntes = lineas.select(
    get(split("value", " "), 1).alias("mesa")
).where("mesa IS NOT NULL")


# %% Pedidos
class Pedidos(StatefulProcessor):
    """Cuántas veces ha pedido una mesa, mientras no caduque."""

    def init(self, handle):
        """El tercer argumento es lo que dura lo guardado."""
        self.veces = handle.getValueState("veces", "n int", CADUCA)

    def handleInputRows(self, key, rows, timerValues):
        """Suma los pedidos nuevos a los que recuerda."""
        antes = self.veces.get()[0] if self.veces.exists() else 0
        veces = antes + len(list(rows))
        self.veces.update((veces,))
        yield Row(mesa=key[0], pedidos=veces)

    def close(self):
        """Aquí no hay nada que cerrar."""


# %% Consulta
pedidos = apuntes.groupBy("mesa").transformWithState(
    statefulProcessor=Pedidos(),
    outputStructType="mesa string, pedidos int",
    outputMode="update",
    timeMode="processingTime",
)
consulta = (
    pedidos.writeStream.format("console").outputMode("update").start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

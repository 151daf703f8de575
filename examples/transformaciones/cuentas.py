"""Lleva la cuenta de cada mesa, y la cierra tras media hora sin pedir.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/transformaciones/cuentas.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > 2026-03-02T13:00 terraza 3.5

Terminal 2:
    ...
    +-------+-----+-------+
    |   mesa|total| estado|
    +-------+-----+-------+
    |terraza|  3.5|abierta|
    +-------+-----+-------+
    ...

Terminal 1:
    > 2026-03-02T14:00 barra 2.0

Terminal 2:
    ...
    +-------+-----+-------+
    |   mesa|total| estado|
    +-------+-----+-------+
    |terraza|  3.5|cerrada|
    +-------+-----+-------+
"""

# %% Sesión
import os

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import split
from pyspark.sql.streaming import StatefulProcessor

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
MEDIA_HORA = 30 * 60 * 1000  # En milisegundos.

spark = (
    SparkSession.builder.appName("cuentas")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # El estado propio solo funciona con RocksDB.
    .config(
        "spark.sql.streaming.stateStore.providerClass",
        "org.apache.spark.sql.execution.streaming.state"
        ".RocksDBStateStoreProvider",
    )
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
partes = split("value", " ")
apuntes = lineas.select(
    partes[0].cast("timestamp").alias("hora"),
    partes[1].alias("mesa"),
    partes[2].cast("double").alias("euros"),
).withWatermark("hora", "1 minute")


# %% Cuenta
class Cuenta(StatefulProcessor):
    """El total de una mesa, hasta que lleva media hora sin pedir."""

    def init(self, handle):
        """Se llama al empezar: aquí se declara qué se recuerda."""
        self.handle = handle
        self.total = handle.getValueState("total", "euros double")

    def handleInputRows(self, key, rows, timerValues):
        """Se llama con las filas nuevas de una mesa."""
        total = self.total.get()[0] if self.total.exists() else 0.0
        ultima = 0
        for fila in rows:
            total += fila.euros
            ultima = max(ultima, fila.hora.timestamp() * 1000)
        self.total.update((total,))
        # Se cambia la alarma de la mesa por otra más tarde.
        for alarma in list(self.handle.listTimers()):
            self.handle.deleteTimer(alarma)
        self.handle.registerTimer(int(ultima) + MEDIA_HORA)
        yield Row(mesa=key[0], total=total, estado="abierta")

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        """Se llama cuando el watermark pasa de la hora de la alarma."""
        total = self.total.get()[0]
        self.total.clear()
        yield Row(mesa=key[0], total=total, estado="cerrada")

    def close(self):
        """Se llama al acabar: aquí no hay nada que cerrar."""


# %% Transformación
cuentas = apuntes.groupBy("mesa").transformWithState(
    statefulProcessor=Cuenta(),
    outputStructType="mesa string, total double, estado string",
    outputMode="update",
    timeMode="eventTime",
)

# %% Consulta
PUNTO = os.environ.get("PUNTO", "punto-de-control")

consulta = (
    cuentas.writeStream.format("console")
    .outputMode("update")
    .option("checkpointLocation", PUNTO)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Lleva la cuenta de cada mesa, y la cierra tras media hora sin pedir.

Parado y arrancado otra vez, se acuerda de las mesas.
Para empezar de cero en la misma carpeta: rm -r checkpoint entrada

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/transformaciones/cuentas.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02T13:00 terraza 3.5' > nuevo; mv nuevo entrada/1.txt

Terminal 2:
    ...
    +-------+-----+-------+
    |   mesa|total| estado|
    +-------+-----+-------+
    |terraza|  3.5|abierta|
    +-------+-----+-------+
    ...
    ^C

Terminal 1:
    $ echo '2026-03-02T14:00 barra 2.0' > nuevo; mv nuevo entrada/2.txt

Terminal 2:
    $ python examples/transformaciones/cuentas.py 2> registro.txt
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
from pyspark.sql.functions import get, split
from pyspark.sql.streaming import StatefulProcessor

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")
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
    spark.readStream.format("text")
    # Un fichero por micro-batch, aunque haya varios esperando.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)
partes = split("value", " ")
apuntes = (
    lineas.select(
        partes[0].try_cast("timestamp").alias("hora"),
        # En una línea cortada quedan nulos; con corchetes, fallaría.
        get(partes, 1).alias("mesa"),
        get(partes, 2).try_cast("double").alias("euros"),
    )
    .where("hora IS NOT NULL AND euros IS NOT NULL")
    .withWatermark("hora", "1 minute")
)


# %% Cuenta
class Cuenta(StatefulProcessor):
    """El total de una mesa, hasta que lleva media hora sin pedir."""

    def init(self, handle):
        """Se llama al empezar: aquí se declara qué se recuerda."""
        self.handle = handle
        # De cada mesa, lo que lleva y cuándo pidió por última vez.
        self.cuenta = handle.getValueState(
            "cuenta", "euros double, ultima long"
        )

    def handleInputRows(self, key, rows, timerValues):
        """Se llama con las filas nuevas de una mesa."""
        total, ultima = (
            self.cuenta.get() if self.cuenta.exists() else (0.0, 0)
        )
        for fila in rows:
            total += fila.euros
            # Una fila con retraso no adelanta la última hora.
            ultima = max(ultima, int(fila.hora.timestamp() * 1000))
        self.cuenta.update((total, ultima))
        # La alarma de la mesa, media hora después de esa hora.
        for alarma in list(self.handle.listTimers()):
            self.handle.deleteTimer(alarma)
        self.handle.registerTimer(ultima + MEDIA_HORA)
        yield Row(mesa=key[0], total=total, estado="abierta")

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        """Se llama cuando el watermark pasa de la hora de la alarma."""
        total, _ = self.cuenta.get()
        self.cuenta.clear()
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
consulta = (
    cuentas.writeStream.format("console")
    .outputMode("update")
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

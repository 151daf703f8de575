"""Escribe lo que vale cada carrito de una librería cuando se abandona.

Funciona. Un carrito se abandona a los 20 minutos de su último libro.
Cámbialo: que se cierre a los 20 minutos del primero, y que se escriba
cuántos libros tiene, en la columna libros.
"""

# %% Sesión
import os

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import unix_millis
from pyspark.sql.streaming import StatefulProcessor

ENTRADA = os.environ.get("ENTRADA", "entrada")
PLAZO = 20 * 60 * 1000  # Veinte minutos, en milisegundos.

spark = (
    SparkSession.builder.appName("ejercicio-estado-carritos")
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
libros = (
    spark.readStream.format("csv")
    .schema("hora TIMESTAMP, cliente STRING, euros DOUBLE")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
    .withWatermark("hora", "1 minute")
    .withColumn("momento", unix_millis("hora"))
)


# %% Carrito
class Carrito(StatefulProcessor):
    """Un carrito, hasta veinte minutos después del último libro."""

    def init(self, handle):
        self.handle = handle
        self.carrito = handle.getValueState("carrito", "euros double")

    def handleInputRows(self, key, rows, timerValues):
        filas = list(rows)
        (euros,) = self.carrito.get() if self.carrito.exists() else (0,)
        for alarma in list(self.handle.listTimers()):
            self.handle.deleteTimer(alarma)
        ultimo = max(fila.momento for fila in filas)
        self.handle.registerTimer(ultimo + PLAZO)
        self.carrito.update((euros + sum(f.euros for f in filas),))
        # Todavía no se escribe nada.
        yield from ()

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        (euros,) = self.carrito.get()
        self.carrito.clear()
        yield Row(cliente=key[0], euros=euros)

    def close(self):
        pass


carritos = libros.groupBy("cliente").transformWithState(
    statefulProcessor=Carrito(),
    outputStructType="cliente string, euros double",
    outputMode="update",
    timeMode="eventTime",
)


# %% Consulta
consulta = (
    carritos.writeStream.format("console")
    .outputMode("update")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

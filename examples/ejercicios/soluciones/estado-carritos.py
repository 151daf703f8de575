"""Solución: escribe cuántos libros tiene cada carrito cuando se cierra."""

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
    """Un carrito, hasta veinte minutos después del primer libro."""

    def init(self, handle):
        self.handle = handle
        self.carrito = handle.getValueState("carrito", "libros int")

    def handleInputRows(self, key, rows, timerValues):
        filas = list(rows)
        (cuantos,) = (
            self.carrito.get() if self.carrito.exists() else (0,)
        )
        if not self.carrito.exists():
            primero = min(fila.momento for fila in filas)
            self.handle.registerTimer(primero + PLAZO)
        self.carrito.update((cuantos + len(filas),))
        # Todavía no se escribe nada.
        yield from ()

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        (cuantos,) = self.carrito.get()
        self.carrito.clear()
        yield Row(cliente=key[0], libros=cuantos)

    def close(self):
        pass


carritos = libros.groupBy("cliente").transformWithState(
    statefulProcessor=Carrito(),
    outputStructType="cliente string, libros int",
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

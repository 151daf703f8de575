"""Solución: dice cuándo se abre o se cierra cada puerta de un almacén."""

# %% Sesión
import os

from pyspark.sql import Row, SparkSession
from pyspark.sql.streaming import StatefulProcessor

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-estado-puertas")
    .config("spark.sql.shuffle.partitions", 1)
    # El estado propio solo funciona con RocksDB.
    .config(
        "spark.sql.streaming.stateStore.providerClass",
        "org.apache.spark.sql.execution.streaming.state"
        ".RocksDBStateStoreProvider",
    )
    .getOrCreate()
)

# %% Fuente
lecturas = (
    spark.readStream.format("csv")
    .schema("hora STRING, puerta STRING, estado STRING")
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)


# %% Puerta
class Puerta(StatefulProcessor):
    """El último estado de una puerta."""

    def init(self, handle):
        self.ultimo = handle.getValueState("ultimo", "estado string")

    def handleInputRows(self, key, rows, timerValues):
        (antes,) = (
            self.ultimo.get() if self.ultimo.exists() else (None,)
        )
        for fila in sorted(rows, key=lambda fila: fila.hora):
            if antes is not None and antes != fila.estado:
                yield Row(
                    hora=fila.hora,
                    puerta=key[0],
                    antes=antes,
                    ahora=fila.estado,
                )
            antes = fila.estado
        self.ultimo.update((antes,))

    def close(self):
        pass


cambios = lecturas.groupBy("puerta").transformWithState(
    statefulProcessor=Puerta(),
    outputStructType="hora string, puerta string, antes string, ahora string",
    outputMode="update",
    timeMode="none",
)

# %% Consulta
consulta = (
    cambios.writeStream.format("console")
    .outputMode("update")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Lo que comparten todas las pruebas: pytest lo lee solo."""

# %% Sesión
import os
import socket
import time

# La misma hora en todas partes: en Python y en la JVM.
os.environ["TZ"] = "UTC"
time.tzset()

import pytest
from logica import ESQUEMA
from pyspark.sql import SparkSession

ROCKSDB = (
    "org.apache.spark.sql.execution.streaming.state"
    ".RocksDBStateStoreProvider"
)
KAFKA = os.environ.get("KAFKA", "localhost:9092")
CONECTOR = "org.apache.spark:spark-sql-kafka-0-10_2.13:4.2.0"


def hay_broker():
    host, puerto = KAFKA.split(":")
    try:
        socket.create_connection((host, int(puerto)), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def spark():
    """Una para todas: arrancarla cuesta más que casi cualquier prueba."""
    constructor = SparkSession.builder.appName("pruebas")
    if hay_broker():
        constructor.config("spark.jars.packages", CONECTOR)
    spark = (
        constructor.config("spark.ui.enabled", False)
        .config("spark.sql.shuffle.partitions", 1)
        .config("spark.sql.streaming.stateStore.providerClass", ROCKSDB)
        .getOrCreate()
    )
    yield spark
    spark.stop()


# %% Consultas
@pytest.fixture(autouse=True)
def sin_consultas():
    """Ninguna prueba deja una consulta viva, ni una muerte que recordar."""
    yield
    spark = SparkSession.getActiveSession()
    if spark:
        for consulta in spark.streams.active:
            consulta.stop()
        spark.streams.resetTerminated()


# %% Entregas
@pytest.fixture
def entregar(spark, tmp_path):
    """Deja un fichero y ejecuta la consulta hasta que no queda nada.

    Devuelve lo que ha escrito cada micro-batch, también los vacíos.
    """
    entrada = tmp_path / "entrada"
    entrada.mkdir()

    def entregar(transformar, *lineas):
        escritas = []
        # Se escribe fuera y se mueve: nadie lo ve a medias.
        aparte = tmp_path / "aparte.csv"
        aparte.write_text("".join(f"{linea}\n" for linea in lineas))
        aparte.rename(entrada / f"{len(list(entrada.iterdir()))}.csv")
        lecturas = spark.readStream.schema(ESQUEMA).csv(str(entrada))
        consulta = (
            transformar(lecturas)
            .writeStream.foreachBatch(
                lambda tabla, numero: escritas.append(tabla.collect())
            )
            .option("checkpointLocation", str(tmp_path / "checkpoint"))
            .trigger(availableNow=True)
            .start()
        )
        assert consulta.awaitTermination(120), "no acaba en 120 s"
        return escritas

    return entregar

"""Solución: una prueba de limpiar que nota lo que está mal."""

# %% Sesión
import sys

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.functions import trim, upper
from pyspark.testing import assertDataFrameEqual

ESQUEMA = "parada STRING, viajeros INT"


@pytest.fixture(scope="module")
def spark():
    spark = SparkSession.builder.appName(
        "ejercicio-probar"
    ).getOrCreate()
    yield spark
    spark.stop()


# %% Lo que se prueba
def limpiar(subidas):
    """Las que tienen al menos un viajero, con la parada limpia."""
    return subidas.where("viajeros >= 1").withColumn(
        "parada", upper(trim("parada"))
    )


# %% Prueba
def test_limpiar(spark):
    filas = [(" sol ", 1), ("mar", 0), ("rio", -1), ("luz", None)]
    subidas = spark.createDataFrame(filas, ESQUEMA)
    esperadas = spark.createDataFrame([("SOL", 1)], ESQUEMA)
    assertDataFrameEqual(limpiar(subidas), esperadas)


# %% Ejecutar
if __name__ == "__main__":
    sys.exit(pytest.main(["-q", __file__]))

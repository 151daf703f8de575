"""Prueba la función limpiar: la prueba pasa si está bien, y falla si está mal."""

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
    # Completa: filas de las que se quedan y de las que no, también por poco.
    filas = ...
    subidas = spark.createDataFrame(filas, ESQUEMA)
    # Completa: una tabla con lo que debe salir, y compárala con lo que sale.
    ...


# %% Ejecutar
if __name__ == "__main__":
    sys.exit(pytest.main(["-q", __file__]))

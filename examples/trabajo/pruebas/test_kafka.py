"""Con un broker de verdad, si hay uno."""

# %% Si hay broker
from uuid import uuid4

import pytest
from conftest import KAFKA, hay_broker
from logica import ESQUEMA, limpiar
from pyspark.sql.functions import from_csv

pytestmark = pytest.mark.skipif(
    not hay_broker(), reason=f"no responde ningún broker en {KAFKA}"
)


# %% Ida y vuelta
def test_limpia_lo_que_llega_por_kafka(spark, tmp_path):
    # Un topic nuevo cada vez: nada de otra prueba.
    topic = f"prueba-{uuid4()}"
    mensajes = [
        ("2026-03-02T12:00:00Z, sol,1",),
        ("no es una lectura",),
    ]
    (
        spark.createDataFrame(mensajes, "value STRING")
        .write.format("kafka")
        .option("kafka.bootstrap.servers", KAFKA)
        .option("topic", topic)
        .save()
    )
    lecturas = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", KAFKA)
        .option("subscribe", topic)
        .option("startingOffsets", "earliest")
        .load()
        .selectExpr("CAST(value AS STRING)")
        .select(from_csv("value", ESQUEMA).alias("lectura"))
        .select("lectura.*")
    )
    llegan = []
    consulta = (
        limpiar(lecturas)
        .writeStream.foreachBatch(
            lambda tabla, numero: llegan.extend(tabla.collect())
        )
        .option("checkpointLocation", str(tmp_path))
        .trigger(availableNow=True)
        .start()
    )
    assert consulta.awaitTermination(120), "no acaba en 120 s"
    assert [fila.estacion for fila in llegan] == ["Sol"]

"""El procesador con estado: casi todo sin Spark, y una vez de verdad."""

# %% Sin Spark
from datetime import UTC, datetime

import pytest
from logica import MEDIA_HORA, Silencio, calladas
from pyspark.sql import Row
from pyspark.sql.streaming import TwsTester

LAS_DOCE = datetime(2026, 3, 2, 12, tzinfo=UTC)


def en_ms(hora):
    return int(hora.timestamp() * 1000)


@pytest.fixture
def probador():
    return TwsTester(
        Silencio(),
        timeMode="EventTime",
        outputMode="Append",
        eventTimeExtractor=lambda fila: en_ms(fila.hora),
    )


def test_avisa_a_la_media_hora(probador):
    probador.test("Sol", [Row(hora=LAS_DOCE)])
    assert probador.setWatermark(en_ms(LAS_DOCE) + MEDIA_HORA - 1) == []
    assert probador.setWatermark(en_ms(LAS_DOCE) + MEDIA_HORA) == [
        Row(estacion="Sol")
    ]


def test_la_que_habla_no_esta_callada(probador):
    probador.test("Sol", [Row(hora=LAS_DOCE)])
    probador.test("Sol", [Row(hora=LAS_DOCE.replace(minute=20))])
    assert probador.setWatermark(en_ms(LAS_DOCE) + MEDIA_HORA) == []
    assert probador.peekValueState("ultima", "Sol") == (
        en_ms(LAS_DOCE.replace(minute=20)),
    )


# %% De verdad
def test_de_verdad(entregar):
    entregar(calladas, "2026-03-02T12:00:00Z,Sol,1")
    escritas = entregar(calladas, "2026-03-02T12:50:00Z,Atocha,1")
    assert [Row(estacion="Sol")] in escritas

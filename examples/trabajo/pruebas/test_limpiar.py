"""Una función que no sabe si los datos se acaban se prueba con una tabla."""

# %% Sin stream
from datetime import datetime

from logica import ESQUEMA, limpiar, por_ventana
from pyspark.sql import Row
from pyspark.testing import assertDataFrameEqual

LAS_DOCE = datetime(2026, 3, 2, 12)


def test_quita_lo_que_no_vale(spark):
    lecturas = spark.createDataFrame(
        [
            (LAS_DOCE, " sol ", 1),
            (LAS_DOCE, "sol", 0),
            (None, "atocha", 5),
        ],
        ESQUEMA,
    )
    assertDataFrameEqual(
        limpiar(lecturas),
        [Row(hora=LAS_DOCE, estacion="Sol", bicis=1)],
    )


# %% Con ventana
def test_suma_por_ventana(spark):
    a_las = LAS_DOCE.replace
    lecturas = spark.createDataFrame(
        [
            (a_las(minute=0), "Sol", 2),
            (a_las(minute=9), "Sol", 3),
            (a_las(minute=10), "Sol", 7),
        ],
        ESQUEMA,
    )
    assertDataFrameEqual(
        por_ventana(lecturas),
        [
            Row(desde=a_las(minute=0), estacion="Sol", bicis=5),
            Row(desde=a_las(minute=10), estacion="Sol", bicis=7),
        ],
    )

"""Lo que solo pasa en un stream: micro-batches, y filas que llegan tarde."""

# %% Por entregas
from datetime import datetime

from logica import por_ventana
from pyspark.sql import Row


def ventana(minuto, bicis):
    desde = datetime(2026, 3, 2, 12, minuto)
    return Row(desde=desde, estacion="Sol", bicis=bicis)


def test_una_ventana_sale_cuando_se_cierra(entregar):
    # La entrega que mueve el watermark son dos micro-batches: el
    # segundo no lee nada, y saca lo que se acaba de cerrar.
    assert entregar(por_ventana, "2026-03-02T12:01:00Z,Sol,3") == [
        [],
        [],
    ]
    assert entregar(por_ventana, "2026-03-02T12:20:00Z,Sol,1") == [
        [],
        [ventana(minuto=0, bicis=3)],
    ]


# %% Tarde
def test_cuenta_la_que_llega_algo_tarde(entregar):
    entregar(por_ventana, "2026-03-02T12:17:00Z,Sol,1")
    entregar(por_ventana, "2026-03-02T12:01:00Z,Sol,3")
    assert entregar(por_ventana, "2026-03-02T12:20:00Z,Sol,1") == [
        [],
        [ventana(minuto=0, bicis=3)],
    ]


def test_pierde_la_que_llega_muy_tarde(entregar):
    entregar(por_ventana, "2026-03-02T12:20:00Z,Sol,1")
    # No lo mueve: es un micro-batch solo.
    assert entregar(por_ventana, "2026-03-02T12:01:00Z,Sol,3") == [[]]
    assert entregar(por_ventana, "2026-03-02T12:40:00Z,Sol,1") == [
        [],
        [ventana(minuto=20, bicis=1)],
    ]

"""Suma ventas en una base que a veces va despacio, y publica sus números para Prometheus.

Mientras exista el fichero «lento», la base tarda seis segundos; mientras exista «colgada», no
contesta.

Terminal 1:
    $ python examples/trabajo/alertas.py 2> registro.txt
"""

# %% Sesión
import time
from pathlib import Path

from pyspark.sql import SparkSession

BASE = Path("ventas.txt")
SERVLET = "org.apache.spark.metrics.sink.PrometheusServlet"

spark = (
    SparkSession.builder.appName("alertas")
    # Sin web no hay números.
    .config("spark.ui.enabled", True)
    # Que la web los dé como los pide Prometheus.
    .config(
        "spark.metrics.conf.*.sink.prometheusServlet.class", SERVLET
    )
    .config(
        "spark.metrics.conf.*.sink.prometheusServlet.path",
        "/metrics/prometheus",
    )
    # Que estén los de las consultas, con un nombre que no cambie.
    .config("spark.sql.streaming.metricsEnabled", True)
    .config("spark.metrics.namespace", "curso")
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.format("rate").option("rowsPerSecond", 5).load()
)


# %% Guardar
def guardar(tabla, numero):
    """Lo que haría una base de datos con problemas."""
    filas = tabla.count()
    if Path("lento").exists():
        time.sleep(6)
    while Path("colgada").exists():
        time.sleep(0.1)
    with BASE.open("a", encoding="utf-8") as base:
        print(numero, filas, file=base)


# %% Consulta
consulta = (
    ventas.writeStream.foreachBatch(guardar)
    .queryName("ventas")
    .trigger(processingTime="1 second")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

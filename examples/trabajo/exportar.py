"""Publica para Prometheus lo que Spark no publica: filas tiradas, filas malas y señales de vida.

Hace falta un paquete: pip install prometheus-client

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/trabajo/exportar.py 2> registro.txt

Terminal 1:
    $ echo '2026-03-02 12:01,pan,3' > nuevo
    $ echo '2026-03-02 12:02,sal,dos' >> nuevo
    $ mv nuevo entrada/1.csv

Terminal 2:
    ...
    |12:00|  3.0|
    ...

Terminal 1:
    $ NUMEROS=http://127.0.0.1:9095/metrics
    $ until curl -s $NUMEROS | grep 'malas_total.* 1'; do sleep 0.1; done
    consulta_malas_total{consulta="horas"} 1.0
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    count,
    count_if,
    date_format,
    lit,
    window,
)
from pyspark.sql.functions import sum as suma

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("exportar")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Si no llega nada, que lo diga cada segundo, y no cada diez.
    .config("spark.sql.streaming.noDataProgressEventInterval", "1s")
    .getOrCreate()
)

# %% Números
from prometheus_client import Counter, Gauge, start_http_server

# Lo que solo crece. En Prometheus, su nombre acaba en «_total».
FILAS = Counter("consulta_filas", "Filas leídas", ["consulta"])
MALAS = Counter("consulta_malas", "Filas malas", ["consulta"])
TIRADAS = Counter("consulta_tiradas", "Llegan tarde", ["consulta"])
# Lo que sube y baja: aquí, una hora, en segundos desde 1970.
SENAL = Gauge("consulta_senal", "Última señal de vida", ["consulta"])

# %% Exportador
from pyspark.sql.streaming import StreamingQueryListener


class Exportador(StreamingQueryListener):
    """Lleva a Prometheus los números de cada consulta."""

    def __init__(self):
        # Quien no tiene datos dice su identificador, y no su nombre.
        # El de este arranque: el otro no cambia al arrancar otra vez.
        self.nombres = {}

    def onQueryStarted(self, event):
        self.nombres[event.runId] = event.name
        # Que empiecen en cero: el que nace con un 1 no ha crecido.
        for contador in FILAS, MALAS, TIRADAS:
            contador.labels(event.name)
        self.senal(event.name)

    def onQueryProgress(self, event):
        progreso = event.progress
        nombre = progreso.name
        FILAS.labels(nombre).inc(progreso.numInputRows)
        calidad = progreso.observedMetrics.get("calidad")
        if calidad:
            MALAS.labels(nombre).inc(calidad.malas)
        for operador in progreso.stateOperators:
            tiradas = operador.numRowsDroppedByWatermark
            TIRADAS.labels(nombre).inc(tiradas)
        self.senal(nombre)

    def onQueryIdle(self, event):
        self.senal(self.nombres[event.runId])

    def onQueryTerminated(self, event):
        # Que no quede una señal vieja de quien ya no está. Este aviso
        # llega cuando puede: quizá ya ha arrancado otra vez.
        nombre = self.nombres.pop(event.runId)
        if nombre not in self.nombres.values():
            SENAL.remove(nombre)

    def senal(self, nombre):
        SENAL.labels(nombre).set_to_current_time()


# %% Publicar
exportador = Exportador()
spark.streams.addListener(exportador)
# Si no se le dice dónde, escucha en todas las direcciones.
servidor, hilo = start_http_server(9095, addr="127.0.0.1")

# %% Ventas por horas
ventas_por_hora = (
    spark.readStream.format("csv")
    .schema("hora timestamp, producto string, importe double")
    # Un fichero por micro-batch, aunque haya varios esperando.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)
tabla = (
    ventas_por_hora.observe(
        "calidad",
        count(lit(1)).alias("filas"),
        count_if(ventas_por_hora.importe.isNull()).alias("malas"),
    )
    .withWatermark("hora", "10 minutes")
    .groupBy(window("hora", "10 minutes"))
    .agg(suma("importe").alias("total"))
    .select(
        date_format("window.start", "HH:mm").alias("desde"), "total"
    )
)

# %% Consulta
horas = (
    tabla.writeStream.format("console")
    .outputMode("update")
    .queryName("horas")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
horas.awaitTermination()

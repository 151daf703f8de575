"""Empareja cada pedido con su cobro, si se cobra antes de una hora.

Terminal 1:
    $ mkdir pedidos cobros

Terminal 2:
    $ python examples/transformaciones/join_streams.py 2> registro.txt

Terminal 1:
    $ echo '1,2026-03-02 13:00,terraza' > nuevo; mv nuevo pedidos/1.csv
    $ echo '1,2026-03-02 13:40,24.0' > nuevo; mv nuevo cobros/1.csv

Terminal 2:
    ...
    +------+-------+------+-----+-----+
    |ticket|   mesa|pedido|cobro|euros|
    +------+-------+------+-----+-----+
    |     1|terraza| 13:00|13:40| 24.0|
    +------+-------+------+-----+-----+
    ...
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, expr

CARPETA = os.environ.get("CARPETA", ".")
TIPO = os.environ.get("TIPO", "inner")

spark = (
    SparkSession.builder.appName("join-streams")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuentes
pedidos = (
    spark.readStream.format("csv")
    .schema("ticket int, hora_pedido timestamp, mesa string")
    .load(f"{CARPETA}/pedidos")
    .withWatermark("hora_pedido", "10 minutes")
)
cobros = (
    spark.readStream.format("csv")
    .schema("pagado int, hora_cobro timestamp, euros double")
    .load(f"{CARPETA}/cobros")
    .withWatermark("hora_cobro", "10 minutes")
)

# %% Join
parejas = pedidos.join(
    cobros,
    expr(
        "ticket = pagado"
        " AND hora_cobro >= hora_pedido"
        " AND hora_cobro <= hora_pedido + interval 1 hour"
    ),
    TIPO,
).select(
    "ticket",
    "mesa",
    date_format("hora_pedido", "HH:mm").alias("pedido"),
    date_format("hora_cobro", "HH:mm").alias("cobro"),
    "euros",
)

# %% Consulta
consulta = parejas.writeStream.format("console").start()

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

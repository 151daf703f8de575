"""Lee ventas escritas como en una hoja de cálculo en español: cabecera, comas y día/mes/año.

Terminal 1:
    $ mkdir ventas
    $ printf 'fecha;producto;importe\\n02/03/2026;pan;1.234,50\\n' > ventas/marzo.csv
    $ python examples/fuentes/datos_de_verdad.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +----------+--------+-------+
    |     fecha|producto|importe|
    +----------+--------+-------+
    |2026-03-02|     pan|1234.50|
    +----------+--------+-------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "ventas")

spark = (
    SparkSession.builder.appName("datos-de-verdad")
    # La zona de las horas, la misma en todas las máquinas.
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    .schema("fecha DATE, producto STRING, importe DECIMAL(10,2)")
    .option("sep", ";")
    .option("header", True)
    .option("locale", "es-ES")
    .option("dateFormat", "dd/MM/yyyy")
    .load(ENTRADA)
)

# %% Consulta
consulta = (
    ventas.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)

# %% Espera
consulta.awaitTermination()

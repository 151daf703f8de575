"""Un micro-batch que tarda más que su intervalo, y el que viene detrás.

Terminal 1:
    $ mkdir entrada
    $ for i in 0 1 2 3 4; do echo pedido > entrada/$i.txt; done
    $ python examples/triggers/lento.py 2> registro.txt
    batch 2: en punto
    batch 3: fuera de hora, ... ms después de acabar el 2
    batch 4: en punto
"""

# %% Sesión
import os
import time
from datetime import datetime

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
INTERVALO = 5
LENTO = 2
TARDA = 7

spark = SparkSession.builder.appName("lento").getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("text")
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)


# %% Atender
def atender(pedidos, batch):
    """Todos los micro-batches son rápidos menos uno."""
    pedidos.count()
    if batch == LENTO:
        time.sleep(TARDA)


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(atender)
    .trigger(processingTime=f"{INTERVALO} seconds")
    .start()
)
consulta.processAllAvailable()
consulta.stop()


# %% Comparar
def comparar(consulta):
    """Si cada micro-batch, desde el lento, empezó con el reloj."""
    fin = None
    for dato in consulta.recentProgress:
        batch = dato["batchId"]
        if "addBatch" not in dato["durationMs"] or batch < LENTO:
            continue
        inicio = datetime.fromisoformat(dato["timestamp"].rstrip("Z"))
        if inicio.second % INTERVALO == 0:
            print(f"batch {batch}: en punto")
        else:
            ms = round((inicio.timestamp() - fin) * 1000)
            print(
                f"batch {batch}: fuera de hora,"
                f" {ms} ms después de acabar el {batch - 1}"
            )
        tarda = dato["durationMs"]["triggerExecution"] / 1000
        fin = inicio.timestamp() + tarda


comparar(consulta)

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
from pathlib import Path

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


# %% Dibujar
def dibujar(consulta):
    """Un dibujo SVG: una barra por micro-batch, sobre el reloj."""
    datos = [
        dato
        for dato in consulta.recentProgress
        if "addBatch" in dato["durationMs"]
    ]
    inicios = [
        datetime.fromisoformat(
            dato["timestamp"].rstrip("Z")
        ).timestamp()
        for dato in datos
    ]
    cero = inicios[0] // INTERVALO * INTERVALO
    partes = []
    for raya in range(7):
        x = 20 + raya * INTERVALO * 18
        partes.append(f'<path d="M{x} 15V150" stroke="silver"/>')
        partes.append(
            f'<text x="{x}" y="12">{raya * INTERVALO} s</text>'
        )
    for fila, dato in enumerate(datos):
        x = 20 + (inicios[fila] - cero) * 18
        ancho = dato["durationMs"]["triggerExecution"] / 1000 * 18
        y = 25 + fila * 25
        partes.append(
            f'<rect x="{x:.1f}" y="{y}" width="{ancho:.1f}"'
            ' height="18" fill="steelblue"/>'
        )
        partes.append(
            f'<text x="{x + ancho + 4:.1f}" y="{y + 14}">'
            f"batch {dato['batchId']}</text>"
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 160"'
        ' width="640" font-family="sans-serif" font-size="12"'
        ' fill="gray">' + "".join(partes) + "</svg>"
    )


# %% Final
Path("lento.svg").write_text(dibujar(consulta))

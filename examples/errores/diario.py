r"""Apunta las líneas de una carpeta, y espera permiso antes de dar por hecho cada micro-batch.

Para empezar de cero en la misma carpeta: rm -r entrada diario

Terminal 1:
    $ mkdir -p entrada
    $ printf 'sol\nmar\n' > entrada/1.txt
    $ python examples/errores/diario.py 2> registro.txt
    Micro-batch 0: ['sol', 'mar']
    ¿Lo doy por hecho?
    > sí
    Acabo.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "diario")

spark = (
    SparkSession.builder.appName("diario")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Consulta
def apuntar(filas, numero):
    lineas = [fila.value for fila in filas.collect()]
    print(f"Micro-batch {numero}:", lineas)
    print("¿Lo doy por hecho?")
    input()


consulta = (
    spark.readStream.text(ENTRADA)
    .writeStream.foreachBatch(apuntar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()
print("Acabo.")
spark.stop()

"""Hace algo con cada fila: aquí, apuntarla en un fichero.

Para empezar de cero en la misma carpeta: rm -r apuntes.txt entrada

Terminal 1:
    $ mkdir entrada
    $ printf 'sol\\nmar\\n' > entrada/uno.txt
    $ python examples/sinks/foreach.py 2> registro.txt
    $ cat apuntes.txt
    abro la partición 0 del micro-batch 0
    llega sol
    llega mar
    cierro
"""

# %% Sesión
import os
from pathlib import Path

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
# La ruta absoluta: escribe otro proceso, que puede tener otra carpeta.
APUNTES = Path(os.environ.get("APUNTES", "apuntes.txt")).resolve()

spark = (
    SparkSession.builder.appName("foreach")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Apuntar
class Apuntar:
    """Lo que se hace con las filas de una partición, de principio a fin."""

    def open(self, particion, micro_batch):
        self.fichero = APUNTES.open("a", encoding="utf-8")
        print(
            f"abro la partición {particion} del micro-batch {micro_batch}",
            file=self.fichero,
        )
        return True

    def process(self, fila):
        print("llega", fila.value, file=self.fichero)

    def close(self, error):
        print("cierro", file=self.fichero)
        self.fichero.close()


# %% Consulta
consulta = (
    spark.readStream.text(ENTRADA)
    .writeStream.foreach(Apuntar())
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

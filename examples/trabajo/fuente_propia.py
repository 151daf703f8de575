"""Una fuente escrita en Python, que lee de un servicio web.

Para empezar de cero en la misma carpeta: rm -r checkpoint-lecturas llamadas.txt

Terminal 1:
    $ echo 'Sol 21.5' > lecturas.txt
    $ python examples/trabajo/servicio.py > pedidas.txt

Terminal 2:
    $ python examples/trabajo/fuente_propia.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+------+
    |sitio|grados|
    +-----+------+
    |  Sol|  21.5|
    +-----+------+
    $ cat pedidas.txt
    /lecturas?desde=0
"""

# %% Sesión
import json
import os
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from pyspark.sql import SparkSession
from pyspark.sql.datasource import (
    DataSource,
    SimpleDataSourceStreamReader,
)

SERVICIO = os.environ.get("SERVICIO", "http://127.0.0.1:8000/lecturas")
LLAMADAS = Path(os.environ.get("LLAMADAS", "llamadas.txt")).resolve()

spark = (
    SparkSession.builder.appName("fuente-propia")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Pedir
def pedir(servicio, **limites):
    direccion = f"{servicio}?{urlencode(limites)}"
    with urlopen(direccion, timeout=5) as respuesta:
        return [tuple(fila) for fila in json.load(respuesta)]


def apuntar(*llamada):
    with LLAMADAS.open("a", encoding="utf-8") as fichero:
        print(*llamada, file=fichero)


# %% Lector
# Lo que responde quien pide que vuelvas más tarde.
MAS_TARDE = (429, 502, 503, 504)


class Lector(SimpleDataSourceStreamReader):
    """Por dónde va: {"leidas": 3} es «ya he leído tres»."""

    def __init__(self, servicio):
        self.servicio = servicio

    def initialOffset(self):
        apuntar("initialOffset")
        return {"leidas": 0}

    def read(self, start):
        apuntar("read", start)
        try:
            filas = pedir(self.servicio, desde=start["leidas"])
        except OSError as error:
            # Si responde otra cosa, esperar no lo arregla.
            no = isinstance(error, HTTPError)
            if no and error.code not in MAS_TARDE:
                raise
            # Nada nuevo, por ahora: ya se le preguntará.
            return iter([]), start
        return iter(filas), {"leidas": start["leidas"] + len(filas)}

    def readBetweenOffsets(self, start, end):
        apuntar("readBetweenOffsets", start, end)
        if start == end:
            # Así empieza una consulta nueva si aún no hay nada.
            return iter([])
        limites = {"desde": start["leidas"], "hasta": end["leidas"]}
        filas = pedir(self.servicio, **limites)
        if len(filas) != limites["hasta"] - limites["desde"]:
            raise RuntimeError(f"El servicio ya no da {limites}")
        return iter(filas)

    def commit(self, end):
        apuntar("commit", end)


# %% Fuente
class Lecturas(DataSource):
    @classmethod
    def name(cls):
        return "lecturas"

    def schema(self):
        return "sitio STRING, grados DOUBLE"

    def simpleStreamReader(self, schema):
        return Lector(self.options["servicio"])


spark.dataSource.register(Lecturas)

# %% Leer
lecturas = (
    spark.readStream.format("lecturas")
    .option("servicio", SERVICIO)
    .load()
)

# %% Consulta
consulta = (
    lecturas.writeStream.format("console")
    .option("checkpointLocation", "checkpoint-lecturas")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

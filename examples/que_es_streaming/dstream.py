"""Cuenta las palabras de los ficheros con DStreams, la biblioteca anterior.

No lo uses en un programa nuevo: está aquí para que sepas leerlo.

Terminal 1:
    $ mkdir entrada
    $ echo 'el mar y el sol' > entrada/1.txt
    $ echo 'el sol y la arena' > entrada/2.txt
    $ python examples/que_es_streaming/dstream.py 2> registro.txt
    Batch 0
    ('el', 2)
    ('mar', 1)
    ('sol', 1)
    ('y', 1)
    Batch 1
    ('el', 3)
    ('sol', 2)
    ('y', 2)
    ('arena', 1)
    ('la', 1)
    ('mar', 1)
    $ grep -o 'FutureWarning: DStream is deprecated' registro.txt
    FutureWarning: DStream is deprecated
"""

# %% Contexto
import os
from pathlib import Path
from tempfile import mkdtemp

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

CARPETA = Path(os.environ.get("CARPETA", "entrada"))
SEGUNDOS = 1

sc = SparkContext(appName="dstream")
ssc = StreamingContext(sc, SEGUNDOS)
# La cuenta que pasa de un batch al siguiente se guarda aquí.
ssc.checkpoint(mkdtemp())

# %% Fuente
ficheros = sorted(CARPETA.glob("*.txt"))
# Un RDD por fichero, y un RDD en cada intervalo.
lineas = ssc.queueStream([sc.textFile(str(f), 1) for f in ficheros])


# %% Transformación
def sumar(nuevos, total):
    """La cuenta de una palabra, con lo que acaba de llegar.

    >>> sumar([1, 1], 3)
    5
    >>> sumar([1], None)
    1
    """
    return sum(nuevos) + (total or 0)


recuento = (
    lineas.flatMap(lambda linea: linea.split(" "))
    .map(lambda palabra: (palabra, 1))
    .reduceByKey(lambda uno, otro: uno + otro)
    .updateStateByKey(sumar)
)

# %% Salida
mostrados = []


def mostrar(rdd):
    """Imprime la cuenta, mientras queden ficheros por contar."""
    if len(mostrados) == len(ficheros):
        return
    filas = rdd.collect()
    print("Batch", len(mostrados))
    for fila in sorted(filas, key=lambda fila: (-fila[1], fila[0])):
        print(fila)
    mostrados.append(filas)


recuento.foreachRDD(mostrar)

# %% Programa
ssc.start()
while len(mostrados) < len(ficheros):
    ssc.awaitTerminationOrTimeout(SEGUNDOS)
ssc.stop()

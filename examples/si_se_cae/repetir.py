"""Repite un micro-batch a medias después de cambiar algo, y enseña las dos veces.

Terminal 1:
    $ python examples/si_se_cae/repetir.py 2> registro.txt
    nada
        primera vez: pan 1, pan 2, pan 3
        al repetir:  pan 1, pan 2, pan 3
    el filtro
        primera vez: pan 1, pan 2, pan 3
        al repetir:  pan 2, pan 3
    el fichero, reescrito
        primera vez: pan 1, pan 2, pan 3
        al repetir:  sal 9
    el fichero, borrado
        primera vez: pan 1, pan 2, pan 3
        al repetir:  (nada)
    azar, con cien filas
        ¿las mismas filas?: False
"""

# %% Sesión
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.appName("repetir")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Pasar
def pasar(carpeta, filtro="true", caer=False):
    """Procesa la carpeta, y devuelve las filas que han llegado al destino."""
    llegado = []

    def escribir(tabla, numero):
        llegado.extend(" ".join(fila) for fila in tabla.collect())
        if caer:
            raise RuntimeError("me caigo antes de acabar")

    consulta = (
        spark.readStream.schema("producto STRING, unidades STRING")
        .csv(f"{carpeta}/entrada")
        .where(filtro)
        .writeStream.foreachBatch(escribir)
        .option("checkpointLocation", f"{carpeta}/checkpoint")
        .trigger(availableNow=True)
        .start()
    )
    try:
        consulta.awaitTermination()
    except StreamingQueryException:
        assert caer
    return llegado


def preparar(lineas):
    """Una carpeta nueva, con un fichero; y la ruta del fichero."""
    carpeta = Path(mkdtemp())
    (carpeta / "entrada").mkdir()
    fichero = carpeta / "entrada/1.csv"
    fichero.write_text(lineas)
    return carpeta, fichero


# %% Repetir
PAN = "pan,1\npan,2\npan,3\n"


def nada(fichero):
    """No toca el fichero."""


def dos_veces(cambiar=nada, antes="true", despues="true", lineas=PAN):
    """Lo que llega al caerse, y lo que llega al repetir tras el cambio."""
    carpeta, fichero = preparar(lineas)
    primera = pasar(carpeta, antes, caer=True)
    cambiar(fichero)
    return primera, pasar(carpeta, despues)


def ensenar(titulo, primera, segunda):
    """Las dos veces, una debajo de otra."""
    print(titulo)
    print("    primera vez:", ", ".join(primera) or "(nada)")
    print("    al repetir: ", ", ".join(segunda) or "(nada)")


# %% Nada
ensenar("nada", *dos_veces())

# %% Filtro
ensenar("el filtro", *dos_veces(despues="unidades > 1"))


# %% Reescribir
def reescribir(fichero):
    """El mismo nombre, con otra venta."""
    fichero.write_text("sal,9\n")


ensenar("el fichero, reescrito", *dos_veces(reescribir))


# %% Borrar
def borrar(fichero):
    """El fichero ya no está."""
    fichero.unlink()


ensenar("el fichero, borrado", *dos_veces(borrar))

# %% Azar
cien = "".join(f"pan,{numero}\n" for numero in range(100))
mitad = "rand() < 0.5"
primera, segunda = dos_veces(antes=mitad, despues=mitad, lineas=cien)
print("azar, con cien filas")
print("    ¿las mismas filas?:", primera == segunda)

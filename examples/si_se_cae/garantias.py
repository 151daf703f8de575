"""Interrumpe la misma consulta en cuatro destinos, y cuenta qué queda en cada uno.

Terminal 1:
    $ python examples/si_se_cae/garantias.py 2> registro.txt
    Había que escribir 3 filas. Al acabar hay:
    destino                            falla a medias   falta el apunte
    parquet                                   3                3
    foreach, añade líneas                     5                6
    foreachBatch, añade ficheros              3                6
    foreachBatch, por su número               3                3
"""

# %% Sesión
import shutil
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.appName("garantias")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Destinos
def en_parquet(filas, salida):
    """parquet"""
    return filas.writeStream.format("parquet").option("path", salida)


def en_foreach(filas, salida):
    """foreach, añade líneas"""

    def apuntar(fila):
        carpeta = Path(salida)
        carpeta.mkdir(exist_ok=True)
        with (carpeta / "filas.txt").open("a") as fichero:
            print(fila.n, file=fichero)

    return filas.writeStream.foreach(apuntar)


def en_foreach_batch(filas, salida):
    """foreachBatch, añade ficheros"""
    return filas.writeStream.foreachBatch(
        lambda tabla, numero: tabla.write.mode("append").json(salida)
    )


def en_su_carpeta(filas, salida):
    """foreachBatch, por su número"""
    return filas.writeStream.foreachBatch(
        lambda tabla, numero: tabla.write.mode("overwrite").json(
            f"{salida}/numero={numero}"
        )
    )


DESTINOS = [en_parquet, en_foreach, en_foreach_batch, en_su_carpeta]


# %% Prueba
def ejecutar(destino, carpeta, modo="PERMISSIVE"):
    """Procesa lo que haya en la carpeta, y dice si ha acabado bien."""
    filas = (
        spark.readStream.schema("n INT")
        .option("mode", modo)
        .csv(f"{carpeta}/entrada")
    )
    consulta = (
        destino(filas, f"{carpeta}/salida")
        .option("checkpointLocation", f"{carpeta}/checkpoint")
        .trigger(availableNow=True)
        .start()
    )
    try:
        consulta.awaitTermination()
    except StreamingQueryException:
        return False
    return True


def preparar():
    """Una carpeta nueva, con un fichero de tres filas."""
    carpeta = Path(mkdtemp())
    (carpeta / "entrada").mkdir()
    (carpeta / "entrada/1.csv").write_text("10\n20\ntreinta\n")
    return carpeta


def contar(carpeta):
    """Las filas que hay en el destino, leídas con Spark."""
    salida = carpeta / "salida"
    if (salida / "_spark_metadata").exists():
        return spark.read.parquet(str(salida)).count()
    return spark.read.text(str(salida)).count()


# %% A medias
def a_medias(destino):
    """La tercera fila falla; se corrige el programa, y se repite."""
    carpeta = preparar()
    assert not ejecutar(destino, carpeta, "FAILFAST")
    assert ejecutar(destino, carpeta)
    return contar(carpeta)


# %% Sin apunte
def sin_apunte(destino):
    """Todo está escrito, pero Spark no llegó a apuntarlo; se repite."""
    carpeta = preparar()
    assert ejecutar(destino, carpeta)
    shutil.rmtree(carpeta / "checkpoint/commits")
    assert ejecutar(destino, carpeta)
    return contar(carpeta)


# %% Tabla
def comparar():
    """Una línea por destino, con las filas que tiene al acabar."""
    print("Había que escribir 3 filas. Al acabar hay:")
    print(f"{'destino':33}  falla a medias   falta el apunte")
    for destino in DESTINOS:
        medias, apunte = a_medias(destino), sin_apunte(destino)
        print(f"{destino.__doc__:33}{medias:>10}{apunte:>17}")


comparar()

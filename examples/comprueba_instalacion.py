"""Comprueba que tienes lo que pide el curso, y dice qué hacer con lo que falta.

Terminal 1:
    $ python examples/comprueba_instalacion.py
    bien   Python ...
    bien   Java ...
    bien   PySpark ...
    bien   pandas, pyarrow y protobuf
    bien   nc: OpenBSD netcat ...
    bien   ncat
    bien   los puertos del curso están libres
    bien   los ejemplos están en esta carpeta
    Cuento unas palabras con Spark. Tarda un poco…
    bien   Spark ha contado: mar 1, sol 2
    Lo tienes todo.
    $ echo $?
    0
"""

# %% Lo que hace falta
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PYTHON = (3, 11)
JAVAS = (17, 21, 25)
SPARK = "4.2.0"
PUERTOS = (9999, 9990, 9000, 9001, 9003, 8000, 8001)
AYUDAS = {
    "pandas": "'pandas<3'",
    "pyarrow": "pyarrow",
    "protobuf": "protobuf",
}
CARPETA = Path.cwd()


class Falta(Exception):
    """Algo que falta, y qué hacer."""


# %% Python
def python():
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        raise Falta(
            f"Tu Python es {version}: instala el 3.11 o uno posterior "
            "y crea con él el entorno."
        )
    return f"Python {version}"


# %% Java
def java():
    carpeta = os.environ.get("JAVA_HOME")
    programa = Path(carpeta, "bin", "java") if carpeta else "java"
    try:
        dicho = subprocess.run(
            [programa, "-version"],
            capture_output=True,
            text=True,
            check=True,
        ).stderr
    except (OSError, subprocess.CalledProcessError):
        donde = f" en JAVA_HOME, {carpeta}" if carpeta else ""
        raise Falta(
            f"No encuentro Java{donde}: instala Java 17, o di en la "
            "variable JAVA_HOME en qué carpeta está."
        ) from None
    version = re.search(r'version "(?:1\.)?(\d+)', dicho)
    mayor = int(version[1]) if version else 0
    if mayor not in JAVAS:
        raise Falta(
            f"Tu Java es el {mayor}, y Spark {SPARK} pide el 17, el 21 o "
            "el 25: instala uno de ellos y ponlo en JAVA_HOME."
        )
    return f"Java {mayor}"


# %% Paquetes de Python
def paquete(nombre):
    """La versión instalada de un paquete, o None."""
    try:
        return importlib.metadata.version(nombre)
    except importlib.metadata.PackageNotFoundError:
        return None


def pyspark():
    version = paquete("pyspark")
    orden = f"pip install pyspark=={SPARK}"
    if version is None:
        raise Falta(
            "Este Python no tiene PySpark: activa el entorno del curso "
            f"o, si no lo has instalado, escribe {orden}."
        )
    if version != SPARK:
        raise Falta(f"Tu PySpark es {version}: escribe {orden}.")
    return f"PySpark {version}"


def ayudas():
    piden = [
        orden for nombre, orden in AYUDAS.items() if not vale(nombre)
    ]
    if piden:
        raise Falta(
            "Las funciones tuyas que llame Spark necesitan más paquetes: "
            f"escribe pip install {' '.join(piden)}."
        )
    return "pandas, pyarrow y protobuf"


def vale(nombre):
    """Si está, y no es el pandas 3, que PySpark aún no conoce."""
    version = paquete(nombre)
    return version and not (nombre == "pandas" and version >= "3")


# %% nc
def nc():
    dicho = presentacion("nc")
    if "OpenBSD" in dicho:
        return f"nc: {dicho}"
    if presentacion("ncat"):
        return "nc no es el de OpenBSD: donde veas nc, escribe ncat, sin -N"
    raise Falta(
        "No encuentro ni el nc de OpenBSD ni ncat: instala el paquete "
        "netcat-openbsd (en macOS, nmap)."
    )


def ncat():
    if not presentacion("ncat"):
        raise Falta(
            "No encuentro ncat: instala el paquete ncat (en macOS, nmap)."
        )
    return "ncat"


def presentacion(programa):
    """La primera línea con la que se presenta; vacía si no está."""
    if shutil.which(programa) is None:
        return ""
    dicho = subprocess.run(
        [programa, "-h"], capture_output=True, text=True
    )
    return (dicho.stdout + dicho.stderr).strip().split("\n")[0]


# %% Puertos
def puertos():
    ocupados = [puerto for puerto in PUERTOS if ocupado(puerto)]
    if ocupados:
        raise Falta(
            f"Otro programa escucha en el puerto {ocupados[0]}: cierra "
            "los terminales de antes, y repite."
        )
    return "los puertos del curso están libres"


def ocupado(puerto):
    with socket.socket() as llamada:
        llamada.settimeout(1)
        return llamada.connect_ex(("127.0.0.1", puerto)) == 0


# %% Ejemplos
def ejemplos():
    if not Path(CARPETA, "examples", "hola", "palabras.py").exists():
        raise Falta(
            f"En {CARPETA} no está la carpeta examples: descomprime "
            "ejemplos.zip, y ve con cd a la carpeta que la contiene."
        )
    return "los ejemplos están en esta carpeta"


# %% Spark
def spark():
    """Cuenta palabras de verdad, en un micro-batch."""
    print("Cuento unas palabras con Spark. Tarda un poco…", flush=True)
    with tempfile.TemporaryDirectory() as entrada:
        Path(entrada, "una.txt").write_text("sol mar\nsol\n", "utf-8")
        hecho = subprocess.run(
            [sys.executable, "-c", CUENTA, entrada],
            capture_output=True,
            text=True,
        )
    if hecho.returncode != 0:
        ultima = (hecho.stderr.strip() or "nada").split("\n")[-1]
        raise Falta(
            "Spark no ha podido contar: busca en la página «Cuando algo "
            f"no va» lo último que ha dicho, «{ultima}»."
        )
    return f"Spark ha contado: {hecho.stdout.strip()}"


CUENTA = """
import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

spark = (
    SparkSession.builder.config("spark.ui.enabled", False)
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", 2)
    .getOrCreate()
)
lineas = spark.readStream.text(sys.argv[1])
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
consulta = (
    palabras.groupBy("palabra")
    .count()
    .writeStream.format("memory")
    .queryName("recuento")
    .outputMode("complete")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()
filas = spark.table("recuento").orderBy("palabra").collect()
print(", ".join(f"{fila['palabra']} {fila['count']}" for fila in filas))
"""


# %% Comprobar
PRUEBAS = (python, java, pyspark, ayudas, nc, ncat, puertos, ejemplos)


def comprobar(pruebas):
    """Hace las pruebas, dice cómo ha ido cada una y cuenta lo que falta."""
    faltan = 0
    for prueba in pruebas:
        try:
            print(f"bien   {prueba()}", flush=True)
        except Falta as falta:
            faltan += 1
            print(f"FALTA  {falta}", flush=True)
    return faltan


if __name__ == "__main__":
    faltan = comprobar(PRUEBAS)
    # Sin Java o sin PySpark no hay nada que probar.
    faltan = faltan or comprobar([spark])
    if faltan:
        sys.exit(
            f"Por arreglar: {faltan}. Empieza por arriba y repite."
        )
    print("Lo tienes todo.")

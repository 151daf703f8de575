"""Cambia un programa entre dos arranques con el mismo checkpoint, y mira qué sale.

Terminal 1:
    $ python examples/trabajo/que_puedo_cambiar.py 2> registro.txt
    ...
    SUMAR
    ...
    sum por max
        MAL, SIN AVISAR
            primera vez: (pera, 10), (uva, 3)
            segunda vez: (kiwi, 6), (pera, 10), (uva, 3)
            debía:       (kiwi, 6), (pera, 5), (uva, 2)
    ...
"""

# %% Sesión
import json
import os
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (
    SparkSession.builder.appName("que-puedo-cambiar")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)


# %% Datos
@dataclass(frozen=True)
class Venta:
    """Una venta; su momento, en segundos desde las 12:00:00."""

    pedido: str
    fruta: str
    tienda: int
    kilos: int
    segundo: int


PRIMERAS = [
    Venta("p1", "pera", 1, 3, 1),
    Venta("p2", "uva", 2, 2, 4),
    Venta("p3", "pera", 1, 4, 12),
    Venta("p4", "pera", 2, 3, 14),
    Venta("p5", "uva", 1, 1, 25),
]
NUEVAS = [
    # Dos pedidos llegan otra vez: el tercero y el segundo.
    Venta("p3", "pera", 1, 4, 13),
    Venta("p6", "pera", 2, 5, 16),
    Venta("p2", "uva", 2, 2, 27),
    Venta("p7", "kiwi", 1, 6, 80),
]
ESQUEMA = (
    "pedido STRING, fruta STRING, tienda INT, "
    "kilos LONG, momento TIMESTAMP"
)


def a_las(segundo, hora=12):
    """La hora de un segundo, contado desde esa hora en punto."""
    minuto, segundo = divmod(hora * 3600 + segundo, 60)
    return f"{minuto // 60:02}:{minuto % 60:02}:{segundo:02}"


def escribir(ventas, carpeta, nombre):
    """Un fichero JSON con esas ventas."""
    carpeta.mkdir(parents=True, exist_ok=True)
    lineas = [
        json.dumps(
            {
                "pedido": v.pedido,
                "fruta": v.fruta,
                "tienda": v.tienda,
                "kilos": v.kilos,
                "momento": f"2026-03-02T{a_las(v.segundo)}Z",
            }
        )
        for v in ventas
    ]
    fichero = carpeta / nombre
    fichero.write_text("\n".join(lineas) + "\n")
    # Spark los lee por su fecha: en el orden de su número.
    fecha = 1_770_000_000 + int(fichero.stem)
    os.utime(fichero, (fecha, fecha))


# %% Lo mismo, sin Spark
def fruta(venta):
    """La fruta, como clave."""
    return venta.fruta


def tienda(venta):
    """La tienda, como clave."""
    return venta.tienda


def pedido(venta):
    """El pedido, como clave."""
    return venta.pedido


def grupos(ventas, clave):
    """Los kilos de cada grupo."""
    juntos = defaultdict(list)
    for venta in ventas:
        juntos[clave(venta)].append(venta.kilos)
    return juntos.items()


def primeras(ventas, clave):
    """La primera venta de cada clave."""
    vistas = {}
    for venta in ventas:
        vistas.setdefault(clave(venta), venta)
    return vistas.values()


def cerradas(
    ventas, ancho, cada=None, espera=10, desde=0, hora=12, por=None
):
    """Las ventanas que ya ha cerrado el watermark, con sus kilos.

    Con «espera=None», todas. Con «por», las de cada clave aparte.
    """
    watermark = max(venta.segundo for venta in ventas) - (espera or 0)
    paso = cada or ancho
    juntos = defaultdict(list)
    for venta in ventas:
        inicio = (venta.segundo - desde) // paso * paso + desde
        while inicio > venta.segundo - ancho:
            clave = por(venta) if por else None
            juntos[inicio, clave].append(venta.kilos)
            inicio -= paso
    return [
        (a_las(inicio, hora), kilos)
        for (inicio, _), kilos in juntos.items()
        if espera is None or inicio + ancho <= watermark
    ]


# %% Programa
@dataclass(frozen=True)
class Programa:
    """Un programa, y lo que debe dar, en Python corriente.

    Las dos cuentas son textos: así se enseñan tal como se ejecutan.
    """

    consulta: str  # con la tabla «ventas»
    python: str  # con la lista «filas»
    modo: str = "append"
    claves: int = 0  # las columnas por las que se sustituye una fila
    entrada: str = "entrada"
    opciones: tuple = ()
    disparo: tuple = ("availableNow", True)
    ajustes: tuple = ()
    nombre: str = ""
    destino: str = "lista"
    checkpoint: str = "checkpoint"


def nada(carpeta):
    """No se toca ningún fichero."""


@dataclass(frozen=True)
class Cambio:
    """Dos arranques con un checkpoint, y lo que pasa entre los dos."""

    antes: Programa
    ahora: Programa
    entre: Callable = nada
    llega: str = "entrada"  # la carpeta de las ventas nuevas
    desde_ahora: bool = False  # no promete nada de lo que ya estaba
    filtro: str = "True"  # de las nuevas, las que cuentan
    efecto: str = "True"  # lo que se vería si Spark hace caso


# %% Arrancar
PLAZO = 120  # segundos
AJUSTES = {
    "spark.sql.shuffle.partitions": 1,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.streaming.stateStore.providerClass": (
        "org.apache.spark.sql.execution.streaming.state."
        "HDFSBackedStateStoreProvider"
    ),
}


def leer(programa, carpeta, entrada):
    """El stream de las ventas de una carpeta."""
    lector = spark.readStream.schema(ESQUEMA)
    return lector.options(**dict(programa.opciones)).json(
        f"{carpeta}/{entrada}"
    )


def escritor(programa, carpeta):
    """La consulta, a falta de decir adónde escribe."""
    for nombre, valor in (AJUSTES | dict(programa.ajustes)).items():
        spark.conf.set(nombre, valor)
    ventas = leer(programa, carpeta, programa.entrada)
    otras = leer(programa, carpeta, "otras")
    tabla = eval(
        programa.consulta, {"F": F, "ventas": ventas, "otras": otras}
    )
    return (
        tabla.writeStream.outputMode(programa.modo)
        .queryName(programa.nombre or "ventas")
        .option(
            "checkpointLocation", f"{carpeta}/{programa.checkpoint}"
        )
        .trigger(**dict([programa.disparo]))
    )


def esperar(consulta, disparo):
    """Espera a que lo haya procesado todo; si falla, lanza el error."""
    if disparo != "availableNow":
        consulta.processAllAvailable()
        consulta.stop()
    elif not consulta.awaitTermination(PLAZO):
        consulta.stop()
        raise TimeoutError(f"no ha terminado en {PLAZO} s")
    return consulta


def guardadas(carpeta):
    """Las filas que hay en la salida de Parquet."""
    if not (carpeta / "salida").exists():
        return []
    try:
        tabla = spark.read.parquet(f"{carpeta}/salida")
        return [tuple(fila) for fila in tabla.collect()]
    except Py4JJavaError as error:
        causa = str(error.java_exception).partition(":")[0]
        return [("no se puede leer", causa)]


def arrancar(programa, carpeta):
    """Las filas que se escriben, y el último progreso."""
    filas = []
    if programa.destino == "lista":
        salida = escritor(programa, carpeta).foreachBatch(
            lambda tabla, numero: filas.extend(
                sorted(map(tuple, tabla.collect()), key=str)
            )
        )
    else:
        habia = Counter(guardadas(carpeta))
        salida = escritor(programa, carpeta).format("parquet")
        salida = salida.option("path", f"{carpeta}/salida")
    consulta = esperar(salida.start(), programa.disparo[0])
    if programa.destino == "parquet":
        nuevas = Counter(guardadas(carpeta)) - habia
        filas = sorted(nuevas.elements(), key=str)
    return filas, consulta.lastProgress


# %% Probar
@dataclass(frozen=True)
class Prueba:
    """Lo que ha pasado con un cambio, y lo que debía pasar."""

    primera: list
    segunda: list
    debia: list
    error: str = ""
    hace_caso: bool = True


HECHOS = {}


def primer_arranque(antes):
    """La carpeta que deja el programa de antes; se hace una vez."""
    if antes not in HECHOS:
        carpeta = Path(mkdtemp()) / "trabajo"
        escribir(PRIMERAS, carpeta / antes.entrada, "1.json")
        (carpeta / "otras").mkdir()
        filas, _ = arrancar(antes, carpeta)
        shutil.copytree(carpeta, carpeta.with_name("copia"))
        HECHOS[antes] = carpeta, filas
    carpeta, filas = HECHOS[antes]
    shutil.rmtree(carpeta)
    shutil.copytree(carpeta.with_name("copia"), carpeta)
    return carpeta, filas


def probar(cambio):
    """Arranca antes y después del cambio, y lo apunta todo."""
    carpeta, primera = primer_arranque(cambio.antes)
    cambio.entre(carpeta)
    escribir(NUEVAS[:2], carpeta / cambio.llega, "2.json")
    escribir(NUEVAS[2:], carpeta / cambio.llega, "3.json")
    prueba = Prueba(primera, [], sorted(debia(cambio), key=str))
    try:
        segunda, progreso = arrancar(cambio.ahora, carpeta)
    except (PySparkException, Py4JJavaError) as error:
        if spark.streams.active:
            raise
        return replace(prueba, error=motivo(error))
    estado = (progreso["stateOperators"] or [None])[0]
    return replace(
        prueba,
        segunda=segunda,
        hace_caso=eval(cambio.efecto, {"estado": estado}),
    )


def motivo(error):
    """La última condición que nombra el error; si no, su causa."""
    texto = str(error).rpartition("terminated with exception: ")[2]
    condiciones = re.findall(r"\[([A-Z][A-Z_.]+)\]", texto)
    if condiciones:
        return condiciones[-1]
    frase = re.split(r";\n|\n|\. | SQLSTATE", texto)[0]
    return re.sub(r"(file:)?/\S+", "…", frase).rstrip(".")


# %% Lo que debía
def calcular(programa, filas):
    """Lo que dice Python de esas filas."""
    todo = globals() | {"filas": filas}
    return eval(programa.python, todo)


def debia(cambio):
    """Lo que debía escribir el programa nuevo con las ventas nuevas."""
    ahora = cambio.ahora
    nuevas = [v for v in NUEVAS if eval(cambio.filtro, {"v": v})]
    todo = calcular(ahora, PRIMERAS + nuevas)
    if ahora.modo == "complete":
        return todo
    if ahora.claves:
        tocadas = {
            fila[: ahora.claves] for fila in calcular(ahora, nuevas)
        }
        return [
            fila for fila in todo if fila[: ahora.claves] in tocadas
        ]
    ya = calcular(
        cambio.antes if cambio.desde_ahora else ahora, PRIMERAS
    )
    return list((Counter(todo) - Counter(ya)).elements())


# %% Juzgar
BIEN = "sigue bien"
DESDE_AHORA = "sigue, desde ahora"
IGNORADO = "sigue, y no le hace caso"
MAL = "MAL, SIN AVISAR"
SE_NIEGA = "se niega"


def destino(cambio, primera, segunda):
    """Lo que queda en el destino, tras los dos arranques."""
    ahora = cambio.ahora
    if ahora.modo == "complete":
        return sorted(segunda, key=str)
    filas = [*primera, *segunda]
    if ahora.claves:
        # Cada fila sustituye a la anterior de su clave.
        filas = {fila[: ahora.claves]: fila for fila in filas}.values()
    return sorted(filas, key=str)


def juzgar(cambio, prueba):
    """El veredicto: se compara lo que queda con lo que debía quedar."""
    if prueba.error:
        return SE_NIEGA
    queda = destino(cambio, prueba.primera, prueba.segunda)
    if queda != destino(cambio, prueba.primera, prueba.debia):
        return MAL
    if not prueba.hace_caso:
        return IGNORADO
    return DESDE_AHORA if cambio.desde_ahora else BIEN


# %% Los cuatro programas
PROGRAMAS = {
    "elegir": Programa(
        'ventas.select("fruta", "kilos")',
        "[(v.fruta, v.kilos) for v in filas]",
    ),
    "sumar": Programa(
        'ventas.groupBy("fruta").agg(F.sum("kilos").alias("total"))',
        "[(f, sum(k)) for f, k in grupos(filas, fruta)]",
        modo="update",
        claves=1,
    ),
    "ventanas": Programa(
        'ventas.withWatermark("momento", "10 seconds")'
        '.groupBy(F.window("momento", "10 seconds"))'
        '.agg(F.sum("kilos").alias("total"))'
        '.select(F.date_format("window.start", "HH:mm:ss"), "total")',
        "[(w, sum(k)) for w, k in cerradas(filas, 10)]",
    ),
    "repetidos": Programa(
        'ventas.dropDuplicates(["pedido"]).select("pedido", "kilos")',
        "[(v.pedido, v.kilos) for v in primeras(filas, pedido)]",
    ),
}


# %% Cómo se apunta un cambio
def con(base, *trozos, detras="", **mas):
    """El mismo programa, con unos trozos en lugar de otros."""
    consulta, python = base.consulta, base.python
    for viejo, nuevo in trozos:
        assert viejo in consulta + python, viejo
        consulta = consulta.replace(viejo, nuevo)
        python = python.replace(viejo, nuevo)
    textos = {"consulta": consulta + detras, "python": python}
    return replace(base, **(textos | mas))


def en(tipos, *trozos, antes=(), detras="", base=(), mas=(), **cambio):
    """El mismo cambio en varios programas.

    «antes» y «base» dicen en qué se distingue el de antes del corriente.
    """
    hechos = {}
    for tipo in tipos.split():
        viejo = con(PROGRAMAS[tipo], *antes, **dict(base))
        nuevo = con(viejo, *trozos, detras=detras, **dict(mas))
        hechos[tipo] = Cambio(viejo, nuevo, **cambio)
    return hechos


TODOS = "elegir sumar ventanas repetidos"


# %% Filtros y columnas
CAMBIOS = {
    # Si esta fallara, estaría mal lo que dice Python.
    "ningún cambio": en(TODOS),
    "un filtro, antes de lo demás": en(
        TODOS,
        ("ventas", 'ventas.where("kilos > 4")'),
        desde_ahora=True,
        filtro="v.kilos > 4",
    ),
    "un filtro, sobre el resultado": en(
        "sumar",
        ("fruta)]", "fruta) if sum(k) > 5]"),
        detras='.where("total > 5")',
    )
    | en(
        "ventanas",
        ("10)]", "10) if sum(k) > 5]"),
        detras='.where("total > 5")',
    )
    | en(
        "repetidos",
        ("pedido)]", "pedido) if v.kilos > 5]"),
        detras='.where("kilos > 5")',
    ),
    "una columna más en el resultado": en(
        "elegir repetidos",
        ('"kilos")', '"kilos", "tienda")'),
        ("kilos)", "kilos, v.tienda)"),
    )
    | en(
        "sumar ventanas",
        ("sum(k))", "sum(k), sum(k) * 2)"),
        detras='.withColumn("doble", F.col("total") * 2)',
    ),
    "otra cuenta en una columna, sin agregar": en(
        "elegir repetidos",
        ('"kilos")', 'F.col("kilos") * 2)'),
        ("kilos)", "kilos * 2)"),
    ),
    "otro nombre para el resultado": en(
        "elegir repetidos",
        detras='.withColumnRenamed("kilos", "peso")',
    )
    | en(
        "sumar ventanas", detras='.withColumnRenamed("total", "peso")'
    ),
}

# %% La clave
CLAVE = {"sumar": 'groupBy("fruta")', "repetidos": '["pedido"]'}
CAMBIOS |= {
    "la clave, con otro nombre": en(
        "sumar",
        ('groupBy("fruta")', 'groupBy(F.col("fruta").alias("cosa"))'),
    )
    | en(
        "ventanas",
        ('"10 seconds")).', '"10 seconds").alias("tramo")).'),
        ("window.start", "tramo.start"),
    )
    | en(
        "repetidos",
        ("ventas", 'ventas.withColumnRenamed("pedido", "id")'),
        ('["pedido"]', '["id"]'),
        ('"pedido", "kilos"', '"id", "kilos"'),
    ),
    "una clave más": en(
        "sumar",
        ('groupBy("fruta")', 'groupBy("fruta", "tienda")'),
        ("(f, sum(k))", "(*f, sum(k))"),
        (", fruta)", ", lambda v: (v.fruta, v.tienda))"),
        mas={"claves": 2},
    )
    | en(
        "ventanas",
        ('"10 seconds"))', '"10 seconds"), "tienda")'),
        ("filas, 10", "filas, 10, por=lambda v: v.tienda"),
    )
    | en(
        "repetidos",
        ('["pedido"]', '["pedido", "tienda"]'),
        (", pedido)", ", lambda v: (v.pedido, v.tienda))"),
    ),
    "la clave, con otra expresión": en(
        "sumar",
        ('groupBy("fruta")', 'groupBy(F.upper("fruta"))'),
        ("fruta)]", "lambda v: v.fruta.upper())]"),
    )
    | en(
        "ventanas",
        (
            '"momento", "10 seconds"))',
            '"momento", "10 seconds", "10 seconds", "5 seconds"))',
        ),
        ("filas, 10", "filas, 10, desde=5"),
    )
    | en(
        "repetidos",
        ("ventas", 'ventas.withColumn("pedido", F.upper("pedido"))'),
        ("v.pedido", "v.pedido.upper()"),
    ),
    "otra clave, del mismo tipo": en(
        "sumar",
        ('groupBy("fruta")', 'groupBy("pedido")'),
        (", fruta)", ", pedido)"),
    )
    | en(
        "repetidos",
        ('["pedido"]', '["fruta"]'),
        (", pedido)", ", fruta)"),
    ),
    "las claves, en otro orden": en(
        "sumar",
        ('"fruta", "pedido")', '"pedido", "fruta")'),
        ("v.fruta, v.pedido", "v.pedido, v.fruta"),
        antes=[
            ('groupBy("fruta")', 'groupBy("fruta", "pedido")'),
            ("(f, sum(k))", "(*f, sum(k))"),
            (", fruta)", ", lambda v: (v.fruta, v.pedido))"),
        ],
        base={"claves": 2},
    )
    | en(
        "repetidos",
        ('["pedido", "fruta"]', '["fruta", "pedido"]'),
        antes=[
            ('["pedido"]', '["pedido", "fruta"]'),
            (", pedido)", ", lambda v: (v.pedido, v.fruta))"),
        ],
    ),
    "la clave, de INT a STRING": en(
        "sumar",
        (
            'groupBy("tienda")',
            'groupBy(F.col("tienda").cast("string"))',
        ),
        ("tienda)]", "lambda v: str(v.tienda))]"),
        antes=[
            ('groupBy("fruta")', 'groupBy("tienda")'),
            (", fruta", ", tienda"),
        ],
    )
    | en(
        "repetidos",
        (
            "ventas",
            'ventas.withColumn("tienda", F.col("tienda").cast("string"))',
        ),
        antes=[('["pedido"]', '["tienda"]'), (", pedido", ", tienda")],
    ),
}

# %% La cuenta
SUMAN = "sumar ventanas"
OTRA = ('.alias("total"))', '.alias("total"), F.count("*").alias("n"))')
ELEGIDA = (', "total")', ', "total", "n")')
CONTADA = ("sum(k))", "sum(k), len(k))")
CAMBIOS |= {
    "una cuenta más": en("sumar", OTRA, CONTADA)
    | en("ventanas", ELEGIDA, OTRA, CONTADA),
    "una cuenta menos": en(
        "sumar", OTRA[::-1], CONTADA[::-1], antes=[OTRA, CONTADA]
    )
    | en(
        "ventanas",
        *(OTRA[::-1], ELEGIDA[::-1], CONTADA[::-1]),
        antes=[ELEGIDA, OTRA, CONTADA],
    ),
    "sum por max": en(SUMAN, ("sum(", "max(")),
    "max por min": en(
        SUMAN, ("max(", "min("), antes=[("sum(", "max(")]
    ),
    "sum por count": en(
        SUMAN, ("F.sum(", "F.count("), ("sum(k)", "len(k)")
    ),
    "sum(kilos) por sum(kilos * 2)": en(
        SUMAN,
        ('F.sum("kilos")', 'F.sum(F.col("kilos") * 2)'),
        ("sum(k)", "sum(k) * 2"),
    ),
}

# %% Ventanas y watermark
SIN = ('.withWatermark("momento", "10 seconds")', "")
PON = ("ventas", 'ventas.withWatermark("momento", "10 seconds")')
CAMBIOS |= {
    "ventanas de 10 s por ventanas de 20 s": en(
        "ventanas",
        ('"momento", "10 seconds"))', '"momento", "20 seconds"))'),
        ("filas, 10", "filas, 20"),
    ),
    "ventanas fijas por deslizantes": en(
        "ventanas",
        (
            '"momento", "10 seconds"))',
            '"momento", "20 seconds", "10 seconds"))',
        ),
        ("filas, 10", "filas, 20, cada=10"),
    ),
    "watermark de 10 s por 60 s": en(
        "ventanas",
        (
            'withWatermark("momento", "10 s',
            'withWatermark("momento", "60 s',
        ),
        ("filas, 10", "filas, 10, espera=60"),
        desde_ahora=True,
    ),
    "watermark de 60 s por 10 s": en(
        "ventanas",
        (
            'withWatermark("momento", "60 s',
            'withWatermark("momento", "10 s',
        ),
        ("espera=60", "espera=10"),
        antes=[
            (
                'withWatermark("momento", "10 s',
                'withWatermark("momento", "60 s',
            ),
            ("filas, 10", "filas, 10, espera=60"),
        ],
        desde_ahora=True,
    ),
    "un watermark, donde no había": en("elegir sumar repetidos", PON),
    "sin el watermark que había": en("ventanas", SIN)
    | en("elegir sumar repetidos", SIN, antes=[PON]),
}

# %% Cómo arranca
ROCKSDB = (
    "org.apache.spark.sql.execution.streaming.state."
    "RocksDBStateStoreProvider"
)
CON_ESTADO = "sumar ventanas repetidos"
CAMBIOS |= {
    "modo: append por update": en(
        "elegir repetidos", mas={"modo": "update"}
    )
    | en(
        "ventanas",
        ("filas, 10", "filas, 10, espera=None"),
        mas={"modo": "update", "claves": 1},
    ),
    "modo: update por append": en(
        "sumar", mas={"modo": "append", "claves": 0}
    )
    | en(
        "elegir repetidos",
        base={"modo": "update"},
        mas={"modo": "append"},
    )
    | en(
        "ventanas",
        ("espera=None", "espera=10"),
        antes=[("filas, 10", "filas, 10, espera=None")],
        base={"modo": "update"},
        mas={"modo": "append"},
    ),
    "modo: update por complete": en("sumar", mas={"modo": "complete"}),
    "otro trigger": en(
        TODOS, mas={"disparo": ("processingTime", "1 second")}
    ),
    "otro maxFilesPerTrigger": en(
        TODOS, mas={"opciones": (("maxFilesPerTrigger", 1),)}
    ),
    "otro nombre de consulta": en(
        TODOS, mas={"nombre": "otras_ventas"}
    ),
    "shuffle.partitions de 1 a 3": en(
        CON_ESTADO,
        mas={"ajustes": (("spark.sql.shuffle.partitions", 3),)},
        efecto="estado['numShufflePartitions'] == 3",
    ),
    "el estado, en RocksDB": en(
        CON_ESTADO,
        mas={
            "ajustes": (
                (
                    "spark.sql.streaming.stateStore.providerClass",
                    ROCKSDB,
                ),
            )
        },
        efecto="any('rocksdb' in m for m in estado['customMetrics'])",
    ),
}

# %% La zona horaria
BOGOTA = (("spark.sql.session.timeZone", "America/Bogota"),)
A_LAS = 'F.date_format("momento", "HH:mm:ss")'
CON_HORA = 'ventas.withColumn("hora", F.hour("momento"))'
CAMBIOS["la zona horaria de la sesión"] = (
    en(
        "elegir",
        ("a_las(v.segundo)", "a_las(v.segundo, 7)"),
        antes=[('"fruta"', A_LAS), ("v.fruta", "a_las(v.segundo)")],
        mas={"ajustes": BOGOTA},
    )
    | en(
        "sumar",
        ("v: 12", "v: 7"),
        antes=[
            ('"fruta"', 'F.hour("momento")'),
            (", fruta", ", lambda v: 12"),
        ],
        mas={"ajustes": BOGOTA},
    )
    | en(
        "ventanas",
        ("filas, 10", "filas, 10, hora=7"),
        mas={"ajustes": BOGOTA},
    )
    | en(
        "repetidos",
        antes=[
            ("ventas", CON_HORA),
            ('["pedido"]', '["pedido", "hora"]'),
        ],
        mas={"ajustes": BOGOTA},
    )
)


# %% De dónde lee
def mover(carpeta):
    """La carpeta de entrada cambia de nombre: «movida»."""
    (carpeta / "entrada").rename(carpeta / "movida")


CAMBIOS |= {
    "otra carpeta de entrada": en(
        TODOS, mas={"entrada": "nueva"}, llega="nueva"
    ),
    "la carpeta de entrada, movida": en(
        TODOS, mas={"entrada": "movida"}, entre=mover, llega="movida"
    ),
    "movida, y leída con un comodín": en(
        TODOS, mas={"entrada": "mov*"}, entre=mover, llega="movida"
    ),
    "una fuente más, con union": en(
        TODOS, ("ventas", "ventas.union(otras)")
    ),
}


# %% Adónde escribe, y el checkpoint
def borrar_checkpoint(carpeta):
    """Se borra el checkpoint, y la salida se queda."""
    shutil.rmtree(carpeta / "checkpoint")


def copiar_checkpoint(carpeta):
    """El checkpoint se copia en otra carpeta, y se usa la copia."""
    shutil.copytree(carpeta / "checkpoint", carpeta / "copia")


FICHEROS = "elegir ventanas repetidos"
PARQUET = {"destino": "parquet"}
CAMBIOS |= {
    "foreachBatch por parquet": en(TODOS, mas=PARQUET),
    "parquet por foreachBatch": en(
        FICHEROS, base=PARQUET, mas={"destino": "lista"}
    ),
    "el checkpoint, copiado": en(
        TODOS, mas={"checkpoint": "copia"}, entre=copiar_checkpoint
    ),
    "el checkpoint, borrado; la lista se queda": en(
        TODOS, entre=borrar_checkpoint
    ),
    "el checkpoint, borrado; el parquet se queda": en(
        FICHEROS, base=PARQUET, entre=borrar_checkpoint
    ),
}

# %% Operadores
SIN_REPETIR = ("ventas", 'ventas.dropDuplicates(["pedido"])')
UNICAS = ("filas", "primeras(filas, pedido)")
CONTAR = '.groupBy("kilos").count()'
CONTADAS = {"modo": "update", "claves": 1}
CAMBIOS |= {
    "quitar repetidos, donde no se hacía": en(
        "elegir sumar", SIN_REPETIR, UNICAS
    )
    | en(
        "ventanas",
        SIN_REPETIR,
        ("(filas", "([*primeras(filas, pedido)]"),
    ),
    "contar, donde no se contaba": en(
        "elegir",
        detras=CONTAR,
        mas=CONTADAS
        | {"python": "[*Counter(v.kilos for v in filas).items()]"},
    )
    | en(
        "repetidos",
        detras=CONTAR,
        mas=CONTADAS
        | {
            "python": "[*Counter("
            "v.kilos for v in primeras(filas, pedido)).items()]"
        },
    ),
    "sin la operación que tenía": en(
        CON_ESTADO,
        mas={
            "consulta": PROGRAMAS["elegir"].consulta,
            "python": PROGRAMAS["elegir"].python,
            "modo": "append",
            "claves": 0,
        },
    ),
}


# %% Texto
def en_linea(filas):
    """Unas filas, en una línea."""
    return ", ".join(f"({', '.join(map(str, fila))})" for fila in filas)


def en_texto(prueba, veredicto):
    """Lo que ha pasado, en unas líneas."""
    if prueba.error:
        return [f"{veredicto}: {prueba.error}"]
    return [
        veredicto,
        f"    primera vez: {en_linea(prueba.primera)}",
        f"    segunda vez: {en_linea(prueba.segunda)}",
        f"    debía:       {en_linea(prueba.debia)}",
    ]


def diferencias(cambio):
    """En qué se distinguen los dos programas: campo, antes y ahora."""
    antes, ahora = asdict(cambio.antes), asdict(cambio.ahora)
    return [
        (campo, str(antes[campo]), str(ahora[campo]))
        for campo in antes
        if antes[campo] != ahora[campo]
    ]


# %% Todos
def probar_todos(tipo):
    """Las pruebas de un tipo de programa, con su veredicto."""
    for titulo, tipos in CAMBIOS.items():
        if tipo in tipos:
            prueba = probar(tipos[tipo])
            yield titulo, (prueba, juzgar(tipos[tipo], prueba))


# %% Imprimir
for tipo in PROGRAMAS:
    print(tipo.upper())
    for titulo, (prueba, veredicto) in probar_todos(tipo):
        print(
            titulo,
            *en_texto(prueba, veredicto),
            sep="\n    ",
            flush=True,
        )
spark.stop()

"""Prueba las mismas opciones en tres programas y dice qué hace cada uno.

Terminal 1:
    $ python examples/nc/variantes.py
                  nc                    nc.traditional        ncat
    -l 9999       sí                    nadie en ese puerto   sí
    -l -p 9999    sí                    sí                    sí
    -l -k         sí                    solo el primero       sí
    -l -u         sí                    sí                    sí
    -l -e cat     invalid option -- 'e' sí                    sí
    -l -c cat     invalid option -- 'c' sí                    sí
    -z 9999       sí                    sí                    sí
    -z 9998-9999  sí                    sí                    Invalid port number
    sin -N        no                    no                    sí
    -N            sí                    invalid option -- 'N' invalid option -- 'N'
"""

# %% Constantes
import os
import re
import select
import socket
import subprocess
import time

PROGRAMAS = os.environ.get(
    "PROGRAMAS", "nc nc.traditional ncat"
).split()
PLAZO = float(os.environ.get("PLAZO", "2"))
CASA = "127.0.0.1"


# %% Intentar
def intenta(orden, prueba, entrada=subprocess.PIPE):
    """Arranca la orden, la somete a la prueba y la termina.

    Da el resultado de la prueba; o, si el programa ha rechazado
    la orden, lo que ha dicho él.
    """
    proceso = subprocess.Popen(
        orden,
        stdin=entrada,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    try:
        resultado = prueba(proceso)
    finally:
        proceso.kill()
        _, errores = proceso.communicate()
    return queja(errores.decode()) or resultado


def queja(errores):
    """Las palabras con las que un programa rechaza una orden.

    >>> queja("nc: invalid option -- 'e'")
    "invalid option -- 'e'"
    >>> queja("Connection refused")
    ''
    """
    hallada = re.search("(?i)invalid (option -- .+|[a-z ]+)", errores)
    return hallada[0].strip() if hallada else ""


# %% Conectar
def puerto_libre():
    with socket.create_server((CASA, 0)) as servidor:
        return servidor.getsockname()[1]


def llama(proceso, puerto):
    """Llama hasta que alguien conteste, y si no, da None."""
    limite = time.monotonic() + PLAZO
    while proceso.poll() is None and time.monotonic() < limite:
        try:
            return socket.create_connection((CASA, puerto), PLAZO)
        except ConnectionRefusedError:
            time.sleep(0.02)
    return None


def llega(tubo):
    """Si por el tubo llega algo antes de que acabe el plazo."""
    listos, _, _ = select.select([tubo], [], [], PLAZO)
    return bool(listos and os.read(tubo.fileno(), 1000))


# %% Escuchar
def aqui(programa, puerto):
    """Lo que hay que añadir a -l para escuchar en este puerto."""
    if programa == "nc.traditional":
        return ["-s", CASA, "-p", str(puerto)]
    return [CASA, str(puerto)]


def recibe(orden, puerto, clientes=1):
    """Escucha con la orden y envía algo con cada cliente."""

    def prueba(proceso):
        for numero in range(clientes):
            cliente = llama(proceso, puerto)
            if cliente is None and numero > 0:
                return "solo el primero"
            if cliente is None:
                return "nadie en ese puerto"
            with cliente:
                cliente.sendall(b"hola\n")
                if not llega(proceso.stdout):
                    return "no llega"
        return "sí"

    return intenta(orden, prueba)


def l_puerto(programa):
    puerto = puerto_libre()
    return recibe([programa, "-l", CASA, str(puerto)], puerto)


def l_p_puerto(programa):
    puerto = puerto_libre()
    solo_yo = "--allow" if programa == "ncat" else "-s"
    orden = [programa, "-l", solo_yo, CASA, "-p", str(puerto)]
    return recibe(orden, puerto)


def l_k(programa):
    puerto = puerto_libre()
    orden = [programa, "-l", "-k", *aqui(programa, puerto)]
    return recibe(orden, puerto, clientes=2)


# %% UDP
def l_u(programa):
    puerto = puerto_libre()

    def prueba(proceso):
        limite = time.monotonic() + PLAZO
        with socket.socket(type=socket.SOCK_DGRAM) as cliente:
            while time.monotonic() < limite:
                cliente.sendto(b"hola\n", (CASA, puerto))
                if select.select([proceso.stdout], [], [], 0.1)[0]:
                    return "sí" if llega(proceso.stdout) else "no"
        return "no llega"

    orden = [programa, "-l", "-u", *aqui(programa, puerto)]
    return intenta(orden, prueba)


# %% Ejecutar
def ejecuta(programa, *opcion):
    """Sirve cat, que devuelve lo que recibe."""
    puerto = puerto_libre()

    def prueba(proceso):
        cliente = llama(proceso, puerto)
        if cliente is None:
            return "nadie en ese puerto"
        with cliente:
            cliente.sendall(b"hola\n")
            return "sí" if cliente.recv(1000) else "no contesta"

    orden = [programa, "-l", *opcion, *aqui(programa, puerto)]
    return intenta(orden, prueba)


# %% Mirar puertos
def termina(proceso):
    """El código con el que termina el programa."""
    try:
        return proceso.wait(PLAZO)
    except subprocess.TimeoutExpired:
        return None


def z(programa):
    """Debe distinguir un puerto abierto de uno cerrado."""
    cerrado = puerto_libre()
    with socket.create_server((CASA, 0)) as servidor:
        abierto = servidor.getsockname()[1]
        codigos = [
            intenta([programa, "-z", CASA, str(puerto)], termina)
            for puerto in (abierto, cerrado)
        ]
    return "sí" if codigos == [0, 1] else str(codigos)


def z_rango(programa):
    """Debe nombrar el puerto abierto de un rango."""
    with socket.create_server((CASA, 0)) as servidor:
        abierto = servidor.getsockname()[1]
        orden = [programa, "-v", "-z", CASA, f"{abierto - 1}-{abierto}"]
        hecho = subprocess.run(
            orden, capture_output=True, text=True, timeout=PLAZO
        )
    lo_nombra = re.search(
        rf"\b{abierto}\b.*(succeeded|open)", hecho.stderr
    )
    return queja(hecho.stderr) or ("sí" if lo_nombra else "no")


# %% Fin de la entrada
def avisa(programa, *opcion):
    """Si el otro lado se entera de que se acabó la entrada."""
    with socket.create_server((CASA, 0)) as servidor:
        servidor.settimeout(PLAZO)
        puerto = servidor.getsockname()[1]

        def prueba(_proceso):
            try:
                conexion, _ = servidor.accept()
                with conexion:
                    conexion.settimeout(PLAZO)
                    return "sí" if conexion.recv(10) == b"" else "no"
            except TimeoutError:
                return "no"

        orden = [programa, *opcion, CASA, str(puerto)]
        return intenta(orden, prueba, subprocess.DEVNULL)


# %% Pruebas
PRUEBAS = {
    "-l 9999": l_puerto,
    "-l -p 9999": l_p_puerto,
    "-l -k": l_k,
    "-l -u": l_u,
    "-l -e cat": lambda programa: ejecuta(programa, "-e", "/bin/cat"),
    "-l -c cat": lambda programa: ejecuta(programa, "-c", "cat"),
    "-z 9999": z,
    "-z 9998-9999": z_rango,
    "sin -N": avisa,
    "-N": lambda programa: avisa(programa, "-N"),
}


# %% Tabla
def fila(celdas):
    primera, *otras = celdas
    columnas = "".join(f"{celda:<22}" for celda in otras)
    print(f"{primera:<14}{columnas}".rstrip())


if __name__ == "__main__":
    fila(["", *PROGRAMAS])
    for opciones, prueba in PRUEBAS.items():
        fila([opciones, *map(prueba, PROGRAMAS)])

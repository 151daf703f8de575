"""Answers to the exercises on the producer."""

from answers import Answer

ANSWERS = (
    Answer(
        "productor-numerar",
        "en un solo envío",
        (
            (
                """        for numero, linea in enumerate(lineas, 1):
            conexion.sendall(mensaje(numero, linea))""",
                """        conexion.sendall(
            b"".join(mensaje(n + 1, linea) for n, linea in enumerate(lineas))
        )""",
            ),
        ),
    ),
    Answer(
        "productor-numerar",
        "con strip y un contador",
        (
            ("[linea for linea in lineas if linea]", "filter(str.strip, lineas)"),
            (
                """        for numero, linea in enumerate(lineas, 1):
""",
                """        numero = 0
        for linea in lineas:
            numero += 1
""",
            ),
        ),
    ),
    Answer(
        "productor-numerar",
        "todo en bytes, con un socket a mano",
        (
            ("    ocupa = len(linea.encode())\n", "    datos = linea.encode()\n"),
            (
                'f"{numero};{ocupa};{linea}\\n".encode()',
                "b'%d;%d;%b\\n' % (numero, len(datos), datos)",
            ),
            (
                "    with socket.create_connection((HOST, PUERTO)) as conexion:\n",
                "    with socket.socket() as conexion:\n        conexion.connect((HOST, PUERTO))\n",
            ),
        ),
    ),
    Answer(
        "productor-numerar",
        "con comas",
        (("{numero};{ocupa};{linea}", "{numero},{ocupa},{linea}"),),
        "Lo que envía: falta |1|1|1;",
    ),
    Answer(
        "productor-numerar",
        "los bytes delante del número",
        (("{numero};{ocupa}", "{ocupa};{numero}"),),
        "Lo que envía: falta |1|1|1;",
    ),
    Answer(
        "productor-numerar",
        "una conexión por línea",
        (
            (
                """    with socket.create_connection((HOST, PUERTO)) as conexion:
        for numero, linea in enumerate(lineas, 1):
""",
                """    for numero, linea in enumerate(lineas, 1):
        with socket.create_connection((HOST, PUERTO)) as conexion:
""",
            ),
        ),
        "Lo que envía: sobra |2|1|2;",
    ),
    Answer(
        "productor-servidor",
        "lee el fichero para cada cliente, y todo en un envío",
        (
            (
                """                for linea in [f"cliente {cliente}", *lineas]:
                    conexion.sendall(f"{linea}\\n".encode())
""",
                """                conexion.sendall(
                    f"cliente {cliente}\\n{Path(FICHERO).read_text('utf-8')}".encode()
                )
""",
            ),
        ),
    ),
    Answer(
        "productor-servidor",
        "con while y close",
        (
            (
                """        for cliente in count(1):
            conexion, _ = servidor.accept()
            with conexion:
                for linea in [f"cliente {cliente}", *lineas]:
                    conexion.sendall(f"{linea}\\n".encode())
""",
                """        cliente = 0
        while True:
            conexion, _ = servidor.accept()
            cliente += 1
            conexion.sendall(b"cliente %d\\n" % cliente)
            for linea in lineas:
                conexion.sendall(linea.encode() + b"\\n")
            conexion.close()
""",
            ),
        ),
    ),
    Answer(
        "productor-servidor",
        "con socketserver",
        (
            (
                """    with socket.create_server((HOST, PUERTO)) as servidor:
        for cliente in count(1):
            conexion, _ = servidor.accept()
            with conexion:
                for linea in [f"cliente {cliente}", *lineas]:
                    conexion.sendall(f"{linea}\\n".encode())
""",
                """    from socketserver import StreamRequestHandler, TCPServer

    clientes = count(1)

    class Cliente(StreamRequestHandler):
        def handle(self):
            for linea in [f"cliente {next(clientes)}", *lineas]:
                self.wfile.write(f"{linea}\\n".encode())

    with TCPServer((HOST, PUERTO), Cliente) as servidor:
        servidor.serve_forever()
""",
            ),
        ),
    ),
    Answer(
        "productor-servidor",
        "el saludo, al final",
        (('[f"cliente {cliente}", *lineas]', '[*lineas, f"cliente {cliente}"]'),),
        "Lo que envía: falta |1|1|cliente 1|",
    ),
    Answer(
        "productor-servidor",
        "las líneas, juntas",
        (('f"{linea}\\n".encode()', "linea.encode()"),),
        "(sin salto)",
    ),
    Answer(
        "productor-servidor",
        "llama, en vez de escuchar",
        (
            ("socket.create_server(", "socket.create_connection("),
            ("            conexion, _ = servidor.accept()\n", "            conexion = servidor\n"),
        ),
        "ConnectionRefusedError",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

"""Solución, paso 5: una página con las ventanas, y un aviso de cada una que pasa del límite."""

# %% Dónde
import json
import os
import sqlite3
from contextlib import closing
from html import escape
from pathlib import Path

BASE = os.environ.get("BASE", "bizums.db")
TABLERO = os.environ.get("TABLERO", "tablero.html")
ALERTAS = os.environ.get("ALERTAS", "alertas.jsonl")
LIMITE = int(os.environ.get("LIMITE", "100000"))


# %% Escribir
def escribir(fichero, texto):
    """Quien lo lea ve el de antes o el nuevo, nunca uno a medias."""
    nuevo = Path(f"{fichero}.nuevo")
    nuevo.write_text(texto, "utf-8")
    nuevo.replace(fichero)


# %% Leer
with closing(sqlite3.connect(BASE, timeout=30)) as bd:
    ventanas = bd.execute(
        "SELECT inicio, pagos, total FROM ventanas ORDER BY inicio"
    ).fetchall()

# %% Página
filas = "".join(
    f"<tr>{''.join(f'<td>{escape(str(dato))}' for dato in ventana)}\n"
    for ventana in ventanas
)
escribir(
    TABLERO,
    f"""<!doctype html>
<html lang="es">
<meta charset="utf-8">
<title>Bizums</title>
<table>
<tr><th>Desde<th>Pagos<th>Céntimos
{filas}</table>
""",
)

# %% Alertas
# Salen siempre de la base: por muchas veces que se escriban, son una por ventana.
escribir(
    ALERTAS,
    "".join(
        f"{json.dumps({'inicio': inicio, 'total': total})}\n"
        for inicio, _, total in ventanas
        if total > LIMITE
    ),
)

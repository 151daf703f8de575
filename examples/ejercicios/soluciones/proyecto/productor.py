"""Solución, paso 1: envía a Kafka las líneas de un fichero, con quién paga como clave."""

# %% Dónde
import json
import os
import sys
from pathlib import Path

from confluent_kafka import Producer

KAFKA = os.environ.get("KAFKA", "localhost:9092")
TEMA = os.environ.get("TEMA", "bizums")
FICHERO = os.environ.get("FICHERO", "pagos.jsonl")


# %% Clave
def clave(linea):
    """Quién paga; ninguna, si la línea no lo dice."""
    try:
        de = json.loads(linea)["de"]
    except (ValueError, TypeError, KeyError):
        return None
    return de if isinstance(de, str) else None


# %% Envío
perdidos = []


def entregado(error, mensaje):
    """Kafka dice cómo ha acabado cada mensaje."""
    if error:
        perdidos.append(error)


productor = Producer({"bootstrap.servers": KAFKA})
# En bytes: lo que no es UTF-8 viaja tal cual.
for linea in Path(FICHERO).read_bytes().splitlines():
    productor.produce(
        TEMA, linea, key=clave(linea), on_delivery=entregado
    )
    productor.poll(0)

# %% Espera
# `produce` solo deja el mensaje en una cola: esto espera a que llegue.
productor.flush()
if perdidos:
    sys.exit(f"No han llegado {len(perdidos)} mensajes: {perdidos[0]}")

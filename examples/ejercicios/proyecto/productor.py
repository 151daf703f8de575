"""Paso 1: envía a Kafka las líneas de un fichero, con quién paga como clave."""

# %% Dónde
import os

from confluent_kafka import Producer

KAFKA = os.environ.get("KAFKA", "localhost:9092")
TEMA = os.environ.get("TEMA", "bizums")
FICHERO = os.environ.get("FICHERO", "pagos.jsonl")

# %% Envío
productor = Producer({"bootstrap.servers": KAFKA})
# Completa: cada línea, en bytes, y su clave; y que lleguen todas.
...

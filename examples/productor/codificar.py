r"""Convierte texto en bytes y bytes en texto.

Terminal 1:
    $ python examples/productor/codificar.py
    b'a\xc3\xb1o'
    3 letras, 4 bytes
    utf-8: 61 c3 b1 6f
    latin-1: 61 f1 6f
    utf-16-le: 61 00 f1 00 6f 00
    replace: b'a?o'
    ignore: b'ao'
    backslashreplace: b'a\\xf1o'
    a�o
    año año False
    61 c3 b1 6f
    61 6e cc 83 6f
    True
"""

# %% UTF-8
palabra = "año"
codificada = palabra.encode()

print(codificada)
print(len(palabra), "letras,", len(codificada), "bytes")

# %% Otras codificaciones
for codificacion in ("utf-8", "latin-1", "utf-16-le"):
    print(f"{codificacion}: {palabra.encode(codificacion).hex(' ')}")

# %% Errores
for errores in ("replace", "ignore", "backslashreplace"):
    print(f"{errores}: {palabra.encode('ascii', errors=errores)}")

# %% Al revés
leida = palabra.encode("latin-1").decode("utf-8", errors="replace")

print(leida)

# %% Dos formas
import unicodedata

otra = unicodedata.normalize("NFD", palabra)

print(palabra, otra, palabra == otra)
print(palabra.encode().hex(" "))
print(otra.encode().hex(" "))
print(palabra == unicodedata.normalize("NFC", otra))

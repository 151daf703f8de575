"""Dice con qué nombre lo ejecuta Python.

Terminal 1:
    $ python examples/productor/nombre.py
    __name__ vale '__main__'
    Soy el programa.
    $ cd examples/productor
    $ python -c "import nombre"
    __name__ vale 'nombre'
"""

# %% Nombre
print(f"__name__ vale {__name__!r}")

if __name__ == "__main__":
    print("Soy el programa.")

"""What the boxes of a page are called, in a small site."""

from __future__ import annotations

from bs4 import BeautifulSoup
from conftest import Site

PAGE = """# Página

| | a |
|---|---|
| una | 1 |

## Prepara la sesión

```{code-cell}
:example: hola/palabras.py#Sesión
```

## Sigue

```{code-cell}
:example: modos/salida.py#Sesión
```

```{code-cell}
:example: modos/salida.py#Recuento
```

```{code-cell}
:example: modos/salida.py#Consulta
```
"""


def test_a_file_is_linked_where_it_is_first_seen_and_a_session_is_folded(site: Site) -> None:
    site.write("una", PAGE)
    site.contents()
    site.build("-D", "nb_execution_mode=off").green()
    page = BeautifulSoup((site.docs / "_build/html/una.html").read_text("utf-8"), "html.parser")
    bars = page.select(".example-file")
    names = [bar.get_text(" ").split()[-1] for bar in bars]
    assert names == ["Sesión", "Sesión", "Recuento", "Consulta"]
    # The folded bar's link is not seen: the next one has it, too.
    assert [len(bar.select("a")) for bar in bars] == [1, 1, 1, 0]
    assert [bool(bar.find_parent("details")) for bar in bars] == [False, True, False, False]
    (corner,) = page.select("th .visually-hidden")
    assert corner.get_text() == "Fila"

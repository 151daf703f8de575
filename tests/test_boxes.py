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

```{code-cell}
:tags: [hide-input]
:example: modos/salida.py#Recuento
```
"""


def test_a_file_is_linked_where_it_is_first_seen_and_what_is_known_is_folded(site: Site) -> None:
    site.write("una", PAGE)
    site.contents()
    site.build("-D", "nb_execution_mode=off").green()
    page = BeautifulSoup((site.docs / "_build/html/una.html").read_text("utf-8"), "html.parser")
    bars = page.select(".example-file")
    names = [bar.get_text(" ").split()[-1] for bar in bars]
    assert names == ["Sesión", "Sesión", "Recuento", "Consulta", "Recuento"]
    # The folded bar's link is not seen: the next one has it, too.
    assert [len(bar.select("a")) for bar in bars] == [1, 1, 1, 0, 0]
    folds = [bar.find_parent("details") for bar in bars]
    summaries = [fold.select("summary")[0].get_text() if fold else "" for fold in folds]
    assert summaries == ["", "Sesión", "", "", "Recuento"]
    (corner,) = page.select("th .visually-hidden")
    assert corner.get_text() == "Fila"

"""What the build says of a laboratory that is not as it must be, with its page and line."""

from __future__ import annotations

import pytest
from conftest import Site

LAB = """# Prueba

```{lab} Prueba
query: tumbling
files:
- - 12:01,A,1
- - 12:26,A,4
tasks:
- do: Hazlo.
  when: written = 0
  solution:
    watermark: 1 hour
```
"""

WRONG = {
    "yaml": ("query: tumbling", "query: [", "no está bien escrito en YAML"),
    "falta": ("query: tumbling\n", "", "le falta «query»"),
    "filas": ("- - 12:26,A,4", "- 12:26,A,4", "«files» es una lista de ficheros"),
    "nombre": ("query: tumbling", "query: tumbling\nnames: a b, c, d", "«a b» no puede ser"),
    "reto": ("  solution:\n    watermark: 1 hour\n", "", "le falta «solution»"),
    "consulta": ("query: tumbling", "query: sorting", "no hay ninguna consulta «sorting»"),
    "opcion": ("query: tumbling", "query: tumbling\nmood: append", "no tiene «mood»"),
    "valor": ("query: tumbling", "query: tumbling\nmode: uppend", "no puede ser «uppend»"),
    "hora": ("12:01", "12:91", "«12:91» no es una hora"),
    "condicion": ("written = 0", "wrote = 0", "no entiendo la condición «wrote = 0»"),
    "hecho": ("written = 0", "written >= 1", "«Hazlo.» ya se cumple al empezar"),
    "solucion": ("written = 0", "written = 9", "la solución de «Hazlo.» no cumple «written = 9»"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one build says of all of them."""
    site = Site.new(tmp_path_factory.mktemp("lab"))
    site.write("bien", LAB)
    for name, (right, wrong, _) in WRONG.items():
        assert right in LAB
        site.write(name, LAB.replace(right, wrong, 1))
    site.write("dos", LAB + LAB.removeprefix("# Prueba\n"))
    site.contents()
    return site.build().err


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(said: str, name: str) -> None:
    lines = [line for line in said.splitlines() if f"/{name}.md:" in line]
    assert len(lines) == 1, said
    # Its first line of content.
    assert f"/{name}.md:4:" in lines[0]
    assert WRONG[name][2] in lines[0]


def test_a_second_laboratory_is_refused(said: str) -> None:
    assert "Esta página ya tiene un «lab»" in said


def test_a_right_one_is_not_spoken_of(said: str) -> None:
    assert "/bien.md" not in said

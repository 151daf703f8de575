"""Sessions that Spark makes of clicks in any order are those that Python makes of them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs.checking.expected import blocks
from streamdocs.checking.one_page import run
from streamdocs.course.course import Course
from streamdocs.running.build import Build

PAGE = """# Sesiones

```{code-cell}
:example: ventanas/sesiones.py#Sesión
```

```{code-cell}
:example: ventanas/sesiones.py#Silencio
```

```{code-cell}
:example: ventanas/sesiones.py#Sesiones
```

```{code-cell}
import operator
import random
from datetime import datetime, timedelta
from pathlib import Path

ESPERA = "1 day"
rng = random.Random(SEED)
day = datetime(2026, 3, 2)
clicks = [(day + timedelta(minutes=rng.randrange(240)), rng.choice("abcd")) for _ in range(120)]
closing = [(day + timedelta(days=3), user) for user in "abcd"]
Path("entrada").mkdir()
for first in range(0, 120, 30):
    lines = [f"{hora},{user},portada" for hora, user in clicks[first : first + 30]]
    Path(f"entrada/{first:03}.csv").write_text("\\n".join(lines) + "\\n")


def by_hand(joins):
    sessions = []
    for user, hora in sorted((user, hora) for hora, user in clicks):
        if sessions and sessions[-1][0] == user and joins(hora, sessions[-1][2]):
            sessions[-1][3] += 1
        else:
            sessions.append([user, hora, hora, 1])
        sessions[-1][2] = hora + timedelta(minutes=5)
    return [
        (user, f"{since:%H:%M}", f"{until:%H:%M}", number)
        for user, since, until, number in sessions
    ]


def in_spark():
    rows = []
    clics = (
        spark.readStream.schema("hora timestamp, usuario string, pagina string")
        .option("maxFilesPerTrigger", 1)
        .csv("entrada")
    )
    query = (
        juntar(clics, SILENCIO)
        .writeStream.foreachBatch(lambda batch, _: rows.extend(map(tuple, batch.collect())))
        .option("checkpointLocation", "checkpoint")
        .trigger(availableNow=True)
    )
    query.start().awaitTermination()
    lines = [f"{hora},{user},portada" for hora, user in closing]
    Path("entrada/closing.csv").write_text("\\n".join(lines) + "\\n")
    query.start().awaitTermination()
    return sorted(rows)


found = in_spark()
```

```{code-cell}
print(len(found) > 20, found == by_hand(operator.le), found == by_hand(operator.lt))
```
"""


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 2])
def test_sessions_are_pythons(tmp_path: Path, seed: int) -> None:
    """With «less than», a click just when the silence is over would begin another session."""
    (tmp_path / "sesiones.md").write_text(PAGE.replace("SEED", str(seed)), "utf-8")
    course = Course(tmp_path, ROOT / "examples", tmp_path)
    with Build(course.examples, lambda event: None) as build:
        notebook, finished = run(build, course, "sesiones")
    assert finished
    assert blocks(notebook)[-1].text == "True True False\n"

"""Compare the model with Spark in fresh scenarios, or record again what Spark does in the known."""

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from model.queries import Scenario
from model.runner import Did, Runner
from model.scenarios import draw
from model.session import opened
from streamdocs.publishing import proof

HERE = Path(__file__).parent
BY_HAND = HERE / "by-hand.jsonl"
"""Scenarios for the rules that random ones seldom reach, one a line."""

SEEDS = 2**32


def results(scenarios: Iterable[Scenario]) -> Iterator[tuple[Scenario, Did]]:
    """What Spark does in each, one after another in one session."""
    with opened() as (spark, home):
        runner = Runner(spark, home)
        for scenario in scenarios:
            yield scenario, runner.run(scenario)


def save(file: Path, some: Iterable[tuple[Scenario, Did]]) -> None:
    """Write results as proof.js reads them; the same ones are the same bytes."""
    pairs = ({"scenario": scenario, "spark": did} for scenario, did in some)
    text = "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def load(file: Path) -> list[dict[str, Any]]:
    """The results in a file, or the scenarios of one that is written by hand."""
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.splitlines()]


def fresh(count: int, seed: int, out: Path) -> proof.Proof:
    """Run and compare ``count`` scenarios of a seed; print what was compared, and what differs."""
    print(f"Semilla {seed}: {count} escenarios.", flush=True)
    began = time.monotonic()
    some = []
    for scenario, did in results(draw(seed, count)):
        some.append((scenario, did))
        if len(some) % 100 == 0:
            print(f"{len(some)} en {time.monotonic() - began:.0f} s", flush=True)
    save(out, some)
    found = proof.compare([out])
    for line in table(scenario for scenario, _ in some):
        print(line)
    refused = sum("refused" in did for _, did in some)
    print(
        f"{found.scenarios} escenarios ({refused} que Spark rechaza), "
        f"{found.batches} micro-batches, {len(found.wrong)} diferencias, "
        f"{time.monotonic() - began:.0f} s."
    )
    known = {scenario["id"]: scenario for scenario, _ in some}
    for difference in found.wrong:
        print(f"{json.dumps(known[difference.scenario])}\n    {difference.says}")
    return found


def table(scenarios: Iterable[Scenario]) -> Iterator[str]:
    """How many there were of each operator, mode and way of arriving."""
    kinds = Counter((one["op"], one["mode"], one["feed"]) for one in scenarios)
    for (op, mode, feed), count in sorted(kinds.items()):
        yield f"{op:<13}{mode:<10}{feed:<7}{count:>5}"


def record(names: list[str]) -> None:
    """Run again what is recorded in the files of these names, or in all; by hand, as it is now."""
    known = {file: load(file) for file in sorted(HERE.glob("*.jsonl.gz"))}
    files = {file: [one["scenario"] for one in some] for file, some in known.items()}
    files[BY_HAND.with_suffix(".jsonl.gz")] = load(BY_HAND)
    chosen = {file: some for file, some in files.items() if not names or file.name in names}
    done = results(scenario for some in chosen.values() for scenario in some)
    for file, some in chosen.items():
        save(file, islice(done, len(some)))
        print(f"{file.name}: {len(some)} escenarios.")


def main() -> None:
    """Entry point: «fresh» and «record»."""
    parser = argparse.ArgumentParser(prog="nox -s model --")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("fresh", help="compara escenarios nuevos, sacados al azar")
    new.add_argument("count", type=int, help="cuántos")
    new.add_argument("--seed", type=int, help="la de otra vez, para repetirla")
    new.add_argument("--out", type=Path, help="dónde guardar lo que hace Spark")
    again = commands.add_parser("record", help="vuelve a grabar lo que hace Spark")
    again.add_argument("names", nargs="*", help="solo estos ficheros de tests/model")
    asked = parser.parse_args()
    if asked.command == "record":
        return record(asked.names)
    seed = random.randrange(SEEDS) if asked.seed is None else asked.seed
    with TemporaryDirectory() as folder:
        found = fresh(asked.count, seed, asked.out or Path(folder, "fresh.jsonl.gz"))
    if found.wrong:
        sys.exit("El modelo no hace lo que hace Spark: cada escenario se enseña arriba.")


if __name__ == "__main__":
    main()

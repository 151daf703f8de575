"""A page's functions are its own, in a JVM that pages share."""

from __future__ import annotations

import re

from conftest import SESSION, Site

NUMBER = """numero = spark.sparkContext._gateway.gateway_property.pool.put(print)
print(numero)"""


def test_functions_of_two_pages_have_different_numbers(site: Site) -> None:
    """The JVM says by its number which it no longer needs, also after the page that made it."""
    site.page("a", SESSION, NUMBER)
    site.page("b", SESSION, f"{NUMBER}  # other code: the same would not run twice")
    site.regen()
    texts = [(site.root / f"expected/{name}.txt").read_text() for name in "ab"]
    numbers = [number for text in texts for number in re.findall(r"^    (p\d+)$", text, re.M)]
    assert len(set(numbers)) == 2, numbers

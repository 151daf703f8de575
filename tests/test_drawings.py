"""The drawings made by hand can be read on a phone, and by who does not see them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
DRAWINGS = sorted(set(ROOT.glob("docs/_static/*.svg")) - {ROOT / "docs/_static/icono.svg"})
PHONE = 358  # the pixels that a screen of 390 leaves to a drawing


def smallest(drawn: ElementTree.Element) -> float:
    """Its smallest letters, in pixels of a phone."""
    wide = float(drawn.attrib["viewBox"].split()[2])
    sizes = [float(one.attrib["font-size"]) for one in drawn.iter() if "font-size" in one.attrib]
    return min(sizes) * PHONE / wide


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_can_be_read_on_a_phone(path: Path) -> None:
    drawn = ElementTree.parse(path).getroot()
    assert smallest(drawn) >= 12
    assert all(drawn.findtext(f"{{*}}{part}") for part in ("title", "desc"))
    assert path.stat().st_size <= 6 * 1024


def test_letters_made_for_a_wide_screen_are_too_small() -> None:
    wide = ElementTree.fromstring('<svg viewBox="0 0 640 230"><text font-size="14">nc</text></svg>')
    assert smallest(wide) < 12

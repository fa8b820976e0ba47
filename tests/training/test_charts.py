from typing import Any
from xml.etree import ElementTree

from training.charts import curves, standalone

SVG = "{http://www.w3.org/2000/svg}"


def _point(kind: str, test: str, sentences: int, figure: float) -> dict[str, Any]:
    return {"kind": kind, "test": test, "sentences": sentences, "macro_f1": figure, "low": figure, "high": figure + 0.1}


def test_curves_have_a_panel_for_each_test_and_a_line_for_each_kind() -> None:
    points = [
        _point(kind, test, size, 0.4 + size / 10000)
        for kind in ("invented", "real")
        for test in ("one", "<two>")
        for size in (250, 1000, 3000)
    ]
    chart = standalone(curves(points, "A & B"))
    root = ElementTree.fromstring(chart)
    assert root.findtext(f"{SVG}title") == "A & B"
    assert len(list(root.iter(f"{SVG}polyline"))) == 4
    assert len(list(root.iter(f"{SVG}circle"))) == len(points)
    assert {"one", "<two>", "invented", "real", "250", "1,000"} <= {each.text for each in root.iter(f"{SVG}text")}
    heights = [float(each.get("cy", "")) for each in root.iter(f"{SVG}circle")][:3]
    assert heights == sorted(heights, reverse=True)


def test_one_point_alone_can_be_drawn() -> None:
    root = ElementTree.fromstring(standalone(curves([_point("invented", "one", 500, 0.5)], "one")))
    assert len(list(root.iter(f"{SVG}circle"))) == 1

"""Plots of the extraction benchmark as SVG: the reliability curve, and F1 by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, Line, String
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

COLOURS = [HexColor(code) for code in ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")]
GREY = HexColor("#bbbbbb")
SIDE = 100 * mm
LEFT, BOTTOM, AXIS = 12 * mm, 12 * mm, 80 * mm
Curve = Sequence[tuple[float, float]]


def draw_reliability(curves: Mapping[str, Curve], path: Path) -> None:
    """Per set the points (mean confidence, share that is right); on the grey line both are equal."""
    drawing = Drawing(SIDE + 35 * mm, SIDE)
    plot: Any = LinePlot()
    plot.x, plot.y, plot.width, plot.height = LEFT, BOTTOM, AXIS, AXIS
    plot.data = [sorted(curve) for curve in curves.values()]
    plot.joinedLines = True
    for axis in (plot.xValueAxis, plot.yValueAxis):
        axis.valueMin, axis.valueMax, axis.valueStep = 0, 1, 0.2
        axis.labelTextFormat = "%0.1f"
    for place, colour in zip(range(len(curves)), cycle(COLOURS), strict=False):
        plot.lines[place].strokeColor = colour
        plot.lines[place].strokeWidth = 1.5
    drawing.add(Line(LEFT, BOTTOM, LEFT + AXIS, BOTTOM + AXIS, strokeColor=GREY))
    drawing.add(plot)
    drawing.add(String(LEFT + AXIS / 2, 2 * mm, "confidence", textAnchor="middle", fontSize=8))
    drawing.add(String(LEFT, BOTTOM + AXIS + 3 * mm, "share of values that are right", fontSize=8))
    drawing.add(_legend(list(curves), LEFT + AXIS + 5 * mm, BOTTOM + AXIS))
    renderSVG.drawToFile(drawing, str(path))


def draw_fields(names: Sequence[str], sets: Mapping[str, Sequence[float | None]], path: Path) -> None:
    """A bar per field and set: F1 of the fields `names`, None where a set has none."""
    height = (7 + 3 * len(sets)) * len(names)
    drawing = Drawing(150 * mm, height + 2 * BOTTOM)
    chart: Any = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 35 * mm, BOTTOM, AXIS, height
    # From top to bottom as in the table.
    chart.data = [[value or 0 for value in reversed(values)] for values in sets.values()]
    chart.categoryAxis.categoryNames = list(reversed(names))
    chart.categoryAxis.labels.fontSize = 7
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 0, 1, 0.2
    chart.valueAxis.labelTextFormat = "%0.1f"
    chart.bars.strokeColor = None
    chart.groupSpacing = 4
    for place, colour in zip(range(len(sets)), cycle(COLOURS), strict=False):
        chart.bars[place].fillColor = colour
    drawing.add(chart)
    drawing.add(_legend(list(sets), 120 * mm, BOTTOM + height))
    renderSVG.drawToFile(drawing, str(path))


def _legend(names: Sequence[str], x: float, y: float) -> Any:
    legend: Any = Legend()
    legend.x, legend.y, legend.fontSize, legend.alignment = x, y, 7, "right"
    legend.colorNamePairs = list(zip(cycle(COLOURS), names, strict=False))
    legend.columnMaximum = len(names)
    return legend

"""
Draw docs/one_step.png: what acts on what in one step of the model.

python docs/one_step.py
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

POWER, HEAT, WATER, OUTSIDE, AFTER = "#F6E3B4", "#F4C9B8", "#C7DFF2", "#E4E4E4", "#D5EBD8"
BOXES = {
    "weather": (0.0, 3.0, "weather\n(mean of 3 h)", OUTSIDE),
    "events": (0.0, 1.5, "1 events hit", OUTSIDE),
    "crews": (2.4, 3.0, "crews: ramp,\nnight, frost", OUTSIDE),
    "damage": (2.4, 1.5, "2 repair of damage,\nnew faults", OUTSIDE),
    "balance": (4.8, 3.0, "3 power: balance,\nshed, unserved", POWER),
    "power": (4.8, 1.5, "power lacked by\nplants, over the step", POWER),
    "heat": (7.2, 3.0, "4 heat follows\nthrough a buffer", HEAT),
    "water": (7.2, 1.5, "4 water, gas follow\nthrough buffers", WATER),
    "circuits": (9.6, 3.0, "5 circuits drained,\nburst, refilled", HEAT),
    "homes": (12.0, 3.0, "6, 7 homes cool\nand warm up", AFTER),
    "departures": (12.0, 1.5, "8 residents leave\nand come back", AFTER),
    "counted": (12.0, 0.0, "9 counts deviate,\n10 people", AFTER),
}
RED = "#a33"
WIDTH, HEIGHT = 2.0, 0.95
LEFT, RIGHT, TOP, BOTTOM = (0, 0.5), (1, 0.5), (0.5, 1), (0.5, 0)
ARROWS = [
    ("weather", RIGHT, "crews", LEFT),
    ("events", (1, 0.75), "crews", (0, 0.25)),
    ("events", RIGHT, "damage", LEFT),
    ("crews", BOTTOM, "damage", TOP),
    ("damage", (1, 0.75), "balance", (0, 0.25)),
    ("damage", RIGHT, "power", LEFT),
    ("balance", BOTTOM, "power", TOP),
    ("power", (1, 0.75), "heat", (0, 0.25)),
    ("power", RIGHT, "water", LEFT),
    ("heat", RIGHT, "circuits", LEFT),
    ("circuits", RIGHT, "homes", LEFT),
    ("homes", BOTTOM, "departures", TOP),
    ("departures", BOTTOM, "counted", TOP),
    ("water", RIGHT, "counted", LEFT),
]
"""From a point of one box to a point of another, as shares of their width and height."""
BACK = [
    ("circuits", BOTTOM, "damage", BOTTOM, 1.0, "bursts become slow damage"),
    ("heat", TOP, "balance", TOP, 4.4, "plants without heat or water generate less"),
]
"""The same, by way of a height, with what the arrow says."""


def _point(name: str, share: tuple[float, float]) -> tuple[float, float]:
    left, bottom, _, _ = BOXES[name]
    return left + share[0] * WIDTH, bottom + share[1] * HEIGHT


def draw() -> Figure:
    """Return the picture."""
    figure = Figure(figsize=(12.6, 4.3), layout="constrained")
    axes = figure.add_subplot()
    for left, bottom, text, colour in BOXES.values():
        shape = "round,pad=0,rounding_size=0.12"
        axes.add_patch(FancyBboxPatch((left, bottom), WIDTH, HEIGHT, boxstyle=shape, fc=colour, ec="#444"))
        axes.text(left + WIDTH / 2, bottom + HEIGHT / 2, text, ha="center", va="center", fontsize=10)
    for start, out, end, into in ARROWS:
        axes.annotate("", _point(end, into), _point(start, out), arrowprops={"arrowstyle": "-|>", "color": "#333"})
    for start, out, end, into, height, text in BACK:
        (first, low), (last, high) = _point(start, out), _point(end, into)
        axes.plot([first, first, last], [low, height, height], color=RED, linestyle="--", linewidth=1)
        axes.annotate("", (last, high), (last, height), arrowprops={"arrowstyle": "-|>", "color": RED})
        axes.text((first + last) / 2, height + 0.1, text, ha="center", fontsize=9, color=RED)
    axes.set(xlim=(-0.15, 14.15), ylim=(-0.15, 4.8), aspect="equal")
    axes.axis("off")
    return figure


if __name__ == "__main__":
    draw().savefig(Path(__file__).with_name("one_step.png"), dpi=110)

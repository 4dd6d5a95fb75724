"""Pictures of the site: the gallery, in colour and grey, and the likelihoods of wordings.

Each function whose name begins with `draw_` is an entry of the gallery: its first line of help is the caption, and its
body is the code shown beside the picture.
"""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image, ImageOps

import energy_impact as ei
from energy_impact.figures.qualifiers import QUALIFIERS
from energy_impact.figures.readings import REPORT_SD, Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

DPI = 110
SMALL = (320, 240)
"""Size of the small pictures that lead to an entry. [px]"""
VIEW = (2500, 6000)
"""The axis of all wordings with a number, so that they can be compared."""
WORDED = {"exact": Stated(4123), "range": Stated(3500, 4500), "all": Stated(stock=6000), "none": Stated(stock=6000)}
"""The numbers of a wording in its picture, where they are not 4,000."""


def draw_restoration() -> Figure:
    """Restoration curves beside the published figures."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=512, rng=1)
    return estimate.plot()


def draw_what_the_figures_said() -> Figure:
    """One curve, with what was believed before the figures behind it."""
    scenario = ei.load_scenario("kyiv-2026-01-24")
    before = ei.simulate(scenario, members=512, rng=1)
    estimate = ei.estimate(scenario, members=512, rng=1)
    return estimate.plot_curve("heat_buildings_out", "Kyiv", prior=before)


def draw_one_curve() -> Figure:
    """One curve alone: the temperature of homes without heat."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=512, rng=1)
    return estimate["indoor_temperature_c", "Kyiv"].plot()


def draw_people_without_services() -> Figure:
    """Residents without power, heat and water, each person once."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=512, rng=1)
    return estimate.plot_people("Kyiv")


def draw_people_in_the_cold() -> Figure:
    """Residents by the temperature of their homes."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=512, rng=1)
    return estimate.plot_cold("Kyiv")


def draw_slide() -> Figure:
    """Slide of 16 to 9: how many people tonight, as a sentence, and their curve."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), rng=1)
    return estimate.plot_slide()


def draw_difference_of_two_runs() -> Figure:
    """Two runs of the same members, with and without a second storm, and their difference."""
    city = ei.Place("Northport", timezone="Europe/Oslo", power_customers=(88_000, 96_000))
    first = ei.Event("2026-02-03T22:00+01:00", kind="storm", duration_h=8)
    second = ei.Event("2026-02-06T02:00+01:00", kind="storm", duration_h=6)
    scenario = ei.Scenario("2026-02-03T12:00+01:00", 240, city, events=[first], name="one storm")
    one = ei.simulate(scenario, members=512, rng=1)
    two = ei.simulate(scenario.replace(events=[first, second], name="a second storm"), given=one, rng=1)
    return two.plot_difference(one, "power_customers_out", "Northport")


def draw_options_compared() -> Figure:
    """Several options and their differences from the first, member by member."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=512, rng=1)
    options = {
        "as it is": estimate,
        "5 K colder": estimate.what_if(colder=5),
        "more crews": estimate.what_if(crews=1.5),
    }
    return ei.compare(options).plot("heat_buildings_out", "Kyiv")


def entries() -> list[Callable[[], Figure]]:
    """Return the entries of the gallery, in the order of this file."""
    return [thing for name, thing in globals().items() if name.startswith("draw_")]


def shown_code(entry: Callable[[], Figure]) -> str:
    """Return the code of an entry as a reader would write it."""
    lines = inspect.getsource(entry).splitlines()[2:]
    body = textwrap.dedent("\n".join(lines))
    start, _, last = body.rpartition("return ")
    return f'import energy_impact as ei\n\n{start}{last}.savefig("picture.png")'


def write_gallery(folder: Path) -> str:
    """Draw every entry into a folder, small ones into its `_static`, and return the page as Markdown."""
    parts = [
        "# Gallery",
        "Every picture that the library draws, with the code that makes it: in colour, and small as a grey printer "
        "shows it. Colours can be told apart with any colour vision (Okabe and Ito 2008), and lines and shades without "
        "colour. A picture opens in full size.",
        thumbs(entries(), ""),
    ]
    for entry in entries():
        name, caption = _name(entry), inspect.getdoc(entry)
        _save(entry(), folder / f"{name}.png")
        pictures = f"![{caption} In colour.]({name}.png)\n![The same in grey.]({name}_grey.png)"
        code = f"```python\n{shown_code(entry)}\n```"
        parts += [f"## {_heading(entry)}", str(caption), f":::{{container}} greys\n{pictures}\n:::", code]
    return "\n\n".join(parts) + "\n"


def thumbs(shown: Iterable[Callable[[], Figure]], page: str) -> str:
    """Return small pictures of entries as HTML, each leading to its entry on a page, or here without one."""
    return "\n".join(
        [
            '<div class="thumbs">',
            *(
                f'<a href="{page}#{_name(entry).replace("_", "-")}"><img src="_static/{_name(entry)}.png" alt="">'
                f"{_heading(entry)}</a>"
                for entry in shown
            ),
            "</div>",
        ]
    )


def _name(entry: Callable[[], Figure]) -> str:
    return entry.__name__.removeprefix("draw_")


def _heading(entry: Callable[[], Figure]) -> str:
    return _name(entry).replace("_", " ").capitalize()


def write_front(path: Path) -> None:
    """Draw the picture of the landing page: one curve, large enough to read on a phone."""
    estimate = ei.estimate(ei.load_scenario("kyiv-2026-01-24"), members=2048, rng=1)
    with rc_context({"font.size": 12}):
        figure = Figure(figsize=(5.6, 3.8), layout="constrained")
        estimate.plot_curve("heat_buildings_out", "Kyiv", figure.subplots())
        figure.savefig(path, dpi=2 * DPI)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=DPI)
    with Image.open(path) as picture:
        picture.convert("L").save(path.with_name(f"{path.stem}_grey.png"))
        ImageOps.fit(picture.convert("RGB"), SMALL, centering=(0, 0)).save(path.parent / "_static" / path.name)


def write_wordings(path: Path) -> None:
    """Draw the likelihood of each wording for the true value."""
    figure = Figure(figsize=(8, 11), layout="constrained")
    names = [*QUALIFIERS]
    for axes, name in zip(figure.subplots(-(-len(names) // 2), 2).flat, names, strict=True):
        qualifier, said = QUALIFIERS[name], WORDED.get(name, Stated(4000))
        reading = qualifier.reading.in_force(said)
        low, high = shown_range(name)
        values = np.geomspace(low, high, 800)
        logs = reading.log_likelihood(np.log(values), said, REPORT_SD)
        axes.fill_between(values, np.exp(logs - logs.max()), color="#0072B2", alpha=0.35, linewidth=0)
        axes.plot(values, np.exp(logs - logs.max()), color="#0072B2")
        axes.set_title(_title(name, said), fontsize=10, loc="left")
        axes.set_yticks([])
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.tick_params(labelsize=8)
        axes.locator_params(axis="x", nbins=5)
    figure.savefig(path, dpi=DPI)


def shown_range(name: str) -> tuple[float, float]:
    """Return the ends of the axis of a wording: `VIEW` if it has a number, else what it allows and something beyond."""
    reading = QUALIFIERS[name].reading
    if reading.numbers:
        return VIEW
    low, high = reading.allowed(WORDED.get(name, Stated()))
    return max(0.7 * low, 1.0), 1.15 * high


def _title(name: str, said: Stated) -> str:
    words = name.replace("_", " ")
    if said.stock == said.stock:
        return f"{words} of {said.stock:,.0f}"
    if QUALIFIERS[name].reading.numbers == 0:
        return words
    return " ".join([words, " to ".join(f"{number:,.0f}" for number in said.numbers)])

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from energy_impact.results.comparison import compare
from energy_impact.results.estimate import Estimate
from energy_impact.results.figure_fit import FigureFit


def test_a_curve_knows_its_unit_and_zone(estimate: Estimate) -> None:
    heat = estimate["heat_buildings_out", "City"]
    assert (heat.unit, heat.timezone, heat.draws.shape) == ("buildings", "Europe/Kyiv", (3, 97))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (("heat_building_out", "City"), "no curve for 'heat_building_out' .did you mean 'heat_buildings_out'"),
        (("heat_buildings_out", "Citi"), "no curve for 'heat_buildings_out' at 'Citi' .did you mean 'City'"),
        ("City", r"index a curve as .quantity, place., got 'City'"),
    ],
)
def test_an_unknown_curve_is_named_with_the_nearest(estimate: Estimate, key: object, sentence: str) -> None:
    with pytest.raises(KeyError, match=sentence) as error:
        estimate[key]
    assert isinstance(error.value, ValueError)


def test_the_tidy_table_holds_every_curve(estimate: Estimate) -> None:
    table = estimate.to_frame()
    assert len(table) == 4 * 97
    assert set(table["quantity"]) == {name for name, _ in estimate.available}
    assert not table.isna().to_numpy().any()


def test_parameters_need_a_row_a_member(make_estimate: Callable[..., Estimate]) -> None:
    with pytest.raises(ValueError, match=r"parameters: must have shape \(3, 2\), got \(2, 2\)"):
        make_estimate(parameters=np.zeros((2, 2)))


def test_a_figure_fit_needs_a_part_a_figure() -> None:
    with pytest.raises(ValueError, match="figure fit: every part must hold 1 figures"):
        FigureFit(("a",), np.array([True]), ("",), np.zeros((3, 2)), np.zeros((3, 1)), np.zeros(1))


def test_the_repr_tells_what_it_is(estimate: Estimate) -> None:
    assert repr(estimate) == "Estimate('city', 3 members, 4 curves, fitted)"


@pytest.mark.parametrize("level", [Fraction(3, 4), np.float32(0.75), np.float16(0.75), np.longdouble(0.75)])
def test_a_level_of_any_type_of_number_is_the_number(estimate: Estimate, level: Any, tmp_path: Path) -> None:
    assert estimate.answer(level=level) == estimate.answer(level=0.75)
    pages = [estimate.report(tmp_path / f"{type(given).__name__}.html", level=given) for given in (level, 0.75)]
    assert pages[0].read_text(encoding="utf-8") == pages[1].read_text(encoding="utf-8")
    for draw in (estimate.plot_slide, compare({"a": estimate}).plot):
        texts = [[text.get_text() for text in draw(level=given).findobj(Text)] for given in (level, 0.75)]
        assert texts[0] == texts[1]
    curve = estimate["heat_buildings_out", "City"]
    np.testing.assert_array_equal(curve.time_to_restore(level), curve.time_to_restore(0.75))

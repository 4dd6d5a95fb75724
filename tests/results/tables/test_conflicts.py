import pytest

from energy_impact._data import seeds_folder
from energy_impact.figures.table import check_figures
from energy_impact.places import Place
from energy_impact.results.tables.conflicts import conflicts
from energy_impact.scenario import Scenario

PLACES = [Place("Town", heat_buildings=10_000), Place("Land", power_customers=1000)]


def related(*rows):
    """Relations of figures given as (id, hour, quantity, value, qualifier)."""
    figures = [
        {
            "id": name,
            "time": f"2026-01-24T{hour:02d}:00+02:00",
            "place": "Town",
            "quantity": quantity,
            "value": value,
            "qualifier": word,
            "kind": "stock",
            "source": "s",
        }
        for name, hour, quantity, value, word in rows
    ]
    table = conflicts(Scenario("2026-01-24T00:00+02:00", 72, PLACES, figures=figures), None)
    return [tuple(row) for row in table[["relation", "first", "second"]].itertuples(index=False)]


HEAT, HURT = "heat_buildings_out", "people_injured"


def test_800_against_fewer_than_500_cannot_both_hold():
    assert related(("a", 20, HEAT, 800, "about"), ("b", 20, HEAT, 500, "under")) == [("contradict", "a", "b")]


def test_at_least_15_against_4_injured_cannot_both_hold():
    assert related(("a", 9, HURT, 15, "at_least"), ("b", 8, HURT, 4, "exact")) == [("contradict", "a", "b")]


def test_14_and_later_19_injured_are_one_count_that_grows():
    assert related(("a", 6, HURT, 14, "at_least"), ("b", 12, HURT, 19, "at_least")) == [("same fact", "a", "b")]


def test_14_and_two_hours_later_exactly_19_injured_are_one_count_that_grows():
    assert related(("a", 6, HURT, 14, "exact"), ("b", 8, HURT, 19, "exact")) == [("same fact", "a", "b")]


def test_14_and_19_injured_at_once_cannot_both_hold():
    for rows in (
        (("a", 6, HURT, 14, "exact"), ("b", 6, HURT, 19, "exact")),
        (("a", 6, HURT, 19, "exact"), ("b", 6, HURT, 14, "exact")),
    ):
        assert related(*rows) == [("contradict", "a", "b")]


def test_maxima_of_different_periods_are_not_compared():
    def found(*begins):
        figures = [
            {
                "id": str(value),
                "time": "2026-01-24T20:00+02:00",
                "place": "Town",
                "quantity": HEAT,
                "value": value,
                "qualifier": "exact",
                "kind": "maximum",
                "source": "s",
                "period_start": f"2026-01-24T{hour:02d}:00+02:00",
            }
            for value, hour in zip((6000, 1000), begins, strict=True)
        ]
        return conflicts(Scenario("2026-01-24T00:00+02:00", 72, PLACES, figures=figures), None)["relation"].tolist()

    assert found(1, 16) == []
    assert found(1, 1) == ["contradict"]


def test_820_drained_and_over_800_without_heat_are_one_belief():
    rows = related(("a", 8, "heat_buildings_drained", 820, "exact"), ("b", 9, HEAT, 800, "over"))
    assert rows == [("same fact", "a", "b")]


def test_over_1000_is_1142_but_not_5000():
    assert related(("a", 8, HEAT, 1000, "over"), ("b", 9, HEAT, 1142, "exact")) == [("same fact", "a", "b")]
    assert related(("a", 8, HEAT, 1000, "over"), ("b", 9, HEAT, 5000, "exact")) == [("contradict", "a", "b")]
    assert related(("a", 8, HEAT, 1000, "at_least"), ("b", 9, HEAT, 5000, "exact")) == []


def test_a_bare_round_number_may_be_off_by_its_rounding_and_a_crooked_one_may_not():
    assert related(("a", 8, HEAT, 6000, "exact"), ("b", 9, HEAT, 5643, "exact")) == [("same fact", "a", "b")]
    assert related(("a", 8, HEAT, 5997, "exact"), ("b", 9, HEAT, 5643, "exact")) == [("contradict", "a", "b")]


def test_counts_of_different_days_are_not_compared():
    assert related(("a", 1, HEAT, 6000, "about"), ("b", 20, HEAT, 1000, "about")) == []


def test_bounds_that_leave_room_for_each_other_agree():
    assert related(("a", 8, HEAT, 500, "at_least"), ("b", 8, HEAT, 3000, "under")) == []


def test_the_shipped_table_keeps_396_against_391():
    table = conflicts(Scenario("2026-01-24T00:00+02:00", 72, PLACES, figures=None), None)
    assert table.empty
    figures = check_figures(seeds_folder() / "figures.csv").only(
        lambda figure: figure.event == "24 January" and figure.quantity.endswith("_launched")
    )
    found = conflicts(_Given(figures.records), None)
    assert found[["relation", "why"]].to_numpy().tolist() == [
        ["contradict", "exact 396 against exact 391 at the same time"]
    ]


class _Given:
    """Figures whose event numbers disagree, which a Scenario would refuse."""

    def __init__(self, records):
        self.figure_records = records

    def place(self, name):
        return Place(name)


@pytest.mark.parametrize("word", ["all", "none"])
def test_words_without_an_amount_are_not_compared(word):
    assert related(("a", 8, HEAT, None, word), ("b", 8, HEAT, 3000, "about")) == []


WEST, EAST = (Place(name, power_customers=40_000) for name in ("West", "East"))
CITY = Place("City", parts=[Place("Banks", parts=[WEST, EAST]), Place("Island", power_customers=3000)])


def against_parts(*rows, kind="stock", **changes):
    """Contradictions of counts of power given as (place, value, qualifier), at one time."""
    common = {"quantity": "power_customers_out", "kind": kind, "source": "council", **changes}
    figures = [
        common | {"id": place, "time": "2026-02-04T07:00Z", "place": place, "value": value, "qualifier": word}
        for place, value, word in rows
    ]
    table = conflicts(Scenario("2026-02-04T00:00Z", 48, CITY, figures=figures), None)
    return [tuple(row) for row in table[["relation", "first", "second"]].itertuples(index=False)]


@pytest.mark.parametrize(
    ("city", "parts"),
    [
        (30_123, {"West": 20_457, "East": 15_321}),  # parts alone must not exceed the whole
        (30_123, {"Banks": 30_457}),
        (30_123, {"Island": 2_951, "West": 20_457, "East": 6_321}),  # all parts together must reach it
        (30_123, {"Banks": 20_457, "Island": 2_951}),
    ],
)
def test_parts_that_do_not_add_up_to_the_whole_contradict_it(city, parts):
    rows = [(name, value, "exact") for name, value in parts.items()]
    ((relation, first, second),) = against_parts(("City", city, "exact"), *rows)
    assert (relation, first, set(second.split(" + "))) == ("contradict", "City", set(parts))


@pytest.mark.parametrize(
    ("city", "parts"),
    [
        (35_778, [("West", 20_457, "exact"), ("East", 15_321, "exact")]),  # no word of the island
        (30_123, [("West", 20_457, "exact"), ("East", 15_321, "up_to")]),
        (30_123, [("West", 20_457, "exact"), ("East", None, "thousands"), ("Island", None, "hundreds")]),
        (30_123, [("West", 29_457, "exact"), ("East", None, "none"), ("Island", None, "none")]),
    ],
)
def test_parts_that_may_add_up_to_the_whole_do_not_contradict_it(city, parts):
    assert against_parts(("City", city, "exact"), *parts) == []


def test_the_highest_counts_of_parts_may_exceed_that_of_the_whole_at_different_times():
    rows = [("City", 30_123, "exact"), ("West", 20_457, "exact"), ("East", 15_321, "exact")]
    period = {"period_start": "2026-02-04T01:00Z"}
    assert against_parts(*rows, kind="maximum", **period) == []
    assert len(against_parts(*rows)) == 1

"""No outage and no utility is forecast from itself."""

import json
from itertools import combinations
from pathlib import Path

import event_groups
import learn_priors
import pytest
import real_events
import referee_adapter

import energy_impact as ei

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDERS = [SHARED / name for name in ("events", "events_more/events", "outages_world", "attacks_and_heat")]
LEARNED = json.loads(real_events.LEARNED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def every():
    if not SHARED.is_dir():
        pytest.skip("recorded outages are not at hand")
    return real_events.events(FOLDERS)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("iberia2025_portugal", "iberia2025_spain", "grid_failure"),
        ("kyiv-2025-10-10", "kyiv_water_2025-10-10", "attack"),
        ("attack2025sep_berlin", "berlin_power_2025-09-09", "attack"),
        ("kyiv-2026-01-20", "kyiv-2026-01-24", "attack"),
        ("kharkiv-2026-02-03", "kyiv-2026-02-03", "attack"),
        ("laura2020_entergy_la", "ida2021_entergy", "storm"),
        ("darragh2024_sepd", "arwen2021_ssen", "storm"),
        ("isha2024_shepd", "isha2024_sepd", "storm"),
        ("ice2023feb_dte", "ice2023feb23_dte", "storm"),
        ("argentina-2019-06-16", "uruguay-2019-06-16", "grid_failure"),
        ("ohio-2003-08-14", "new-jersey-2003-08-14", "grid_failure"),
        ("buenos-aires-2025-03-05-morning", "buenos-aires-2025-03-05-noon", "local_fault"),
    ],
)
def test_one_outage_or_one_utility_under_two_names_is_one_group(first, second, kind):
    assert event_groups.group_of(first, kind) == event_groups.group_of(second, kind)


def test_other_outages_of_one_city_stay_apart():
    assert event_groups.group_of("kyiv-2026-01-09", "attack") != event_groups.group_of("kyiv-2026-02-03", "attack")


def test_a_sum_over_utilities_and_its_parts_are_left_out_with_each_other():
    assert event_groups.left_out_with("gb") == {"gb", "npg", "southwales", "ssen"}
    assert event_groups.left_out_with("npg") == {"gb", "npg"}
    assert event_groups.left_out_with("bch") == {"bch"}


def test_an_unknown_utility_is_an_error_and_no_group_of_its_own():
    with pytest.raises(ValueError, match="utility 'southeast' must be named in UTILITIES"):
        event_groups.group_of("storm2026_southeast", "storm")


def test_shipped_scenarios_that_share_figures_share_a_group():
    shipped = {name: ei.load_scenario(name) for name in ei.scenarios()}
    for first, second in combinations(shipped, 2):
        if set(shipped[first].figures["id"]) & set(shipped[second].figures["id"]):
            kind = shipped[first].events[0].kind
            assert event_groups.group_of(first, kind) == event_groups.group_of(second, kind)


def case(event, place):
    return {"event": event, "hazard": "storm", "place": place}


@pytest.mark.parametrize("rule", ["louo", "loeo"])
def test_the_adapter_takes_priors_without_the_utility(monkeypatch, rule):
    monkeypatch.setenv("RULE", rule)
    priors = referee_adapter.priors(case("isha2024_sepd", "sepd"))
    median, spread, loading = LEARNED["storm"]["without ssen"]["severity_power"]
    assert priors["severity_power"] == {"median": median, "spread": spread, "loading": loading}


def test_the_adapter_refuses_an_event_that_no_priors_leave_out(monkeypatch):
    monkeypatch.setenv("RULE", "louo")
    with pytest.raises(ValueError, match="utility 'unknown' must be named"):
        referee_adapter.priors(case("storm2030_unknown", "unknown"))
    with pytest.raises(ValueError, match="has no 'without psps2030_pge' for planned_shutoff"):
        referee_adapter.priors(case("psps2030_pge", "pge") | {"hazard": "planned_shutoff"})
    with pytest.raises(ValueError, match="kind must be one of"):
        referee_adapter.priors(case("isha2024_sepd", "sepd") | {"hazard": "flood"})


def test_every_real_event_has_priors_learned_without_it(every):
    for event in every:
        assert event_groups.priors_without(LEARNED, event.name, event.kind)


def test_every_fact_has_priors_learned_without_it():
    for event in real_events.events([]):
        assert event_groups.priors_without(LEARNED, event.name, event.kind)


def test_what_a_kind_is_not_learned_from_is_forecast_with_what_all_others_say():
    facts = [event for event in real_events.events([]) if event.form == "fact"]
    unused = [event for event in facts if not learn_priors.learned_from(event)]
    assert {event.kind for event in unused} == {"heat_accident"}
    for event in unused:
        assert LEARNED[event.kind][f"without {event.group}"] == LEARNED[event.kind]["all"]


def test_every_outage_is_learned_from_once(every):
    once = real_events.distinct(every)
    dropped = [event.name for event in every if event not in once]
    assert sorted(dropped) == sorted(event_groups.TWINS)
    assert {event.form for event in every if event not in once} == {"published"}
    assert sum(LEARNED[kind]["events"] for kind in LEARNED) == sum(map(learn_priors.learned_from, once))


def test_a_table_without_its_fuller_source_is_kept(every):
    published = [event for event in every if event.form == "published"]
    assert real_events.distinct(published) == published

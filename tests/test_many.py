"""Work shared out: the same bits wherever it runs, and nothing lost when a worker dies."""

import os
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd
import pytest

import energy_impact as ei
from energy_impact import _memory, many
from energy_impact._sharing import run_cases


def storm(name, customers=10_000.0, figures=None):
    return ei.Scenario(
        "2026-01-19T00:00Z",
        96,
        ei.Place("City", power_customers=customers),
        events=[ei.Event("2026-01-19T06:00Z", kind="storm", duration_h=3)],
        figures=figures,
        name=name,
    )


def counted(*values):
    return [
        {"id": f"f{day}", "time": f"2026-01-{19 + day}T12:00Z", "place": "City", "quantity": "power_customers_out"}
        | {"value": value, "qualifier": "exact", "kind": "stock", "source": "s"}
        for day, value in enumerate(values)
    ]


def crews_doubled():
    run = ei.simulate(storm("g"), members=64, rng=3)
    return {"as it is": run, "crews doubled": run.what_if(crews=2)}


@pytest.fixture(scope="module")
def two_processes():
    with ProcessPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def dask_cluster():
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        yield client.get_executor()


def square_or_die(case):
    number, home = case
    if os.getpid() != home and number == 2:
        os._exit(1)
    return number**2


DYING = [(number, os.getpid()) for number in range(6)]


def test_a_worker_that_dies_loses_nothing():
    with ProcessPoolExecutor(2) as pool:
        assert run_cases(square_or_die, DYING, pool) == [0, 1, 4, 9, 16, 25]


def test_a_dask_worker_that_dies_loses_nothing(dask_cluster):
    assert run_cases(square_or_die, DYING, dask_cluster) == [0, 1, 4, 9, 16, 25]


def fail(case):
    raise ValueError(f"case {case}: is wrong")


def test_an_error_of_a_case_is_raised_as_it_is():
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="case 3: is wrong"):
        run_cases(fail, [3], pool)


def test_progress_counts_every_case():
    seen = []
    run_cases(abs, [-1, -2], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    "answer",
    [
        lambda pool: ei.estimate_many([storm("a"), storm("b", 500.0)], members=64, rng=3, executor=pool),
        lambda pool: ei.backtest(storm("c", figures=counted(3000, 900, 80)), members=64, rng=3, executor=pool),
        lambda pool: ei.calibrate(storm("d").replace(horizon_h=168), cases=2, members=64, rng=3, executor=pool),
        lambda pool: ei.bands(storm("e"), members=3000, rng=3, executor=pool),
        lambda pool: ei.estimate(storm("f", figures=counted(3000, 900)), members=64, rng=3).narrowed_by(executor=pool),
        lambda pool: ei.compare(crews_doubled(), executor=pool).table(),
    ],
    ids=["estimate_many", "backtest", "calibrate", "bands", "narrowed_by", "compare"],
)
@pytest.mark.parametrize("pool", ["two_processes", "dask_cluster"])
def test_the_same_bits_with_no_executor_and_any_other(answer, pool, request):
    there = answer(request.getfixturevalue(pool))
    pd.testing.assert_frame_equal(answer(None), there, check_exact=True)


def test_curves_of_options_that_an_executor_ran_are_not_run_again(monkeypatch):
    with ThreadPoolExecutor(2) as pool:
        ready = ei.compare(crews_doubled(), executor=pool)
    monkeypatch.setattr("energy_impact.ensemble_runs.counted_states", None)
    assert len(ready.table()) > 0
    kept = len(ready.options["crews doubled"].curves.draws)
    monkeypatch.undo()
    ready.options["crews doubled"].to_frame()
    assert len(ready.options["crews doubled"].curves.draws) == kept
    sent = pickle.loads(pickle.dumps(ready.options["crews doubled"]))
    assert not sent.curves.draws


def test_a_scenario_that_fails_has_a_row_that_says_why():
    wrong = storm("wrong").replace(priors={"no such parameter": {"median": 1.0, "spread": 1.0}})
    table = ei.estimate_many([storm("right"), wrong], members=16, rng=1)
    failed = table[table["status"] == "failed"]
    assert failed["scenario"].tolist() == ["wrong"]
    assert "not a parameter that can be changed" in failed["error"].item()
    assert (table["scenario"] == "right").sum() == len(ei.estimate(storm("x"), members=16, rng=1).summary())


def test_an_error_that_is_no_refusal_is_raised(monkeypatch):
    def broken(*_, **__):
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(many, "estimate", broken)
    with pytest.raises(ValueError, match="broadcast"):
        ei.estimate_many([storm("a")], members=16, rng=1)


def test_too_little_memory_is_a_refusal(monkeypatch):
    monkeypatch.setattr(_memory, "free_memory", lambda: 0.0)
    monkeypatch.setattr(_memory, "SMALL_GB", 0.0)
    assert "GB free" in ei.estimate_many([storm("a")], members=16, rng=1)["error"].item()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenarios": []}, "scenarios: must be at least one Scenario"),
        ({"scenarios": [storm("a"), storm("a")]}, "repeated: a"),
        ({"scenarios": [storm("a")], "executor": 2}, "executor: must be a concurrent.futures.Executor"),
        ({"scenarios": [storm("a")], "members": 1}, "members: must be a whole number of at least 2"),
        ({"scenarios": [storm("a")], "level": 1.5}, "level: must be between 0 and 1"),
    ],
)
def test_bad_arguments_are_named(given, message):
    scenarios = given.pop("scenarios")
    with pytest.raises(ValueError, match=message):
        ei.estimate_many(scenarios, **given)

"""The fuzzer as a test: every random input is refused with place and rule, or makes sense."""

import os

import pytest

from tests.fuzz.faults import errors, kills
from tests.fuzz.fuzzing import sweep
from tests.fuzz.invariants import check

SEED = int(os.environ.get("FUZZ_SEED", "1"))
CASES = int(os.environ.get("FUZZ_CASES", "1000"))
ERRORS = int(os.environ.get("FUZZ_ERRORS", "40"))
KILLS = int(os.environ.get("FUZZ_KILLS", "4"))
RARELY_SOUND = {"sheet_parts"}
"""Kinds of which one in fifty is accepted."""
SCENARIOS = int(os.environ.get("FUZZ_SCENARIOS", "15"))


def test_no_random_input_ends_in_anything_but_a_clear_error_or_a_sound_answer():
    counts, done, failed = sweep(SEED, range(CASES))
    assert (done, failed) == (CASES, 0)
    assert [kind for kind, ends in counts.items() if not ends["refused"]] == ["words"]
    assert {kind for kind, ends in counts.items() if not ends["accepted"]} <= RARELY_SOUND


@pytest.mark.parametrize("number", range(SCENARIOS))
def test_no_random_scenario_breaks_an_invariant(number):
    assert check(SEED, number) == [], f"seed {SEED}, scenario {number}"


@pytest.mark.skipif(os.name != "posix", reason="forks, and kills with a signal")
def test_a_killed_command_leaves_one_run_or_says_that_it_is_none():
    assert kills(KILLS, SEED) == (KILLS, 0)


@pytest.mark.filterwarnings("ignore")
def test_whichever_call_to_the_disk_fails_each_file_is_whole():
    tried, wrong = errors(ERRORS)
    assert tried >= min(ERRORS, 100)
    assert wrong == 0

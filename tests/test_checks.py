from __future__ import annotations

import ast
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import energy_impact
from energy_impact._checks import (
    FaultsError,
    check_array,
    check_bool,
    check_choice,
    check_count,
    check_generator,
    check_number,
    check_numbers,
    check_path,
    check_text,
    check_utf8,
    collect,
    key_faults,
)


def test_a_word_must_be_a_known_one_and_the_nearest_is_named():
    assert check_choice("kind", "storm", ("attack", "storm")) == "storm"
    with pytest.raises(ValueError, match=r"^kind: 'strom' is not one of attack, storm \(did you mean 'storm'\?\)$"):
        check_choice("kind", "strom", ("attack", "storm"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 2])
def test_a_number_must_be_finite_and_within_its_bounds(value):
    with pytest.raises(ValueError, match=r"^share: must be at least 0 and at most 1, got"):
        check_number("share", value, low=0.0, high=1.0)


@pytest.mark.parametrize("value", ["1", None, True, [1]])
def test_only_a_number_is_a_number(value):
    with pytest.raises(ValueError, match=r"^share: must be a number, got"):
        check_number("share", value)


@pytest.mark.parametrize("value", [1, 0, None, "yes", np.bool_(True)])
def test_only_true_and_false_are_flags(value):
    assert check_bool("near_front", False) is False
    with pytest.raises(ValueError, match=r"^near_front: must be True or False, got"):
        check_bool("near_front", value)


def test_a_bound_may_be_open():
    assert check_number("rate", 0.5, low=0.0, above=True) == 0.5
    with pytest.raises(ValueError, match=r"^rate: must be above 0, got 0"):
        check_number("rate", 0, low=0.0, above=True)


@pytest.mark.parametrize("value", [0, 2.0, True, "3"])
def test_a_count_is_a_whole_number_from_its_least_on(value):
    with pytest.raises(ValueError, match=r"^members: must be a whole number of at least 1, got"):
        check_count("members", value)


def test_a_seed_gives_the_same_numbers_and_a_generator_is_kept():
    assert check_generator(3).random() == np.random.default_rng(3).random()
    generator = np.random.default_rng()
    assert check_generator(generator) is generator
    with pytest.raises(ValueError, match=r"^rng: must be a whole number of at least 0, got -1"):
        check_generator(-1)


def test_a_blank_is_no_text():
    assert check_text("title", "", empty=True) == ""
    with pytest.raises(ValueError, match=r"^name: must be non-empty text, got ' '"):
        check_text("name", " ")


def test_a_byte_order_mark_is_read_over_and_another_encoding_is_reported():
    assert check_utf8("\ufeffKyjiv".encode()) == "Kyjiv"
    with pytest.raises(ValueError, match=r"^must be UTF-8, got byte 0xe4 at 1$"):
        check_utf8("mäyor".encode("latin-1"))
    with pytest.raises(ValueError, match="got byte 0xe4"):
        check_utf8(b"\xef\xbb\xbfm\xe4yor")


def test_a_misspelt_key_is_reported_once_and_a_missing_one_too():
    known = ("start", "places", "title")
    assert key_faults("top", {"strat": 1, "title": 2}, known, ("start", "places")) == [
        "top: unknown key 'strat' (did you mean 'start'?)",
        "top: key 'places' is missing",
    ]
    assert key_faults("top", [1], known) == ["top: must be a table of keys and values, got [1]"]


def test_faults_are_collected_one_by_one():
    faults: list[str] = []

    def fail() -> None:
        raise FaultsError(["a", "b"], "table")

    assert collect(faults, fail) is None
    assert collect(faults, check_count, "n", 0) is None
    assert collect(faults, check_count, "n", 1) == 1
    assert faults == ["a", "b", "n: must be a whole number of at least 1, got 0"]


def test_an_error_counts_its_faults_and_survives_pickling():
    error = pickle.loads(pickle.dumps(FaultsError(["a", "b"], "table")))
    assert str(error) == "table: 2 faults\na\nb"
    assert str(FaultsError(["a"], "table")) == "table: 1 fault\na"


@pytest.mark.parametrize(
    "value", [np.timedelta64(1, "h"), np.bool_(True), Decimal("sNaN"), Decimal(1), pd.Timedelta(1), 1j, pd.NA]
)
def test_what_python_takes_for_a_number_and_is_none_is_refused(value):
    with pytest.raises(ValueError, match=r"^n: must be"):
        check_number("n", value)
    with pytest.raises(ValueError, match=r"^n: must be"):
        check_count("n", value)


def test_a_number_too_large_for_a_float_is_out_of_bounds_and_shown_in_short():
    with pytest.raises(ValueError, match=r"^n: must be at least 0 and at most 5, got 1000") as caught:
        check_number("n", 10**400, low=0, high=5)
    assert len(str(caught.value)) < 200
    with pytest.raises(ValueError, match="that cannot be shown"):
        check_number("n", 10**5000, low=0, high=5)


def test_equal_letters_are_equal_and_what_cannot_be_shown_is_refused():
    assert check_text("name", "Рай\u0438\u0306он") == "Рай\u0439он"
    for wrong in ("a\0", "a\x1b[2J", "a\ud800", "a\uffff", "x" * 10_001):
        with pytest.raises(ValueError, match=r"^name: must (not hold the character U\+|have at most 10000)"):
            check_text("name", wrong)


@pytest.mark.parametrize("value", ["half", 0.5, None, (), [1, "2"], np.array(3.0), {0.5}])
def test_numbers_are_a_sequence_of_numbers(value):
    assert check_numbers("levels", np.array([0.5, 1])) == (0.5, 1.0)
    with pytest.raises(ValueError, match=r"^levels: must be a"):
        check_numbers("levels", value)


@pytest.mark.parametrize("value", ["", " ", "a\0b", "\ud800", 3, None, b"x"])
def test_a_path_is_text_without_nul(value):
    with pytest.raises(ValueError, match=r"^path: must be a path"):
        check_path("path", value)


def test_what_a_check_returns_is_used_and_not_what_was_given():
    checks = "as_float|check_number|check_numbers|check_count|check_text|check_choice|check_level|check_share"
    dropped = re.compile(rf"^\s*(?:\w+\.)?(?:{checks}|central_levels|bounds\.check\w*)\(", re.MULTILINE)
    package = Path(energy_impact.__file__).parent
    found = {
        f"{file.name}: {ast.unparse(node)}"
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr) and dropped.match(ast.unparse(node))
    }
    assert found == set()


@pytest.mark.parametrize("value", ["3", ["1", "2"], True, [True], [1, None], [[1], [1, 2]], 1j, {"a": 1}, b"x"])
def test_an_array_is_made_of_numbers(value):
    assert check_array("hours", [1, Fraction(1, 2), 10**400]).tolist() == [1.0, 0.5, float("inf")]
    with pytest.raises(ValueError, match=r"^hours: must be (a number|numbers)"):
        check_array("hours", value)

"""Order statistics over members."""

from __future__ import annotations

import numpy as np
import pytest

from energy_impact.results import ranks


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("pieces_pay", [False, True])
@pytest.mark.parametrize("members", [513, 1000, 1023, 1024, 1025, 1500, 2047, 2048, 2049, 4097])
def test_pieces_give_the_numbers_of_a_whole_sort(
    members: int, pieces_pay: bool, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranks, "_pieces_pay", lambda: pieces_pay)
    monkeypatch.setattr(ranks, "MOST_RANKS", members)
    values = np.random.default_rng(members).gamma(1, size=(20, members)).astype(np.float32)
    values[:, ::7] = 0  # ties
    values[3, 5:60] = np.inf
    values[4] = 1
    values[5, ::2] += 100  # no random deal: pieces differ
    values[6] = np.sort(values[6])
    values *= sign
    wanted = np.unique(np.concatenate([[0, members - 2, members - 1], np.arange(1, members - 2, 31)]))
    low, high = ranks.neighbours(values, wanted)
    for row, found, following in zip(values, low, high, strict=True):
        ordered = sorted(row.tolist())
        assert found.tolist() == [ordered[rank] for rank in wanted]
        assert following.tolist() == [ordered[min(rank + 1, members - 1)] for rank in wanted]


@pytest.mark.parametrize("shift", [0.01, 100.0])
def test_each_rank_alone_is_looked_for_on_both_sides(shift: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rows whose pieces differ, numbers of a rank lie beyond what is near it, below or above."""
    monkeypatch.setattr(ranks, "_pieces_pay", lambda: True)
    values = np.random.default_rng(0).gamma(1, size=(20, 2048)).astype(np.float32)
    values[:, ::4] *= np.float32(shift)
    ordered = np.sort(values, axis=1)
    for rank in range(0, 2048, 41):
        low, high = ranks.neighbours(values, np.array([rank]))
        assert (low[:, 0] == ordered[:, rank]).all()
        assert (high[:, 0] == ordered[:, min(rank + 1, 2047)]).all()


def test_which_way_is_faster_is_measured_once() -> None:
    assert ranks._pieces_pay() is ranks._pieces_pay()
    assert ranks._pieces_pay.cache_info().misses == 1

import numpy as np
import pytest

from energy_impact.model.arrays import CACHE_LINE, Workspace, aligned
from energy_impact.model.plan import by_place


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (8, 2048)])
def test_arrays_begin_on_a_cache_line_with_members_contiguous(shape):
    found = aligned(shape)
    assert (found.shape, found.dtype) == (shape, np.float32)
    assert found.ctypes.data % CACHE_LINE == 0
    assert found.flags.c_contiguous


def test_a_row_by_place_is_one_number_where_all_places_share_it_else_a_column():
    assert np.shape(by_place(np.array([0.7, 0.7]))) == ()
    assert by_place(np.array([0.7, 0.7])) == np.float32(0.7)
    np.testing.assert_array_equal(by_place(np.array([0.5, 0.25])), [[0.5], [0.25]])


def test_a_workspace_copies_what_it_is_given():
    space, row = Workspace((2, 3)), np.arange(3, dtype=np.float32)
    full = space.full(row)
    full += 1
    np.testing.assert_array_equal(row, [0, 1, 2])
    np.testing.assert_array_equal(full, [[1, 2, 3], [1, 2, 3]])
    assert not np.shares_memory(space.empty(), space.empty())
    assert all(not np.shares_memory(space.zero, scratch) for scratch in space.scratch)

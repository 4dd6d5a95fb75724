"""What jobs of all events hold, in slots that are used again."""

import numpy as np

from energy_impact.model.held import Held, Store

SHAPE = (2, 1, 3)
"""Two jobs, one place, three members."""


def new(store, others):
    """Return an event whose first job, of the last member, is to be done; all its shares are its number."""
    slot = store.add(others)
    assert not store.share[slot].any()
    store.share[slot] = store.fast[slot] = len(others) + 1
    return Held(slot, np.zeros((1, 3), np.float32), np.array([2 + 6 * slot]), [])


def test_slots_of_events_whose_jobs_are_done_are_used_again_and_the_others_keep_theirs():
    store, held = Store(SHAPE, steps=48), []
    for _ in range(4):
        held.append(new(store, held))
    assert len(store.share) == 4
    left = [held[1], held[3]]
    left.append(new(store, left))
    assert len(store.share) == 4
    assert [own.slot for own in left] == [0, 1, 2]
    assert [store.share[own.slot].max() for own in left] == [2, 4, 3]
    released = store.released(np.concatenate([own.order for own in left]))
    assert released.held.tolist() == [2, 4, 3]
    assert released.cell.tolist() == [2, 2, 2]
    assert not released.back.any()


def test_slow_damage_of_several_slots_is_released_apart_from_fast_damage_and_never_more_than_is_held():
    """Of what the jobs of three events hold, some is fast damage, some slow, and only the rest is back."""
    store, held = Store(SHAPE, steps=48), []
    of_events = [(0.5, 0.125, 0.25), (0.25, 0.0, 0.25), (0.5, 0.375, 0.25)]
    for share, fast, slow in of_events:
        held.append(new(store, held))
        slot = held[-1].slot
        store.share[slot], store.fast[slot], store.slow[slot] = share, fast, slow
    del held[1]
    held.append(new(store, held))
    assert not store.slow[held[-1].slot].any()
    store.slow[held[-1].slot, 0, 0, 2] = 1
    released = store.released(np.concatenate([own.order for own in held]))
    assert released.held.tolist() == [0.5, 0.5, 3]
    assert released.fast.tolist() == [0.125, 0.375, 3]
    assert released.slow.tolist() == [0.25, 0.25, 1]
    assert released.back.tolist() == [0.125, 0, 0]
    later = released.part(slice(1, 2))
    assert (later.slow.tolist(), later.back.tolist()) == ([0.25], [0])

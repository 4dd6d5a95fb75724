"""A place that a sentence names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceMention:
    """
    A place named by the tokens of a sentence from `first` up to `end`; `sure` where a place must stand there.

    Its name is empty for words such as "in the region", which mean the place spoken of before; `spoken` says
    which kind of place that is, "city" or "region", where the words do, "part" for a name that may be a quarter, and
    "network" for the area of an operator.
    """

    first: int
    end: int
    name: str
    sure: bool
    spoken: str = ""

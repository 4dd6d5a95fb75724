"""The reader as a scorer of gold rows calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import energy_impact as ei

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import pandas as pd


def read(
    text: str, published: str | datetime, language: str | None = None, places: Sequence[ei.Place] | None = None
) -> pd.DataFrame:
    """Return the candidates of a text, with the columns of figures, `start`, `end` and `confidence`."""
    return ei.read_text(text, published=published, language=language, places=places).candidates

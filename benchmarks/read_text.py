"""The reader as a scorer of gold rows calls it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from energy_impact.text.grammar import find_candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.places import Place


def read(
    text: str, published: str | datetime, language: str | None = None, places: Sequence[Place] | None = None
) -> list[dict[str, Any]]:
    """Return the candidates of a text, one dict each, with the columns of figures, `start`, `end`, `confidence`."""
    at = datetime.fromisoformat(published) if isinstance(published, str) else published
    return [asdict(row) for row in find_candidates(text, published=at, language=language, places=places)]

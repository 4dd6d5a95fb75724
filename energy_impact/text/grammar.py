"""Stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from energy_impact.places import Place
    from energy_impact.text.candidate import Candidate

LANGUAGES = ("en", "uk", "ru", "de")


def find_candidates(
    text: str, *, published: datetime, language: str | None = None, places: Sequence[Place] | None = None
) -> tuple[Candidate, ...]:
    """Return nothing."""
    return ()


def recognise_language(text: str) -> str:
    """Return English."""
    return "en"

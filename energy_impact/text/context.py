"""What is known around an amount: its sentence, and what the sentences before it said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from energy_impact.text.candidate import Candidate
    from energy_impact.text.counted import Counted, Marked
    from energy_impact.text.cues import Cue
    from energy_impact.text.names import Names
    from energy_impact.text.tables import Column
    from energy_impact.text.times import TimeMention


@dataclass
class Context:
    """What the sentences before said: service, state, unit, places, times, speaker and the columns of a table."""

    system: str = ""
    state: str = ""
    unit: str = ""
    weapon: str = ""
    place: str | None = None
    near: str | None = None
    city: str | None = None
    region: str | None = None
    time: TimeMention | None = None
    day: TimeMention | None = None
    last: TimeMention | None = None
    stated: TimeMention | None = None
    onset: TimeMention | None = None
    recent: TimeMention | None = None
    raid: TimeMention | None = None
    night: TimeMention | None = None
    row: Candidate | None = None
    topic: str | None = None
    paragraphs: int = 0
    turned: bool = False
    of_other: bool = False
    heading: bool = False
    background: bool = False
    speaker: str | None = None
    columns: tuple[Column, ...] = ()
    seen: set[str] = field(default_factory=set)
    usual: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    fahrenheit: bool = False


@dataclass(frozen=True)
class Surroundings:
    """The sentence at hand, and what is known around it."""

    marked: Marked
    items: Sequence[Counted]
    found: Sequence[Cue]
    context: Context
    names: Names
    published: datetime
    whole_day: bool = False

    def now(self, zone: tzinfo) -> datetime:
        """Return the last moment that is past: that of publication, or the end of its day where no hour is given."""
        if not self.whole_day:
            return self.published
        day = self.published
        return datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone)

    def moment(self, mention: TimeMention, zone: tzinfo) -> tuple[datetime, float]:
        """Return the latest moment of a stated time that is past, in UTC, and its possible error [h]."""
        return mention.moment(self.published if mention.parts.ago_h is not None else self.now(zone), zone)


@dataclass(frozen=True)
class Decided:
    """An amount of the sentence that was read, with its unit and state."""

    item: Counted
    unit: str
    state: str

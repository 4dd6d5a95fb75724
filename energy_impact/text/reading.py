"""A text read for figures: candidates, questions, decisions, and the figures that a person accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from energy_impact._checks import brief, check_choice, check_number, check_text, check_type, nearest
from energy_impact.figures.figure import COLUMNS
from energy_impact.figures.rows import repeated_ids
from energy_impact.figures.table import FigureError, read_figures, typed_column
from energy_impact.places import Place
from energy_impact.results.tables.conflicts import Pair
from energy_impact.scenario.events import check_names, utc_time
from energy_impact.text.gazetteer import given_spellings
from energy_impact.text.questions import Question, questions
from energy_impact.text.regions import given_regions
from energy_impact.text.row import Article, Row, related, settled, zones
from energy_impact.text.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from energy_impact.text.candidate import Candidate

LONGEST_TEXT = 2_000_000
"""Longest text that is read. [characters]"""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, eq=False)
class Reading:
    """
    What one or more texts seem to state, with what a person decided; `read_text` makes it.

    In a notebook it shows the text with its figures marked. Every method returns a new one.

    Parameters
    ----------
    articles : tuple of Article
    rows : tuple of Row
        One per candidate, in the order of the text.
    places : tuple of Place
        Places that were given to look for; empty if none were.

    Examples
    --------
    >>> import energy_impact as ei
    >>> article = "On Saturday morning 6,000 apartment blocks in Kyiv were without heating."
    >>> reading = ei.read_text(article, published="2026-01-24T12:00+02:00", source="a newspaper")
    >>> reading.questions()
    ()
    >>> figures = reading.accept(0.8).figures()
    >>> figures.loc[0, ["id", "quantity", "note"]].tolist()
    ['a-newspaper-1', 'heat_buildings_out', '“6,000 apartment blocks”']
    """

    articles: tuple[Article, ...]
    rows: tuple[Row, ...]
    places: tuple[Place, ...] = ()

    def __repr__(self) -> str:
        accepted = sum(row.accepted for row in self.rows)
        unclear = sum(bool(row.asked) for row in self.rows)
        counted = "1 article" if len(self.articles) == 1 else f"{len(self.articles)} articles"
        notes = dict.fromkeys(
            unread(article.text, article.language, found=any(row.article == at for row in self.rows))
            for at, article in enumerate(self.articles)
        )
        said = "".join(f"; {note}" for note in notes if note)
        return f"Reading({counted}, candidates: {len(self.rows)}, accepted: {accepted}, to ask about: {unclear}{said})"

    def _repr_html_(self) -> str:
        from energy_impact.text.display import section

        return section(self.articles, self.rows, self.places)

    @property
    def candidates(self) -> pd.DataFrame:
        """
        The candidates, one row each: the columns of a table of figures, then where and how surely it was read.

        `start` and `end` are characters of the text, `quote` the words between them, `confidence` lies from 0 to 1,
        `reason` holds the words that the reading rests on, and `accepted` is True where a person accepted it.
        """
        cells = [row.cells for row in self.rows]
        table = {name: typed_column(name, [cell[name] for cell in cells]) for name in COLUMNS}
        found = [row.found for row in self.rows]
        table |= {name: pd.Series([getattr(one, name) for one in found], dtype="int64") for name in ("start", "end")}
        table["quote"] = pd.Series([one.quote for one in found], dtype=table["note"].dtype)
        table["confidence"] = pd.Series([one.confidence for one in found], dtype="float64")
        table["reason"] = pd.Series([one.reason for one in found], dtype=table["note"].dtype)
        table["accepted"] = pd.Series([row.accepted for row in self.rows], dtype=bool)
        return pd.DataFrame(table)

    def questions(self) -> tuple[Question, ...]:
        """
        Return what a person has yet to say: a question per missing place, time or start, and per unsure candidate.

        Where places were given to the reading, a place that is none of them is asked about too.

        Returns
        -------
        tuple of Question
            Each with `id`, `about` ("place", "time", "period_start" or "confidence") and `question`; as text it is one
            line. Accepted candidates have none.
        """
        return questions(self.rows)

    def conflicts(self) -> pd.DataFrame:
        """
        Return the pairs of candidates that cannot both hold ("contradict") or report the same fact ("same fact").

        Returns
        -------
        DataFrame
            Columns `relation`, `first`, `second`, `place`, `quantity` and `why`, as in `Estimate.conflicts`.
            Candidates without a place or a time are in no pair.
        """
        return pd.DataFrame(related(self.rows), columns=list(Pair._fields))

    def set(self, id: str, /, **changes: object) -> Reading:
        """
        Return it with some cells of a candidate changed.

        Parameters
        ----------
        id : str
            Id of the candidate.
        **changes
            Columns of the table of figures, apart from `id` and `source`. A `time` alone keeps the uncertainty that the
            text gave it.

        Raises
        ------
        FigureError
            If a column is unknown or a cell breaks a rule of the table.
        ValueError
            If there is no such candidate.

        Examples
        --------
        >>> import energy_impact as ei
        >>> reading = ei.read_text("6,000 apartment blocks have no heating.", published="2026-01-24T12:00+02:00")
        >>> print(*reading.questions())
        article-2026-01-24-1: Of which place is the “6,000 apartment blocks” (buildings without district heat)?
        >>> reading.set("article-2026-01-24-1", place="Kyiv").questions()
        ()
        """
        self._known([id])
        return replace(self, rows=tuple(row.changed(changes) if row.id == id else row for row in self.rows))

    def accept(self, which: str | Sequence[str] | float) -> Reading:
        """
        Return it with more candidates accepted.

        Parameters
        ----------
        which : str, sequence of str or float
            Ids of candidates, or the lowest confidence of those to accept.

        Raises
        ------
        FigureError
            If one of them has no place or no time, or breaks another rule of the table of figures; all are named.
            `set` says what is missing, `drop` leaves a candidate out.
        ValueError
            If there is no such candidate, or the confidence is not in [0, 1].
        """
        if isinstance(which, int | float):
            lowest = check_number("which", which, low=0.0, high=1.0)
            ids = frozenset(row.id for row in self.rows if row.found.confidence >= lowest)
        else:
            ids = self._known(which)
        faults = [fault for row in self.rows if row.id in ids for fault in row.faults]
        if faults:
            raise FigureError(faults, "not to be accepted before they are set (or dropped)")
        return replace(self, rows=tuple(replace(row, accepted=row.accepted or row.id in ids) for row in self.rows))

    def drop(self, ids: str | Sequence[str]) -> Reading:
        """
        Return it without some candidates.

        Raises
        ------
        ValueError
            If there is no such candidate.
        """
        dropped = self._known(ids)
        return replace(self, rows=tuple(row for row in self.rows if row.id not in dropped))

    def joined(self, other: Reading) -> Reading:
        """
        Return both readings as one, such as of several articles on one event; `conflicts` then shows their repeats.

        Raises
        ------
        FigureError
            If an id is repeated: each text needs a source of its own.
        ValueError
            If `other` is not a Reading.
        """
        check_type("other", other, Reading, "a Reading")
        moved = tuple(replace(row, article=row.article + len(self.articles)) for row in other.rows)
        rows = (*self.rows, *moved)
        faults = repeated_ids([row.id for row in rows], range(len(rows)))
        if faults:
            raise FigureError(faults, "readings to join, whose texts need sources of their own")
        places = tuple(dict.fromkeys((*self.places, *other.places)))
        return Reading((*self.articles, *other.articles), rows, places)

    def figures(self) -> pd.DataFrame:
        """
        Return the accepted candidates as `read_figures` does; the note begins with the words of the text.

        Raises
        ------
        ValueError
            If none is accepted.
        FigureError
            If one has been changed so that it breaks a rule of the table.
        """
        accepted = [row for row in self.rows if row.accepted]
        if not accepted:
            none = f"none of the {len(self.rows)} candidates is accepted yet"
            raise ValueError(f"figures: {none}, and one must be (see Reading.accept)")
        faults = [fault for row in accepted for fault in row.faults]
        if faults:
            raise FigureError(faults, "reading")
        return read_figures([row.noted for row in accepted])

    def _known(self, ids: str | Sequence[str]) -> frozenset[str]:
        """Return the ids of candidates, checked."""
        known = dict.fromkeys(row.id for row in self.rows)
        names = check_names("id", (ids,) if isinstance(ids, str) else ids)
        for name in names:
            if name not in known:
                raise ValueError(f"id: must be that of a candidate, got {name!r}{nearest(name, known)}")
        return frozenset(names)


def read_text(
    text: str,
    *,
    published: str | date,
    language: str | None = None,
    places: Place | Sequence[Place] | None = None,
    source: str | None = None,
) -> Reading:
    """
    Return the figures that an article seems to state, as candidates for a person to confirm.

    Six or seven candidates in ten are right in every field, so none enters a fit before it is accepted.

    Parameters
    ----------
    text : str
        The article, at most 2,000,000 characters; markup in it is read as text.
    published : str, date or datetime
        When it was published, as days such as "on Saturday" count from there: ISO 8601 with a UTC offset, a
        timezone-aware datetime, or a day. All of a day counts as past, and its noon in the timezone of the first place
        (else UTC) is that of a figure without a time.
    language : str, optional
        A language of `energy_impact/text/lexicons`, such as "uk"; None = recognised from the text.
    places : Place or sequence of Place, optional
        Places that the text may speak of, with all their parts; None = the shipped ones and names in the text.
    source : str, optional
        Source of the figures, the start of their ids too; None = "article" and the day of publication.

    Returns
    -------
    Reading
        Its `candidates`, with what is left to ask.

    Raises
    ------
    ValueError
        If the text is too long, the time of publication has no UTC offset or is not between 1900 and 2150, or the
        language is unknown.

    Examples
    --------
    >>> import energy_impact as ei
    >>> article = "On Saturday morning 6,000 apartment blocks in Kyiv were without heating."
    >>> reading = ei.read_text(article, published="2026-01-24T12:00+02:00", source="a newspaper")
    >>> reading
    Reading(1 article, candidates: 1, accepted: 0, to ask about: 0)
    >>> reading.candidates.loc[0, ["quantity", "qualifier", "place", "quote"]].tolist()
    ['heat_buildings_out', 'exact', 'Kyiv', '6,000 apartment blocks']
    """
    from energy_impact.text.grammar import find_candidates
    from energy_impact.text.lexicon import LANGUAGES, recognise_language

    if not isinstance(text, str):  # any character may stand in an article, and its offsets must not move
        raise ValueError(f"text: must be text, got {brief(text)}")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"text: must have at most {LONGEST_TEXT:,} characters, got {len(text):,}")
    known = _check_places(places)
    when, whole_day = _check_published(published, known)
    spoken = recognise_language(text) if language is None else check_choice("language", language, LANGUAGES)
    name = f"article-{when:%Y-%m-%d}" if source is None else check_text("source", source).strip()
    moment = when.to_pydatetime()
    found = find_candidates(text, published=moment, whole_day=whole_day, language=spoken, places=known or None)
    return Reading((Article(text, when.tz_convert("UTC"), spoken, name),), tuple(_rows(found, name, known)), known)


def _rows(found: Iterable[Candidate], source: str, places: Sequence[Place]) -> Iterable[Row]:
    """Yield the candidates as rows, with ids that begin with the source."""
    start = re.sub(r"[\W_]+", "-", source.lower()).strip("-") or "article"
    known, spelt = zones(places), given_spellings(places) | given_regions(places)
    names = frozenset(part.name for place in places for part in place.walk())
    for number, candidate in enumerate(found, 1):
        placed = replace(candidate, place=spelt.get(candidate.place or "", candidate.place))
        yield Row(f"{start}-{number}", 0, source, settled(placed, known), places=names)


def _check_places(places: Place | Sequence[Place] | None) -> tuple[Place, ...]:
    given = () if places is None else (places,) if isinstance(places, Place) else places
    if not isinstance(given, list | tuple) or not all(isinstance(place, Place) for place in given):
        raise ValueError(f"places: must be a Place or a list of them, got {brief(places)}")
    return tuple(given)


def _check_published(published: object, places: Sequence[Place]) -> tuple[pd.Timestamp, bool]:
    """Return the time of publication, of a day its noon, with the offset of the hours of the text; True for a day."""
    day = published
    if isinstance(published, str) and _DAY.fullmatch(published.strip()):
        try:
            day = date.fromisoformat(published.strip())
        except ValueError as error:
            raise ValueError(f"published: must be a day of the calendar, got {published!r}") from error
    if isinstance(day, date) and not isinstance(day, datetime):
        zone = places[0].timezone if places else "UTC"
        noon = datetime.combine(day, time(12), ZoneInfo(zone))
        utc_time("published", noon)
        return pd.Timestamp(noon), True
    try:
        when = utc_time("published", published)
    except ValueError as error:
        raise ValueError(f"{error} (a day such as 2026-01-24 will do)") from error
    given = datetime.fromisoformat(published.strip()) if isinstance(published, str) else published
    return when.tz_convert(getattr(given, "tzinfo", None)), False

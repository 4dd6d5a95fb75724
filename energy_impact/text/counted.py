"""What an amount counts: the noun after it, the total that it is part of, or nothing that is a figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from energy_impact.text.labels import (
    is_label,
    is_led_by,
    is_of_person_or_year,
    is_year,
    may_be_hour,
    may_be_year,
)
from energy_impact.text.numbers import DASHES, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.lexicon import Sentence, Tag
    from energy_impact.text.numbers import Amount
    from energy_impact.text.place_mention import PlaceMention
    from energy_impact.text.times import TimeMention

LONGEST_GAP, LONGEST_REACH = 3, 9
"""Words that are not known, and tokens in all, that may stand between an amount and its noun. (judgement)"""
_JOINTS = frozenset("\"'«»“”„’")
_STOPS = (
    *("stop", "out", "lack", "back", "as_of", "place_before", "comparison", "another", "partly"),
    *("lowest", "moves", "said", "respectively"),
)
"""Groups whose words end the search for the noun of an amount."""
_LEADS = ("qualifier", "article", "only")
"""Groups whose words may stand right before an amount."""
TABLED = frozenset({"customers", "households", "homes", "people", "buildings"})
"""Units that may stand before their number, as in a table."""
_HEADINGS = TABLED | {"drones", "missiles", "regions"}
"""Units that may stand in the heading of a number: "Regions with emergency cuts: 9"."""
OUTAGES = "outages"
"""Unit of faults, which are customers where there are many."""
_PARTICIPLES = ("out", "launched", "intercepted")
"""Groups whose words may describe a noun that follows them."""
_DESCRIBED = TABLED | {"drones", "missiles"}
"""Units before which a participle may stand: "affected customers", "gestartete Drohnen"."""


@dataclass(frozen=True)
class Counted:
    """
    An amount with what it counts.

    Attributes
    ----------
    amount : Amount
        The amount.
    unit : str
        "customers", "buildings", ...; empty for a bare number.
    end : int
        Token after its noun.
    how : {"noun", "bare", "before", "other"}
        Whether its noun follows, there is none, it stands before, or it counts something that is no figure.
    total : int or None
        Place in the list of amounts of the total that this amount is part of: "48 of the 1,900 customers".
    """

    amount: Amount
    unit: str
    end: int
    how: Literal["noun", "bare", "before", "other"]
    total: int | None = None


@dataclass(frozen=True)
class Marked:
    """A sentence with its amounts, times and places."""

    sentence: Sentence
    amounts: Sequence[Amount]
    times: Sequence[TimeMention]
    places: Sequence[PlaceMention]


def counted_alone(marked: Marked, index: int, later: Sequence[Counted]) -> Counted:
    """Return what an amount counts; `later` holds the amounts that follow it."""
    sentence, amount = marked.sentence, marked.amounts[index]
    if _counts_nothing(sentence, amount):
        return Counted(amount, "", amount.end, "other")
    places = {mention.first: mention.end for mention in marked.places}
    times = {mention.first: mention.end for mention in marked.times}
    at, skipped, partitive = amount.end, 0, amount.share
    if sentence.word(at) == "-" and sentence.at("unit", at + 1) is not None:
        at += 1
    while at < min(amount.end + LONGEST_REACH, len(sentence.tokens)):
        step = _step(sentence, at, share=amount.share)
        if isinstance(step, tuple):
            unit, end = step
            busied = any(sentence.at("busied", after) for after in (end, end + 1))
            return Counted(amount, unit, end, "other" if unit == "other" or busied else "noun")
        if at == amount.end and sentence.at("partly", at) is not None and sentence.at("of", at) is not None:
            break
        of = sentence.at("of", at)
        if of is not None and (total := _starts(later, sentence, of.end)) is not None:
            part = later[total]
            return Counted(_as_scaled(sentence, amount, part.amount), part.unit, part.end, part.how, index + 1 + total)
        if of is not None:
            at, partitive = of.end, True
        elif partitive and (total := _starts(later, sentence, at)) is not None:
            part = later[total]
            return Counted(amount, part.unit, part.end, part.how, index + 1 + total)
        elif at in places:
            owner = any(sentence.at("unit", after) for after in range(places[at], places[at] + 3))
            if partitive and amount.share and not owner:
                return Counted(amount, "place", places[at], "noun")
            at = places[at]
        elif (noun := _described(sentence, at)) is not None:
            return Counted(amount, noun.value, noun.end, "other" if noun.group == "other" else "noun")
        elif _describes(sentence, at - 1, skipped) and (noun_of := _shared(later, sentence, at)) is not None:
            return Counted(amount, noun_of.unit, at, "noun")
        elif at in times and _is_participle(sentence, at - 1):
            at = times[at]
        elif at in times or (step == "stop" and not (skipped and sentence.at("list_and", at))):
            break
        else:
            skipped += step == "skip"
            at += 1
            if skipped > LONGEST_GAP:
                break
    if skipped and sentence.lexicon.endings and sentence.at("out", at) is not None:
        return _bare(sentence, amount)
    if skipped and not (amount.share and amount.digits) and not amount.signed:
        return Counted(amount, "", amount.end, "other")
    return _bare(sentence, amount)


def _as_scaled(sentence: Sentence, part: Amount, whole: Amount) -> Amount:
    """Return a fraction of a unit with the "million" of the total that it is part of: "6.2 of the 6.5 million"."""
    told = part.value is not None and part.value % 1 and not (part.scaled or part.share) and whole.scaled
    scale = scale_of(sentence, whole.first, whole.end) if told else 1.0
    return replace(part, value=(part.value or 0.0) * scale, scaled=True) if told else part


def _is_participle(sentence: Sentence, at: int) -> bool:
    """Whether a word that describes a noun some words later stands at a token: "111 shot down overnight drones"."""
    return bool(sentence.lexicon.endings) and sentence.tagged(at, "intercepted", "launched", "out")


def _counts_nothing(sentence: Sentence, amount: Amount) -> bool:
    """Whether a number is a label, "zero", the "one" of "one of", what a count fell by, or of what crews did."""
    one_of = amount.value == 1 and not amount.digits and sentence.at("of", amount.end) is not None
    unit = sentence.at("unit", amount.end)
    if amount.value == 0 and not (amount.digits or amount.signed or (unit is not None and unit.value == "degrees")):
        return True
    fell_by = amount.share and is_led_by(sentence, "comparison_before", amount.first)
    named = is_label(sentence, amount) or is_of_person_or_year(sentence, amount)
    return one_of or fell_by or named or is_led_by(sentence, "busied", amount.first)


def _described(sentence: Sentence, at: int) -> Tag | None:
    """Return the noun that a participle describes: "affected customers", "vom Stromausfall betroffene Haushalte"."""
    for noun in range(at + 1, at + 5):
        unit = sentence.at("unit", noun) or sentence.at("other", noun)
        participles = [sentence.ending(group, noun) for group in _PARTICIPLES]
        if unit is not None and any(tag is not None and tag.start >= at for tag in participles):
            return unit if unit.group == "other" or unit.value in _DESCRIBED else None
    return None


def _step(sentence: Sentence, at: int, *, share: bool) -> tuple[str, int] | str:
    """Return the noun at a token with its end, or whether the search "skip"s the token, passes or "stop"s at it."""
    unit, other = sentence.at("unit", at), sentence.at("other", at)
    if unit is not None and unit.value == "place" and not share:
        return "other", unit.end
    if unit is not None and _is_in_name(sentence, at, unit.end):
        return "skip"
    if unit is not None and sentence.lexicon.capital_nouns and sentence.tagged(unit.end, "unit", "other"):
        return "pass"
    if unit is not None and (other is None or unit.end >= other.end):
        of_weapons = unit.value in {"drones", "missiles"} and sentence.at("other", unit.end) is not None
        return "other" if of_weapons else unit.value, unit.end
    possessive = sentence.lexicon.possessive
    if other is not None and possessive and sentence.word(at).endswith(possessive):
        return "pass"
    if other is not None:
        return other.value if other.value == OUTAGES else "other", other.end
    token = sentence.tokens[at]
    if sentence.tagged(at, "article", "qualifier_after") or token.text in _JOINTS:
        return "pass"
    if token.text == "." and at + 1 < len(sentence.tokens) and sentence.ending("multiplier", at) is not None:
        return "pass"
    faults = sentence.at("out", at)
    if faults is not None and (last := sentence.ending("other", faults.end)) is not None and last.value == OUTAGES:
        return OUTAGES, faults.end
    if sentence.lexicon.endings and sentence.tagged(at, "intercepted", "launched") and not sentence.tagged(at, "out"):
        return "pass"
    if sentence.lexicon.capital_nouns and sentence.tagged(at, "intercepted", "launched"):
        return "stop"
    served = sentence.lexicon.endings and sentence.at("service", at) is not None
    if token.kind != "word" or served or sentence.tagged(at, *_STOPS):
        return "stop"
    return "skip"


def _is_in_name(sentence: Sentence, at: int, end: int) -> bool:
    """Whether a noun is part of a name, as in "Consumers Energy"."""
    tokens = sentence.tokens
    return (
        not sentence.lexicon.capital_nouns
        and at > 0
        and tokens[at].capital
        and end < len(tokens)
        and tokens[end].capital
    )


def _starts(later: Sequence[Counted], sentence: Sentence, at: int) -> int | None:
    """Return the amount that begins at a token, past articles, qualifiers and words such as "only"."""
    for _ in range(3):
        tag = next((tag for group in _LEADS if (tag := sentence.at(group, at)) is not None), None)
        index = next((i for i, counted_ in enumerate(later) if counted_.amount.first == at), None)
        if index is not None or tag is None:
            return index
        at = tag.end
    return None


def _describes(sentence: Sentence, at: int, skipped: int) -> bool:
    """Whether the last word skipped may describe a noun, "domestic", and is none itself, "sanatoriums"."""
    if not skipped:
        return False
    if sentence.lexicon.capital_nouns:
        return not sentence.tokens[at].capital
    described = sentence.at("adjectival", at) is not None
    return described if sentence.lexicon.endings else sentence.at("plural", at) is None


def _shared(later: Sequence[Counted], sentence: Sentence, at: int) -> Counted | None:
    """Return the amount whose noun one before it shares: "2,300 domestic and 140 business customers"."""
    index = _starts(later, sentence, at + 1) if sentence.at("list_and", at) else None
    noun = index is not None and later[index].how == "noun" and later[index].unit in TABLED
    return later[index] if index is not None and noun else None


def _bare(sentence: Sentence, amount: Amount) -> Counted:
    """Return an amount without a noun after it: its noun may stand before, as in a table."""
    last = amount.end >= len(sentence.tokens) - 1
    if amount.signed:
        return Counted(amount, "", amount.end, "bare")
    if last and not sentence.ending("place_before", amount.first):
        units = [unit for unit in sentence.of("unit") if 0 < amount.first - unit.end <= 5 and unit.value in _HEADINGS]
        if units and not any(_says(sentence, at) for at in range(units[-1].end, amount.first)):
            return Counted(amount, units[-1].value, amount.end, "before")
    if _is_tally_of_other(sentence, amount):
        return Counted(amount, "", amount.end, "other")
    for at in range(amount.first, max(amount.first - 4, 0), -1):
        unit = sentence.ending("unit", at)
        if unit is not None and unit.value in TABLED:
            return Counted(amount, unit.value, amount.end, "before")
        if sentence.word(at - 1) not in {":", "–", "—", "-", "|", "("} and sentence.ending("qualifier", at) is None:
            break
    year = may_be_year(sentence, amount)
    if year and is_year(sentence, amount):
        return Counted(amount, "", amount.end, "other")
    small = amount.value is not None and abs(amount.value) < 3 and not (amount.share or amount.signed)
    words = not (amount.digits or amount.scaled or amount.order or amount.share or amount.signed)
    words = words and not sentence.tagged(amount.end, "intercepted")
    small = small or may_be_hour(sentence, amount)
    lead = any(sentence.ending(group, amount.first) for group in ("place_before", "time_filler", "month", "since"))
    return Counted(amount, "", amount.end, "other" if small or words or (year and lead) else "bare")


def _is_tally_of_other(sentence: Sentence, amount: Amount) -> bool:
    """Whether a dash parts a number from what it counts, which is no figure: "shelters in the region – 389"."""
    head = next((tag for tag in sentence.of("other") if tag.start <= 1), None)
    if head is None or sentence.word(amount.first - 1) not in DASHES:
        return False
    gap = range(head.end, amount.first - 1)
    units = any(tag.start in gap and tag.value != "place" for tag in sentence.of("unit"))
    told = any(sentence.tagged(at, "out", "lack", "back", "service") for at in gap)
    return not (units or told) and all(sentence.tokens[at].kind == "word" for at in gap)


def _says(sentence: Sentence, at: int) -> bool:
    """Whether a token is a number, or says something of a service."""
    return sentence.tokens[at].kind == "number" or sentence.tagged(at, "lack", "out", "back", "service")

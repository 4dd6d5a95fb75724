"""What a count of customers, buildings or people means: which service they lack or have back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.clauses import is_one_clause
from energy_impact.text.context import Decided
from energy_impact.text.counted import TABLED
from energy_impact.text.cues import is_service, nearest
from energy_impact.text.doubts import DOUBTS
from energy_impact.text.governing import cue_of, in_cue, parted, which_clause
from energy_impact.text.meaning import DEFAULT_UNITS, quantity_of
from energy_impact.text.numbers import DASHES
from energy_impact.text.special import WEAPONS, Meant
from energy_impact.text.standing import is_supposed

if TYPE_CHECKING:
    from energy_impact.text.context import Surroundings
    from energy_impact.text.counted import Counted
    from energy_impact.text.cues import Cue
    from energy_impact.text.lexicon import Sentence, Tag

COUNTED = frozenset({"customers", "households", "people"})
"""Units of a number that stands far from its noun: "the number of households without heat fell from 6,300 to 1,850"."""
SERVED = frozenset({"customers", "households"})
"""Units whose share with a service leaves a share without it."""
HOUSED = frozenset({"households", "people"})
"""Units to which heat can be given back, though no quantity counts them."""
MOST_BUILDINGS = 15_000
"""Largest number without heat that counts buildings where no noun says so: Kyiv has some 12,000. (judgement)"""
MANY_HOMES = 1_000
"""Least number of "houses" with power again that counts the customers in them, not buildings. (judgement)"""
WHOLE_REACH = 9.0
"""Cost up to which a cue speaks of "all" or "none". (judgement)"""
NEAR, HURT_REACH = 4, 12
"""Tokens from an amount to "damaged", and those where a verb leads that: "are uninhabitable". (judgement)"""
FAR, RIVAL, CROWDED = 6.0, 5.0, 4
"""Cost from which a cue is far, lead of a cue over its rival, and amounts in a crowded sentence. (judgement)"""

GIVEN_REACH = 3
"""Tokens from "restored power" to those that it was given back to: "to some of the 150 homes". (judgement)"""
LOST_REACH = 4
"""Tokens after "who" within which a word says what they lost: "who had been left without power". (judgement)"""
LONGEST_REASON = 6
"""Words of a cue that are shown at most. [tokens]"""


def service(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what a count of customers, buildings or people means."""
    sentence, value = around.marked.sentence, item.amount.value
    cue, away, doubt = cue_of(around, item, done)
    if cue is None or (value is not None and value % 1 and not item.amount.share):
        return None
    remaining = _is_left(around, item, cue)
    if is_future(around, item, max(cue.end, item.end), cue) and not remaining:
        return None
    if is_served(around, item) or _is_denied(around, item) or parted(around, item, cue):
        return None
    if _only_part(sentence, item, cue) or _never_lost(around, item, cue) or _gives_back(around, item, cue):
        return None
    excepted = cue.state == "back" and _is_excepted(sentence, item)
    not_yet = cue.state == "back" and _is_not_yet(sentence, item, cue)
    state = "out" if remaining or _lost_it(sentence, item) or excepted or not_yet else cue.state
    system = _counted_system(sentence, item, cue) or _headed(sentence, item)
    named = () if _is_of_any_grid(around, cue) else cue.systems
    system = system or (named[0] if named else _system(around, cue, item.unit))
    moved = item.how == "bare" and bool(sentence.of("moves")) and cue.state == "out"
    switched_off = any(cue.first <= tag.start < cue.end for tag in sentence.of("switched_off"))
    if not system and (moved or switched_off or item.unit in {"customers", "households", "homes"}):
        system, doubt = "power", doubt + DOUBTS["system"]
    if not system:
        return None
    doubt += _doubt(around, item, cue, away)
    having = state == cue.state == "back" and _have_it(sentence, item, cue)
    meant = Meant("", None, None, "", doubt, _words(sentence, cue))
    return _in_units(around, item, done, (system, state), meant, having=having)


def _is_left(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether an amount is what remains: "power was given back to most, 300 remain", "340 will have to wait"."""
    sentence = around.marked.sentence
    apart = cue.state == "back" and any(sentence.word(at) in {",", ";"} for at in range(cue.end, item.amount.first))
    remaining = any(sentence.ending("remaining", at) for at in (item.amount.first, item.amount.first - 1))
    remaining = remaining or (apart and sentence.at("remaining", item.end) is not None)
    future = is_future(around, item, max(cue.end, item.end), cue)
    still = cue.state == "back" and _is_still(sentence, item, cue)
    process = any(tag.start < cue.end and cue.first < tag.end for tag in sentence.of("under_way"))
    under_way = cue.state == "back" and (process or cue.first >= item.end) and bool(sentence.of("under_way"))
    going_on = under_way and process and any(tag.value == "goes_on" for tag in sentence.of("under_way"))
    coming = future or under_way
    left = still or going_on or (remaining and (coming or (apart and not _is_listed_rest(around, item))))
    return left or sentence.at("waits", cue.first) is not None


def _is_listed_rest(around: Surroundings, item: Counted) -> bool:
    """Whether "and" lists the rest with its own time: "5,750 were back by noon, and the remaining 250 by 2 p.m."."""
    sentence = around.marked.sentence
    rest = next((tag for at in (0, 1) if (tag := sentence.ending("remaining", item.amount.first - at))), None)
    listed = rest is not None and sentence.ending("list_and", rest.start) is not None
    return listed and any(item.end <= time.first <= item.end + 1 for time in around.marked.times)


def _is_still(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether "still" leads an amount, and a mark parts it from a cue after it: "still 300, at noon all was back"."""
    qualifier = sentence.ending("qualifier", item.amount.first)
    led = sentence.ending("still", qualifier.start if qualifier else item.amount.first)
    return led is not None and any(sentence.word(at) in {",", ";"} for at in range(item.end, cue.first))


def _never_lost(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether an amount counts those who have it still, and not again: "only 150 homes have power"."""
    sentence = around.marked.sentence
    having = any(sentence.tagged(at, "having") for at in (cue.first, cue.end - 1))
    again = any(other.state == "back" and other is not cue for other in around.found)
    if cue.state != "back" or not having or again or item.amount.share:
        return False
    qualifier = sentence.ending("qualifier", item.amount.first)
    led = sentence.ending("merely", item.amount.first if qualifier is None else qualifier.start) is not None
    return led or any(sentence.tagged(at, "merely") for at in (cue.first - 1, cue.first - 2))


def _gives_back(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether an amount counts who restores, and the next one for whom: "220 people restored power to 150 homes"."""
    if cue.state != "back" or item.unit != "people" or cue.first < item.end:
        return False
    sentence, following = around.marked.sentence, (other for other in around.items if other.amount.first >= cue.end)
    to = next(following, None)
    if to is None or to.how != "noun" or to.unit not in TABLED:
        return False
    gap = range(cue.end, to.amount.first)
    housed = to.unit in {"buildings", "homes"}
    led = housed and any(tag.value == "place" for at in gap if (tag := sentence.at("place_before", at)) is not None)
    plain = all(sentence.tokens[at].kind == "word" and not sentence.at("list_and", at) for at in gap)
    return plain and not led and len(gap) <= GIVEN_REACH


def _in_units(
    around: Surroundings, item: Counted, done: list[Decided], said: tuple[str, str], meant: Meant, *, having: bool
) -> Meant | None:
    """
    Return what an amount means with its quantity, of a service and a state; note it for the amounts that follow.

    A share of all customers, `having` a service, is that of those without it, flipped.
    """
    context, (system, state) = around.context, said
    unit, less = _unit(around, item, done, system)
    share = item.amount.share
    value, flip = item.amount.value, share and state == "back" and (unit == "place" or having)
    if flip and value is not None:
        value, state = 1 - value, "out"
    unit = "people" if unit == "place" else unit
    quantity = quantity_of(system, state, unit, share=share)
    if quantity is None and item.how == "bare" and state == "back" and not (system == "heat" and unit in HOUSED):
        unit = DEFAULT_UNITS.get(system, unit)
        quantity = quantity_of(system, state, unit, share=share)
    if quantity is None and (system, state, unit) == ("power", "back", "buildings") and (value or 0) >= MANY_HOMES:
        unit = "customers"
        quantity = quantity_of(system, state, unit, share=share)
    done.append(Decided(item, unit, state))
    if quantity is None:
        return None
    context.system, context.state, context.turned = system, state, False
    if len(done) == 1 or around.marked.sentence.word(item.amount.first - 1) != "(":
        context.unit = "" if share else unit
    kind = "flow" if quantity.endswith("_restored") and not share else "stock"
    loose = bool(item.amount.order) and unit == "people"
    doubt = meant.doubt + less + DOUBTS["share"] * share + DOUBTS["order"] * loose
    return Meant(quantity, value, item.amount.high, kind, doubt, meant.reason, flip)


def whole(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what "all" or "none" of a place or its customers means: that all are without a service, or none is."""
    sentence = around.marked.sentence
    tag = sentence.at("everyone", item.amount.first) or sentence.nobody(item.amount.first)
    unit = item.unit or (tag.value if tag is not None and tag.value == "people" else "")
    cue, away, doubt = cue_of(around, item, done)
    if cue is not None and (sentence.tagged(cue.first, "intent") or _is_aim(sentence, cue)):
        return None
    if cue is None or away > WHOLE_REACH or cue.state not in {"out", "back"} or sentence.at("relative", item.end):
        return None
    system = cue.systems[0] if cue.systems else _system(around, cue, unit)
    if not (system and unit) or is_future(around, item, max(cue.end, item.end), cue) or _is_denied(around, item):
        return None
    described = item.amount.first <= cue.first < item.end
    denied = not sentence.lexicon.double_negation or described or _verb_denied(sentence, item, cue)
    denied = denied and item.amount.order == "none"
    unit = "people" if unit == "place" else "customers" if unit == "homes" else unit
    quantity = quantity_of(system, "out", unit, share=False)
    if quantity is None:
        return None
    around.context.state, around.context.system = "out", system
    flipped = ((cue.state == "out") is denied) is not (item.amount.order == "none")
    doubt += _doubt(around, item, cue, away) + DOUBTS["whole"]
    return Meant(quantity, None, None, "stock", doubt, _words(sentence, cue), flipped)


def _is_aim(sentence: Sentence, cue: Cue) -> bool:
    """Whether a cue says what work is for: "працюють, щоб якнайшвидше відновити світло в усіх домівках"."""
    aims = (tag.end for tag in sentence.of("so_that") if tag.end <= cue.first)
    return any(is_one_clause(sentence, aim, cue.first) for aim in aims)


def _words(sentence: Sentence, cue: Cue) -> str:
    """Return the words of a cue, as the reason for a reading; of one without words where it comes from."""
    words = " ".join(token.text for token in sentence.tokens[cue.first : cue.end][:LONGEST_REASON])
    return f"“{words}”" if words else "service and state as before"


def _verb_denied(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a negation of its own stands between "none" and a cue: "без світла не залишилося жодного будинку"."""
    first, end = min(item.amount.first, cue.first), max(item.end, cue.end)
    own = [tag for tag in sentence.of("negation") if first <= tag.start < end and not cue.first <= tag.start < cue.end]
    return not cue.negated and any(sentence.negation(tag.end) for tag in own)


def _is_not_yet(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether "not yet" is all that a clause says of an amount: "60 % have power again, 3,000 not yet"."""
    at = item.end + (sentence.word(item.end) in DASHES)
    tag = sentence.at("not_yet", at) if cue.end <= item.amount.first else None
    return tag is not None and (tag.end >= len(sentence.tokens) or sentence.word(tag.end) in {".", ",", ";"})


def _lost_it(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount is of those who lost it: "restored to 420,000 of the 500,000 who lost it"."""
    led = any(sentence.ending("of", at) is not None for at in (item.amount.first, item.amount.first - 1))
    relative = next((tag for at in (item.end, item.end + 1) if (tag := sentence.at("relative", at)) is not None), None)
    verbs = range(0) if relative is None else range(relative.end, relative.end + LOST_REACH)
    verb = next((at for at in verbs if sentence.tagged(at, "lack", "out", "back")), None)
    return led and verb is not None and sentence.tagged(verb, "lack", "out")


def _is_excepted(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount is what a statement on all leaves out: "all but 85 have power again"."""
    qualifier = sentence.ending("qualifier", item.amount.first)
    return sentence.ending("except", qualifier.start if qualifier else item.amount.first) is not None


def _doubt(around: Surroundings, item: Counted, cue: Cue, away: float) -> float:
    """Return what the choice of a cue takes from the confidence in an amount."""
    sentence, others = around.marked.sentence, around.marked.amounts
    rivals = [other for other in around.found if (other.state, other.systems[:1]) != (cue.state, cue.systems[:1])]
    rival = nearest(sentence, item.amount, item.end, rivals, others)
    features = {
        "system": not cue.systems,
        "several": len(set(cue.systems)) > 1,
        "negated": cue.negated,
        "departed": cue.state == "departed",
        "vague": cue.vague,
        "future": bool(sentence.of("forecast")),
        "crowded": len(others) >= CROWDED,
        "rival": rival is not None and rival[1] < away + RIVAL,
    }
    doubt = sum(DOUBTS[name] for name, holds in features.items() if holds)
    return doubt + DOUBTS["far"] * min(1.0, max(0.0, away - FAR) / FAR)


def _have_it(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a share of all customers has a service: "16 % of consumers had power", not "of those affected"."""
    stated = not cue.vague and bool(cue.systems) and item.how == "noun" and item.unit in SERVED
    part = any(sentence.tagged(at, "relative", "out", "lack") for at in range(item.amount.end, item.end + 2))
    return stated and not part and item.total is None


def _only_part(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a share is of those just counted, and no cue after it says of what: "80 % of them for a second time"."""
    partly = item.amount.share and item.how == "bare" and sentence.at("partly", item.end) is not None
    parted_off = any(sentence.tokens[at].kind == "mark" for at in range(cue.end, item.amount.first))
    return partly and parted_off and item.amount.first - cue.end > 1


def _counted_system(sentence: Sentence, item: Counted, cue: Cue) -> str:
    """Return the service that a noun names, "gas customers", where a cue names that one too, or none."""
    named = [tag.value for tag in sentence.of("service") if item.amount.end <= tag.start < item.end]
    return named[-1] if named and (named[-1] in cue.systems or not cue.systems) and named[-1] != "any" else ""


def _headed(sentence: Sentence, item: Counted) -> str:
    """Return the service that a dash parts from an amount: "no light in 300 homes, heat – in 40"; empty for none."""
    at = item.amount.first
    while (at > 0 and sentence.ending("place_before", at)) or sentence.ending("qualifier", at):
        at -= 1
    dash = sentence.word(at - 1) in DASHES
    tag = sentence.ending("service", at - 1) if dash else None
    return tag.value if tag is not None and tag.value not in {"any", "hot"} else ""


def _system(around: Surroundings, cue: Cue, unit: str) -> str:
    """Return the service of a cue that names none: the one its sentence names, or the one spoken of before."""
    sentence = around.marked.sentence
    tags = [tag for tag in sentence.of("service") if is_service(sentence, tag)]
    tags = [tag for tag in tags if around.context.services["power"] or not sentence.tagged(tag.start, "any_grid")]
    known = bool(around.context.system or around.context.services)
    heads = [tag for tag in tags if tag.start == 0 and sentence.word(tag.end) == ":"]
    tags = heads or [tag for tag in tags if not known or _in_clause(sentence, cue, tag)]
    named = {tag.value for tag in tags if tag.value not in {"any", "hot"}}
    cues = [] if known else [other for other in around.found if other.systems and other is not cue]
    named |= {other.systems[0] for other in cues}
    if len(named) == 1:
        return named.pop()
    powered = bool(sentence.of("electric")) or (cue.state == "back" and any(tag.value == "any" for tag in tags))
    if powered and around.context.services["power"] and unit in {"customers", "households", "people"}:
        return "power"
    other = around.context.unit not in {unit, ""}
    usual = "heat" if unit == "buildings" else "power" if unit in {"customers", "households"} else ""
    if other and usual and around.context.services[usual] and not {usual, "water"} & {around.context.system}:
        return usual
    services = around.context.services.most_common(1)
    counts = around.context.services
    often = counts["power"] >= counts[around.context.system]
    if around.context.turned and unit in {"customers", "households", "people"} and counts["power"] and often:
        return "power"
    return around.context.system or (services[0][0] if services else "")


def _is_of_any_grid(around: Surroundings, cue: Cue) -> bool:
    """Whether words such as "wieder am Netz" stand in a text that names other services, and never power."""
    sentence, services = around.marked.sentence, around.context.services
    named = (tag.start for tag in sentence.of("service") if cue.first <= tag.start < cue.end)
    said = any(not sentence.tagged(at, "any_grid") for at in named)
    return cue.state == "back" and cue.systems == ("power",) and not said and bool(services) and not services["power"]


def _in_clause(sentence: Sentence, cue: Cue, tag: Tag) -> bool:
    """Whether no "also" or mark but a comma of a list parts a service from a cue."""
    gap = range(min(cue.end, tag.end), max(cue.first, tag.start))
    return not any(sentence.word(at) in {";", ":", "—", "–"} or sentence.at("also", at) for at in gap)


def _unit(around: Surroundings, item: Counted, done: list[Decided], system: str) -> tuple[str, float]:
    """Return the unit that an amount counts, and the doubt in it."""
    unit = item.unit
    if unit == "homes":
        small = item.amount.value is not None and item.amount.value < 10_000
        return ("customers", 0.0) if system != "heat" else ("buildings", 0.3) if small else ("households", 0.1)
    if unit:
        return unit, DOUBTS["before"] * (item.how == "before")
    if not item.amount.share and around.marked.sentence.at("partly", item.amount.end) is not None:
        before = [one.unit for one in around.items if one.end <= item.amount.first and one.unit in COUNTED]
        unit = before[-1] if before and not done else ""
    if unit:
        return unit, DOUBTS["inherited"]
    if item.amount.share and done and done[-1].unit in COUNTED | {"buildings"}:
        return done[-1].unit, DOUBTS["inherited"]
    if item.amount.share:
        return "people", DOUBTS["bare"]
    if item.amount.order and not done:
        return "people", DOUBTS["bare"]
    if done and done[-1].unit not in WEAPONS:
        return done[-1].unit, DOUBTS["inherited"]
    moved = around.marked.sentence.of("moves")
    nouns = [
        tag.value for tag in around.marked.sentence.of("unit") if tag.end <= item.amount.first and tag.value in COUNTED
    ]
    if (moved or _is_number_of(around.marked.sentence, item)) and nouns:
        return nouns[-1], DOUBTS["bare"]
    if around.context.unit and around.context.system == system:
        return around.context.unit, DOUBTS["bare"]
    if system == "heat" and (item.amount.value or 0.0) > MOST_BUILDINGS:
        return "customers", 2 * DOUBTS["bare"]
    return DEFAULT_UNITS.get(system, "people"), 2 * DOUBTS["bare"]


def _is_number_of(sentence: Sentence, item: Counted) -> bool:
    """Whether words such as "the number of residents" stand before a bare number, and no other number between."""
    heads = [tag.end for tag in sentence.of("number_of") if tag.end <= item.amount.first]
    return bool(heads) and all(token.kind != "number" for token in sentence.tokens[heads[-1] : item.amount.first])


def is_served(around: Surroundings, item: Counted) -> bool:
    """Whether an amount is the total that another is part of, with nothing said of the total itself."""
    at = next(i for i, other in enumerate(around.items) if other is item)
    part = next((other for other in around.items if other.total == at), None)
    if part is None:
        return False
    sentence = around.marked.sentence
    end = next((i for i in range(item.end + 1, len(sentence.tokens)) if sentence.word(i) in {",", ";"}), 10**6)
    clauses = sum(item.amount.first <= cue.first < end for cue in around.found)
    led = any(cue.end <= part.amount.first for cue in around.found) and _lost_then(around, item)
    own = (sentence.at("relative", item.end) or sentence.word(item.end) == ",") and clauses > (0 if led else 1)
    told = any(cue.first in which_clause(sentence, item.end) for cue in around.found)
    outs = [*sentence.of("relative"), *sentence.of("out"), *sentence.of("lack")]
    described = any(item.amount.end <= tag.start <= item.end for tag in outs)
    given_back = part.amount.share and described and any(cue.state == "back" for cue in around.found)
    return not (own or told or given_back)


def _lost_then(around: Surroundings, total: Counted) -> bool:
    """Whether a total says when it lost it; else it has no time, and not that of its part: "1,200 of the 1,900 hit"."""
    sentence = around.marked.sentence
    times = (time.first for time in around.marked.times if time.role == "at" and time.first >= total.end)
    return _lost_it(sentence, total) and any(is_one_clause(sentence, total.end, first) for first in times)


def _is_denied(around: Surroundings, item: Counted) -> bool:
    """Whether an amount counts casualties, damage or the area of emergency cuts, or stands after "not all of"."""
    sentence, first = around.marked.sentence, item.amount.first
    before = sentence.ending("qualifier", first)
    start = before.start if before else first
    denials = [t for t in sentence.of("negation") if not (in_cue(around.found, t.start) or sentence.nobody(t.start))]
    if any(0 <= start - tag.end <= 1 and sentence.word(tag.end) not in {",", ";"} for tag in denials):
        return True
    relative = sentence.at("relative", item.end) is not None  # "340 homes that escaped the flood lost power"
    if not relative and any(sentence.at("unaffected", at) for at in (item.end, item.end + 1)):
        return True
    if sentence.at("each", item.end) is not None or (item.amount.share and sentence.of("emergency")):
        return True
    if item.unit in {"buildings", "homes", "households", "customers"} and _is_hurt(around, item, "damage"):
        return True
    if item.unit not in {"people", ""} or item.amount.share:
        return False
    return _is_hurt(around, item, "casualty") or _only_lives(around, item) or _of_hurt(around, item)


def _of_hurt(around: Surroundings, item: Counted) -> bool:
    """Whether an amount is a part of those damaged or hurt: "214 homes were damaged, 38 of them beyond repair"."""
    before = [one for one in around.items if one.end <= item.amount.first]
    part = item.how == "bare" and around.marked.sentence.at("partly", item.amount.end) is not None
    return (
        part and bool(before) and _is_hurt(around, before[-1], "casualty" if before[-1].unit == "people" else "damage")
    )


def _only_lives(around: Surroundings, item: Counted) -> bool:
    """Whether an amount counts who lives in a place, before anything that a sentence says is out or back."""
    near = (item.amount.first - 1, item.amount.first - 2, item.end)
    lives = any(around.marked.sentence.at("dwelling", at) for at in near)
    return item.unit == "people" and item is around.items[0] and lives and bool(around.found)


def _is_hurt(around: Surroundings, item: Counted, group: str) -> bool:
    """Whether a word such as "injured" or "damaged" speaks of an amount, nearer than any word on a service."""
    sentence, first, end = around.marked.sentence, item.amount.first, item.end
    others = [other.first for other in around.marked.amounts if other.first != first]
    for tag in (tag for tag in sentence.of(group) if tag.value != "none"):
        gap = range(end, tag.start) if tag.start >= end else range(tag.end, first)
        if any(sentence.word(at) in {":", ";"} for at in gap) and tag.start >= end:
            continue
        closer = any(cue.first in gap or 0 <= cue.first - end < len(gap) for cue in around.found)
        far = HURT_REACH if sentence.tagged(tag.start - 1, "auxiliary") and not _has_mark(sentence, gap) else NEAR
        if len(gap) <= far and not closer and not any(other in gap for other in others):
            return True
    return False


def _has_mark(sentence: Sentence, gap: range) -> bool:
    return any(sentence.tokens[at].kind == "mark" for at in gap)


def is_future(around: Surroundings, item: Counted, end: int, cue: Cue | None = None) -> bool:
    """Whether the clause of an amount speaks of what may or will be."""
    sentence = around.marked.sentence
    if is_supposed(sentence, item):
        return True
    first = min(item.amount.first, cue.first) if cue else item.amount.first
    start = first
    while (
        start > 0 and sentence.word(start - 1) not in {",", ";", ":"} and not sentence.tagged(start - 1, "but", "after")
    ):
        start -= 1
    if any(start <= tag.start < end and tag.value != "none" for tag in sentence.of("condition")):
        return False
    if cue is not None and cue.state == "out" and sentence.at("relative", item.end) is not None:
        return False
    if cue is None or not item.end <= cue.first <= item.end + 2:
        end = max(end, item.end + 2)
    marks = (at for at in range(item.end, end) if sentence.word(at) in {",", ";"})
    end = min(end, next(marks, end)) if cue is None or cue.end <= item.end else end
    while sentence.lexicon.verb_last and end < len(sentence.tokens) and sentence.word(end) not in {",", ";", ":"}:
        end += 1
    own = (cue.first, cue.end) if cue is not None else (item.amount.first, item.end)
    aims = [tag for tag in sentence.of("intent") if tag.start < own[1] and tag.end > own[0]]
    aims = [] if cue is not None and cue.state == "out" else aims
    verbs = any(start <= tag.start < end for tag in (*sentence.of("forecast"), *aims))
    ahead = (m.first for m in around.marked.times if start <= m.first <= end + 4 and (m.parts.offset or 0) > 0)
    return verbs or any(not any(sentence.word(at) in {",", ";"} for at in range(item.end, first)) for first in ahead)

"""Places that a text names: those given, those of the shipped list, and capitalised names where a place must stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from energy_impact.text.capitals import (
    base_form,
    heads_number,
    heads_row,
    led,
    led_to_none,
    led_wrongly,
    name_end,
    of_street,
    stem,
    written,
)
from energy_impact.text.datelines import dateline
from energy_impact.text.place_lists import each_area, joined_place, shared_region, with_shared_word
from energy_impact.text.place_mention import PlaceMention
from energy_impact.text.regions import is_oblast, is_region, lives, region_after, region_before, with_kind
from energy_impact.text.spoken_places import is_owned, place_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from energy_impact.text.lexicon import Lexicon, Phrases, Sentence


@dataclass
class Names:
    """
    The names that places of a text may have.

    Attributes
    ----------
    phrases : Phrases
        Names of given and listed places.
    zones : dict
        Timezone of each place that is known.
    given : frozenset of str
        Names of the places given.
    countries : frozenset of str
        Names of countries, and of given places with parts.
    lexicon : Lexicon
        Words of the language of the text.
    found : dict
        Names met in the text that no list has, by their stems.
    centres : dict
        City from which each listed region or country is run, by its name.
    areas : frozenset of str
        Names of listed states, provinces and counties, which are no cities.
    """

    phrases: Phrases
    zones: dict[str, str]
    given: frozenset[str]
    countries: frozenset[str]
    lexicon: Lexicon
    found: dict[str, Counter[str]] = field(default_factory=dict)
    centres: dict[str, str] = field(default_factory=dict)
    areas: frozenset[str] = frozenset()

    def mentions(self, sentence: Sentence) -> list[PlaceMention]:
        """Return the places named in a sentence, in order."""
        found: list[PlaceMention] = []
        at = 0
        while at < len(sentence.tokens):
            mention = self._named(sentence, at) or self._listed(sentence, at)
            mention = mention or (None if at else dateline(sentence)) or self._unlisted(sentence, at)
            mention = mention or place_before(sentence, at) or (joined_place(sentence, at, found) if found else None)
            mention = with_shared_word(sentence, mention, found[-1]) if mention is not None and found else mention
            mention = self._elliptic(sentence, mention, found[-1]) if mention is not None and found else mention
            if mention is not None and found and mention.sure and is_owned(sentence, mention, found[-1]):
                found[-1] = mention
            elif mention is not None and found and self._of_city(sentence, mention, found[-1]):
                found[-1] = replace(mention, first=found[-1].first)
            elif mention is not None and not (found and self._is_around(sentence, mention, found[-1])):
                found.append(mention)
            at = mention.end if mention is not None else at + 1
        return self._in_areas(sentence, found)

    def _in_areas(self, sentence: Sentence, found: Sequence[PlaceMention]) -> list[PlaceMention]:
        """Return places without the state or country that says where a city is: "Marlow in Texas"; not in a list."""
        kept: list[PlaceMention] = []
        for one in (self._part_of(sentence, mention, found) for mention in found):
            each = each_area(sentence, one.end) if one.name and one.sure and one.name not in self.areas else ""
            mention = replace(one, name=f"{one.name} {each}") if each else one
            wide = mention.name in self.areas or mention.name in self.countries
            city = kept[-1] if kept else None
            within = city is not None and city.sure and self.may_be_city(city.name) and city.end == mention.first - 1
            lists = sentence.tagged(mention.end, "list_and") or sentence.tagged(mention.end + 1, "list_and")
            joined = sentence.word(city.end) == "," or sentence.tagged(city.end, "place_before") if city else False
            if wide and city is not None and within and joined and not lists:
                kept[-1] = replace(city, end=mention.end)
            else:
                kept.append(mention)
        return kept

    def _part_of(self, sentence: Sentence, mention: PlaceMention, found: Sequence[PlaceMention]) -> PlaceMention:
        """Return a part of an area where a sentence tells several of it apart: "in eastern and in southern Marland"."""
        sides = [sentence.ending("compass", other.first) for other in found if other.name == mention.name]
        side = sentence.ending("compass", mention.first)
        if mention.name not in self.areas or side is None or len(sides) < 2 or None in sides:
            return mention
        return replace(mention, name=f"{written(sentence, side.start, side.end).capitalize()} {mention.name}")

    def country_of(self, place: str | None) -> str | None:
        """Return the one country that is listed with the timezone of a place; None where there is none."""
        zone = self.zones.get((place or "").removesuffix(" region"))
        found = [name for name in self.countries if zone is not None and self.zones.get(name) == zone]
        return found[0] if len(found) == 1 else None

    def is_city(self, sentence: Sentence, mention: PlaceMention) -> bool:
        """Whether a place is named as a city, and not as a country, region or district."""
        wide = any(sentence.tagged(at, "region") for at in range(mention.first, mention.end))
        return bool(mention.name) and not wide and self.may_be_city(mention.name)

    def may_be_city(self, name: str) -> bool:
        """Whether a name is none of a country, a region or a district."""
        wide = name in self.countries or name in self.areas
        return not (wide or is_region(name) or is_region(name, self.lexicon))

    def centre_of(self, region: str | None) -> str | None:
        """Return the city of a listed region, or the capital of a country; None for any other place."""
        return self.centres.get(region or "")

    def region_of(self, city: str | None) -> str | None:
        """Return the region that a listed city is the centre of; None for any other place."""
        regions = (region for region, centre in self.centres.items() if centre == city and is_oblast(region))
        return next(regions, None)

    def is_part(self, name: str) -> bool:
        """Whether a name is that of a district which lies in a city, such as "Дарницький район"."""
        words = name.lower().split()
        if len(words) < 2 or name in self.given:
            return False
        return self._means(words[0], ("city_part", "part")) and self._means(words[1], ("city_part", "kind"))

    def _means(self, word: str, meaning: tuple[str, str]) -> bool:
        """Whether a word has a meaning in the language of the text."""
        phrases = self.lexicon.phrases
        return any(meaning in phrases.tree.get(form, {}).get("", ()) for form in phrases.matching(word))

    def _is_around(self, sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> bool:
        """Whether a place only says where the one right before it lies: "Покровськ Донецької області"."""
        if not before.sure or before.end == mention.first:
            return before.sure
        led = sentence.ending("place_before", mention.first)
        joined = led is not None and led.start == before.end and bool(sentence.lexicon.endings)
        return joined and is_oblast(mention.name) and self.is_city(sentence, before)

    def _of_city(self, sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> bool:
        """Whether a city follows its own district: "у Київському районі Одеси"."""
        follows = mention.first == before.end and mention.sure and self.is_part(before.name)
        return follows and self.is_city(sentence, mention)

    def _is_before_area(self, sentence: Sentence, end: int) -> bool:
        """Whether a comma and a listed state or country follow a name: "Dunmore, Ohio, ..."."""
        if sentence.word(end) != "," or sentence.lexicon.endings:
            return False
        return any(
            name in self.areas or name in self.countries
            for _, (_, name) in self.phrases.found(sentence.tokens, end + 1)
        )

    def learn(self, sentences: Iterable[Sentence]) -> None:
        """Note the names that stand where a place must, so that they are known elsewhere in the text too."""
        heads: list[Sentence] = []
        for sentence in sentences:
            if heads_number(sentence, 0):
                heads.append(sentence)
            for at in range(len(sentence.tokens)):
                end = name_end(sentence, at)
                wrongly = led_wrongly(sentence, at) or of_street(sentence, at, end)
                if end and (led(sentence, at) or sentence.tagged(end, "region")) and not wrongly:
                    name = written(sentence, at, end)
                    self.found.setdefault(stem(name), Counter())[name] += 1
        for sentence in heads if len(heads) > 1 else ():
            name = written(sentence, 0, name_end(sentence, 0))
            self.found.setdefault(stem(name), Counter())[name] += 1

    def _listed(self, sentence: Sentence, at: int) -> PlaceMention | None:
        may = any(token.capital for token in sentence.tokens[at : at + 2]) or lives(sentence, at + 1)
        may = may and not led_to_none(sentence, at)
        found = list(self.phrases.found(sentence.tokens, at)) if may else []
        if not found:
            return None
        end = found[-1][0]
        if of_street(sentence, at, end):
            return None
        meanings = [meaning for last, meaning in found if last == end]
        region = region_after(sentence, end) or region_before(sentence, at)
        kinds = {kind for kind, _ in meanings}
        named = "name" in kinds and "adjective" not in kinds
        if region is None and not named and sentence.lexicon.endings and heads_row(sentence, at, end):
            region = "region"
        for form in ("region", "name", "adjective"):
            name = next((name for kind, name in meanings if kind == form), None)
            if name is not None and form == "adjective" and region is None and sentence.tagged(end, "plant"):
                return PlaceMention(at, end, self._given_name(name), False)
            if name is None or (form == "adjective" and region is None and not lives(sentence, end)):
                continue
            area = sentence.at("region", end)
            if form == "name" and area is not None and area.value == "area" and not sentence.lexicon.endings:
                full = written(sentence, at, area.start + 1)  # "Hanover County", though the city listed is Hannover
                return PlaceMention(at, area.end, name if name in self.given else full, True)
            if form != "region" and region == "area" and sentence.lexicon.endings and sentence.tagged(end, "region"):
                last = sentence.starts["region", end].end
                return PlaceMention(
                    at, last, base_form(written(sentence, at, last), None, sentence.lexicon.endings), True
                )
            if form == "name" and self._heads_city(sentence, end):
                return PlaceMention(at, end + 1, f"{name} City", True)
            full = f"{name} region" if form == "region" or (region == "region" and not is_region(name)) else name
            last = end
            if region is not None and sentence.at("region", end) is not None:
                last = sentence.starts["region", end].end
            return PlaceMention(at, last, self._given_name(with_kind(sentence, at, full)), True)
        return None

    def _heads_city(self, sentence: Sentence, end: int) -> bool:
        """Whether "City" ends a name, and no other one begins after it: "Iowa City", not "Kyiv City Council"."""
        tokens = sentence.tokens
        alone = end + 1 >= len(tokens) or not tokens[end + 1].capital
        return end < len(tokens) and tokens[end].text == "City" and alone

    def _is_adjective(self, sentence: Sentence, at: int) -> bool:
        """Whether a listed name begins at a token as an adjective, "Київська", and not as a name."""
        kinds = {kind for _, (kind, _) in self.phrases.found(sentence.tokens, at)}
        return kinds == {"adjective"}

    def _elliptic(self, sentence: Sentence, mention: PlaceMention, before: PlaceMention) -> PlaceMention:
        """Return an adjective that leaves out the "region" of the place before it as the region that it means."""
        plain = mention.end == mention.first + 1 and is_oblast(before.name) and not is_oblast(mention.name)
        found = self.phrases.found(sentence.tokens, mention.first) if plain else ()
        kinds = {kind: name for end, meanings in found if end == mention.end for kind, name in [meanings]}
        if "adjective" not in kinds:
            return mention
        return replace(mention, name=self._given_name(f"{kinds['adjective']} region"), sure=True)

    def _named(self, sentence: Sentence, at: int) -> PlaceMention | None:
        """Return the place that words mean: "the Ukrainian capital"; not surely, for an operator, as "City Power"."""
        tag = sentence.at("named", at) or sentence.at("nationwide", at) or sentence.at("network", at)
        if tag is None:
            return None
        plain = not (sentence.tokens[at].capital and sentence.tokens[tag.end - 1].capital)
        if tag.group == "network" and plain and not sentence.lexicon.endings:
            return None
        spoken = "network" if tag.group == "network" else ""
        return PlaceMention(at, tag.end, self._given_name(tag.value), tag.group == "named", spoken)

    def _given_name(self, full: str) -> str:
        """Return the given place that a name means: "Odesa region" is a given "Odesa" only where nothing else is."""
        if full in self.given:
            return full
        return next((name for name in self.given if name.lower() == full.lower()), full)

    def _unlisted(self, sentence: Sentence, at: int) -> PlaceMention | None:
        end = name_end(sentence, at)
        firm = any(
            sentence.tagged(part, "title", "office") or (part > at and sentence.tagged(part, "service"))
            for part in range(at, end)
        )
        street = sentence.ending("not_place", end)
        street_led = street is not None and street.value == "street" and not sentence.tagged(end, "region")
        if not end or firm or street_led or led_wrongly(sentence, at) or of_street(sentence, at, end):
            return None
        if sentence.tagged(end, "office") and self._is_adjective(sentence, at):
            return None
        known_end = self._listed(sentence, end - 1) if sentence.lexicon.endings and end > at + 1 else None
        if known_end is not None and known_end.end == end:
            return replace(known_end, first=at)
        region = sentence.at("region", end)
        name = written(sentence, at, end)
        known = self.found.get(stem(name))
        shared = shared_region(sentence, name, end)
        surely = led(sentence, at) or self._is_before_area(sentence, end)
        if not (surely or region or known or shared):
            return None
        if end == at + 1 and region is not None and region.value == "region" and sentence.at("compass", at) is not None:
            return None
        if region is not None and region.value == "loose":
            return PlaceMention(at, region.end, name, True)
        if region is not None:
            full = base_form(written(sentence, at, region.end), None, sentence.lexicon.endings)
            return PlaceMention(at, region.end, full, True)
        side = sentence.at("compass", at)
        if side is not None and (end == at + 1 or any(self.phrases.found(sentence.tokens, side.end))):
            return None
        if shared is not None:
            return PlaceMention(at, end, shared, True)
        base = with_kind(sentence, at, base_form(name, known, sentence.lexicon.endings))
        wide = region_before(sentence, at) == "region"
        part = "part" if self._is_quarter(sentence, at) else ""
        return PlaceMention(at, end, f"{base} region" if wide else base, surely, part)

    def _is_quarter(self, sentence: Sentence, at: int) -> bool:
        """Whether a name that no list has stands after a word that leads quarters of a city: "на Виставці"."""
        before, word = sentence.ending("place_before", at), sentence.word(at)
        quarter = before is not None and before.value == "part" and before.end == before.start + 1
        return quarter and not self._means(word, ("city_part", "wide"))

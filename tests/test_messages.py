"""Catalogues: nothing missing, nothing stale, nothing left in English; plural forms, numbers and dates."""

import html
import json
import re
import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import energy_impact as ei
from energy_impact import _language, messages
from energy_impact._catalogue import Entry, read_entries, translations, written
from energy_impact._language import again, digits, lasting, say, say_count_as, say_plural, speaking
from energy_impact.cli import main
from energy_impact.results import words
from energy_impact.results.estimate import Estimate
from energy_impact.results.tables.daytime import part_of_day, stamp
from energy_impact.results.tables.headline import night_words, rounded
from energy_impact.results.tables.relief import some_help
from energy_impact.results.terminal import count, duration
from energy_impact.scenario import Event, Scenario, WhatIf

FOLDER = Path(messages.PACKAGE) / "translations"
NORTHPORT = Path(__file__).resolve().parents[1] / "docs" / "site" / "northport.toml"
ALSO = {"counted", "what", "weekday_of"}
"""Values that a translation may use besides those of the English message."""
FREE = {"place", "title", "name of an event"}
"""Contexts in which a reader's own names are looked up."""


def catalogue(code: str = "uk") -> str:
    return (FOLDER / f"{code}.po").read_text(encoding="utf-8")


def fields(text: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(text) if name is not None}


def _figure(number: int, quantity: str, value: float | None, qualifier: str, **more: object) -> dict[str, object]:
    common = {"id": f"№ {number}", "time": "2026-01-20T08:00Z", "place": "Місто", "kind": "stock", "source": "рада"}
    return common | {"quantity": quantity, "value": value, "qualifier": qualifier} | more


@pytest.fixture(scope="module")
def everything() -> Estimate:
    """A scenario that shows every table and most wordings; all its own names are Cyrillic."""
    east = ei.Place("Схід", power_customers=90_000, heat_buildings=900, gas_customers=50_000, heat_needs_gas=0.5)
    west = ei.Place("Захід", power_customers=(5e4, 6e4), heat_buildings=500, residents=90_000, near_front=True)
    city = ei.Place("Місто", parts=[east, west], timezone="Europe/Kyiv", shared_crews=True)
    attack = Event("2026-01-20T00:00Z", kind="attack", duration_h=(3, 5), missiles=20, spares_late_h=48)
    accident = Event("2026-01-21T00:00Z", kind="heat_accident", places=["Схід"])
    truce = ei.Truce("2026-01-22T00:00Z", "2026-01-25T00:00Z", claimed_by="президент", reduces=0.8, holds=0.3)
    frost = WhatIf("мороз", colder=8, generators=0.3, mobile_boilers=21, event=[accident])
    begins = {"kind": "flow", "period_start": "2026-01-19T20:00Z"}
    figures = [
        _figure(1, "power_customers_out", 60_000, "over"),
        _figure(2, "power_customers_out", 20_000, "under", source="міністерство", claimed_by="міністр"),
        _figure(3, "power_customers_out", 61_000, "about", note="та сама кількість"),
        _figure(4, "heat_buildings_drained", None, "dozens"),
        _figure(5, "power_customers_restored", 5_000, "range", value_high=9_000, **begins),
        _figure(6, "munitions_launched", 120, "exact"),
        _figure(7, "people_injured", 4, "at_least"),
        _figure(8, "context_statement", None, "exact", note="твердження"),
        _figure(9, "gas_customers_out", None, "none", place="Схід"),
        _figure(10, "air_temperature_c", -12, "almost", kind="minimum", period_start="2026-01-19T20:00Z"),
        _figure(11, "power_customers_out", 0.4, "up_to", unit="share", place="Захід"),
    ]
    scenario = Scenario(
        "2026-01-19T00:00Z",
        240,
        city,
        events=[attack, accident],
        figures=figures,
        new_events=[ei.EventRate(kind="attack", per_week=2, missiles=10), ei.EventRate(kind="storm", per_week=0.5)],
        truces=[truce],
        shortages=[ei.Shortage("heat", share=0.2, places=["Схід"])],
        what_ifs=[frost],
        name="місто",
        title="Усе одразу",
    )
    return ei.estimate(scenario, members=16, rng=1)


@pytest.mark.parametrize("brief", [True, False])
def test_no_table_or_wording_is_left_in_english(everything: Estimate, tmp_path: Path, brief: bool) -> None:
    page = everything.report(tmp_path / "page.html", brief=brief, language="uk").read_text(encoding="utf-8")
    assert _latin(page, "Europe/Kyiv|UTC|energy_impact|python|numpy|pandas|scipy|matplotlib|2026-01-2\\dT\\S+") == []
    shown = (
        "перемир’я",
        "суперечать",
        "запчастини запізнюються на",
        "Чого бракує",
        "Що, якщо",
        "спільні ремонтні бригади",
    )
    assert [text for text in shown if text not in page and not brief] == []


def _latin(page: str, own: str) -> list[str]:
    """Return the words in Latin letters that a reader sees or hears, besides a scenario's own."""
    body = re.sub(r'<style>.*?</style>|<code>.*?</code>|<span lang="en">.*?</span>|`\w+`', " ", page, flags=re.DOTALL)
    body = re.sub(r'aria-label="([^"]*)"', r">\1<", body)
    return re.findall(r"[A-Za-z]{3,}", re.sub(own, " ", html.unescape(re.sub(r"<[^>]*>", " ", body))))


@pytest.fixture(scope="module")
def storm() -> Estimate:
    return ei.estimate(ei.load_scenario(NORTHPORT), members=32, rng=1)


@pytest.mark.parametrize("code", _language.languages()[1:])
def test_a_catalogue_holds_all_messages_in_their_order_and_no_others(code: str) -> None:
    header, *entries = read_entries(catalogue(code))
    assert header.message == ""
    assert [entry.key for entry in entries] == [entry.key for entry in messages.messages()]
    assert [entry.message for entry in entries if not all(entry.forms)] == []
    assert messages.updated(catalogue(code)) == catalogue(code)


def test_a_missing_message_is_added_and_a_stale_one_dropped() -> None:
    header, *entries = read_entries(catalogue())
    found = read_entries(messages.updated(written([header, Entry(None, "no longer said", None, ("x",)), *entries[1:]])))
    assert found[1] == Entry(None, _language.NUMBER, None, ("",))
    assert [entry.key for entry in found[1:]] == [entry.key for entry in entries]


@pytest.mark.parametrize("code", _language.languages()[1:])
def test_translations_use_known_values_and_as_many_forms_as_the_language_has(code: str) -> None:
    forms = int(re.search(r"nplurals=(\d)", catalogue(code))[1])  # type: ignore[index]
    for entry in read_entries(catalogue(code))[1:]:
        assert len(entry.forms) == (1 if entry.plural is None else forms), entry
        known = fields(entry.message)
        for form in entry.forms:
            unknown = fields(form) - known
            assert {name for name, _ in unknown} <= ALSO, entry


def test_the_page_says_nothing_that_the_catalogue_does_not_list(
    storm: Estimate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {entry.key for entry in messages.messages()}
    said: set[tuple[str | None, str, str | None]] = set()

    class Listening:
        def gettext(self, text: str) -> str:
            return self.npgettext(None, text, None, 0)

        def pgettext(self, context: str, text: str) -> str:
            return self.npgettext(context, text, None, 0)

        def ngettext(self, one: str, many: str, number: int) -> str:
            return self.npgettext(None, one, many, number)

        def npgettext(self, context: str | None, one: str, many: str | None, number: int) -> str:
            said.add((context, one, many))
            return one if number == 1 or many is None else many

    monkeypatch.setattr(_language, "_catalogue", lambda _: Listening())
    storm.report(tmp_path / "page.html")
    storm.answer()
    unlisted = {key for key in said - known if key[0] not in FREE}
    assert len(said) > 200
    assert unlisted == set()


@pytest.mark.parametrize("brief", [True, False])
def test_nothing_on_the_page_is_left_in_english(storm: Estimate, tmp_path: Path, brief: bool) -> None:
    page = storm.report(tmp_path / "page.html", brief=brief, language="uk").read_text(encoding="utf-8")
    assert '<html lang="uk">' in page
    own = "Northport|Europe/Oslo|city council|first count|heat|frost|storm|northport|energy_impact|after the"
    own += "|of 3 February 2026|python|numpy|pandas|scipy|matplotlib"
    assert _latin(page, own) == []
    assert ('експертна оцінка; <span lang="en">' in page) is not brief
    assert re.search(r"\.\.(?!/)", re.sub(r"<[^>]*>", "", page)) is None


def test_the_answer_in_ukrainian_leaves_nothing_in_english_either(storm: Estimate) -> None:
    text = storm.what_if(colder=8, crews=2).answer(language="uk")
    own = "Northport|Europe/Oslo|after the storm of 3 February 2026|2026-02-0\\dT\\S+"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(own, " ", text)) == []
    assert "знеструмлені абоненти" in text
    assert "Узгоджено з 2 показниками" in text


def test_english_is_the_default_and_comes_back(storm: Estimate) -> None:
    before = storm.answer()
    assert storm.answer(language="uk") != before
    assert storm.answer() == before == storm.answer(language="en")
    with pytest.raises(ValueError, match="language: 'xx' is not one of en, uk"):
        storm.answer(language="xx")


NUMBERS = {
    1: ("1 день", "1 знеструмленого абонента", "Узгоджено з 1 показником"),
    2: ("2 дні", "2 знеструмлених абонентів", "Узгоджено з 2 показниками"),
    5: ("5 днів", "5 знеструмлених абонентів", "Узгоджено з 5 показниками"),
    11: ("11 днів", "11 знеструмлених абонентів", "Узгоджено з 11 показниками"),
    21: ("21 день", "21 знеструмленого абонента", "Узгоджено з 21 показником"),
    1_000: ("1 000 днів", "1 000 знеструмлених абонентів", "Узгоджено з 1 000 показниками"),
}


@pytest.mark.parametrize("number", NUMBERS)
def test_plural_forms_are_right(number: int) -> None:
    with speaking("uk"):
        shown = digits(f"{number:,}")
        found = (
            say_count_as("whole", "{number} days", number, number=shown),
            words.counted("power_customers_out", number, shown),
            say_plural("Fitted to {number} figure", "Fitted to {number} figures", number, number=shown),
        )
    assert tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in found) == NUMBERS[number]


def test_help_is_counted_in_the_right_form() -> None:
    people = {1: "1 людину", 2: "2 людини", 5: "5 людей", 21: "21 людину", 1_000: "1 000 людей"}
    with speaking("uk"):
        found = {number: ei.scenario.what_if.described(WhatIf(warming_points=number)) for number in people}
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in found.values()] == [
        f"пункти обігріву ще на {text}" for text in people.values()
    ]


def test_fractions_take_the_genitive() -> None:
    with speaking("uk"):
        assert [duration(hours) for hours in (38, 60 * 24, 3.1 * 24)] == ["38 год", "60 днів", "3,1 дня"]
        assert words.counted("water_buildings_out", 2.5, count(2.5)) == "2,5 будинку без водопостачання"


def test_numbers_and_dates_are_written_as_in_ukrainian() -> None:
    time = pd.Timestamp("2026-01-25T17:00Z")
    early = time + pd.Timedelta(hours=9)
    with speaking("uk"):
        found = {
            count(-1234567): "−1~230~000",
            rounded(1_713_000): "1,71~млн",
            rounded(804_321): "804~000",
            stamp(time, "Europe/Kyiv"): "25~січня 2026 року, 19:00",
            part_of_day(time, "Europe/Kyiv", at=True): "у неділю ввечері, 25~січня",
            part_of_day(time, "Europe/Kyiv"): "вечора неділі, 25~січня",
            part_of_day(early, "Europe/Kyiv", at=True): "уночі проти понеділка, 26~січня",
            night_words(pd.Timestamp("2026-01-31")): "з 31~січня на 1~лютого",
        }
    assert [text.replace("\N{NO-BREAK SPACE}", "~") for text in found] == list(found.values())


def test_places_have_their_own_names_and_others_keep_theirs() -> None:
    with speaking("uk"):
        assert [words.place(name) for name in ("Kyiv", "Odesa", "Northport")] == ["Київ", "Одеса", "Northport"]
    assert words.place("Kyiv") == "Kyiv"


def test_a_saved_run_still_speaks_ukrainian(storm: Estimate, tmp_path: Path) -> None:
    for number, run in enumerate((storm, storm.what_if(colder=8))):
        loaded = ei.load_estimate(run.save(tmp_path / f"{number}.npz"))
        assert loaded.fit_text == run.fit_text
        assert loaded.answer(language="uk") == run.answer(language="uk")


def test_the_command_line_answers_in_ukrainian_and_its_record_stays_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["estimate", str(NORTHPORT), "--members", "16", "--language", "uk", "--out", str(tmp_path)]
    assert main(command) == 0
    assert "Стан: узгоджено з даними." in capsys.readouterr().out
    assert '<html lang="uk">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["status_text"].endswith("Fitted to 2 figures; the fit disbelieves none.")
    assert re.findall("[А-Яа-яІіЇїЄє]", record["status_text"]) == []
    assert re.findall("[А-Яа-яІіЇїЄє]", (tmp_path / "summary.csv").read_text(encoding="utf-8")) == []


def test_help_is_offered_in_the_language_in_force(storm: Estimate) -> None:
    with speaking("uk"):
        assert some_help(storm, "Northport")[0].name == "удвічі більше ремонтних бригад"


def test_warnings_are_said_again() -> None:
    places = [ei.Place("City", power_customers=1_000, heat_buildings=10)]
    twice = [Event("2026-01-20T00:00Z", kind="storm")] * 2
    run = ei.simulate(Scenario("2026-01-19T00:00Z", 48, places, events=twice), members=8, rng=1)
    with speaking("uk"):
        found = [again(text) for text in run.warnings]
    assert len(found) == len(run.warnings) == 4
    assert all(re.search("[а-яі]", text) for text in found)
    assert not any(re.search("[а-яі]", text) for text in run.warnings)


def test_kept_text_is_made_in_english_whatever_is_spoken() -> None:
    with speaking("uk"):
        text = lasting(say, "now")
        assert (text, again(text), again("a name")) == ("now", "зараз", "a name")


def test_fuzzy_and_obsolete_messages_are_left_out_and_lines_are_joined() -> None:
    text = 'msgid ""\nmsgstr "a: b\\n"\n"c: d\\n"\n\n#, fuzzy\nmsgid "x"\nmsgstr "y"\n\n#~ msgid "old"\n#~ msgstr "z"\n'
    assert read_entries(text) == [Entry(None, "", None, ("a: b\nc: d\n",))]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x04\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
FORMS = st.lists(TEXT.filter(bool), min_size=2, max_size=3)


@given(TEXT.filter(bool), TEXT, FORMS)
def test_what_is_written_is_read_again_and_found(message: str, context: str, forms: list[str]) -> None:
    header = Entry(
        None, "", None, ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n!=1;\n",)
    )
    entries = [header, Entry(context, message, None, (forms[0],)), Entry(None, message, message, tuple(forms[:2]))]
    text = written(entries)
    assert read_entries(text) == entries
    assert translations(text).pgettext(context, message) == forms[0]
    assert [translations(text).ngettext(message, message, number) for number in (1, 2)] == forms[:2]


def town(**more: int) -> Estimate:
    """A storm in a town; all names are Cyrillic."""
    known = {"power_customers": 50_000, "heat_buildings": 900, "residents": 120_000, "timezone": "Europe/Kyiv"}
    storm = Event("2026-01-19T06:00Z", kind="storm", duration_h=4)
    place = ei.Place("Захід", **known, **more)
    return ei.simulate(Scenario("2026-01-19T00:00Z", 72, place, events=[storm], title="Після бурі"), members=16, rng=1)


@pytest.fixture(scope="module")
def drawn() -> Estimate:
    return town()


KEY = ("heat_buildings_out", "Захід")
PICTURES = {
    "plot": lambda run, code: run.plot(language=code),
    "plot_curve": lambda run, code: run.plot_curve(*KEY, language=code),
    "plot_slide": lambda run, code: run.plot_slide(language=code),
    "plot_people, two services": lambda run, code: run.plot_people("Захід", language=code),
    "plot_people, three services": lambda _, code: town(water_buildings=900).plot_people("Захід", language=code),
    "plot_cold": lambda run, code: run.plot_cold("Захід", language=code),
    "plot_difference": lambda run, code: run.what_if(colder=8).plot_difference(run, *KEY, language=code),
    "comparison": lambda run, code: ei.compare({"як є": run, "мороз": run.what_if(colder=8)}).plot(language=code),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_leave_nothing_in_english(drawn: Estimate, name: str) -> None:
    figure = PICTURES[name](drawn, "uk")
    figure.canvas.draw()
    texts = [text.get_text() for text in figure.findobj(lambda part: hasattr(part, "get_text"))]
    assert re.findall("[A-Za-z]{2,}", " ".join(texts).replace("Europe/Kyiv", " ")) == []
    assert any(re.search("[а-яі]", text) for text in texts)
    with pytest.raises(ValueError, match="language: 'xx' is not one of en, uk"):
        PICTURES[name](drawn, "xx")


def test_numbers_at_an_axis_keep_the_language_of_the_picture(drawn: Estimate) -> None:
    (axes,) = drawn.plot_people("Захід", language="uk").axes
    assert axes.yaxis.get_major_formatter()(250_000, 0) == "250\N{NO-BREAK SPACE}000"

"""Words and times that belong to a count: those of its own clause, its own service and its own day."""

from __future__ import annotations

import pytest

from tests.text.careful import BACK, OUT, clock, read, stated


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        (
            "uk",
            "Внаслідок удару вночі без світла залишилися 84 тисячі абонентів у Сумах, "
            "станом на 9:00 живлення повернули 31 тисячі.",
            ["Wed 03:00", "Wed 09:00"],
        ),
        ("en", "As a result of a strike overnight 84,000 homes in Sumy were left without power.", ["Wed 03:00"]),
        ("ru", "В результате удара ночью без света остались 84 тысячи абонентов в Сумах.", ["Wed 03:00"]),
        (
            "de",
            "In Sumy waren am Nachmittag 7.800 Kunden ohne Strom, nachdem es am Vormittag noch 21.000 gewesen waren.",
            ["Wed 15:00", "Wed 08:00"],
        ),
        (
            "en",
            "On Tuesday 300 homes in Sumy were without power at noon, down from 900 that morning.",
            ["Tue 12:00", "Tue 08:00"],
        ),
    ],
)
def test_each_count_has_the_time_of_its_own_clause(language: str, text: str, times: list[str]) -> None:
    assert [clock(row) for row in read(language, text)] == times


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "en",
            "Gas supply to 340 homes in Marlow was cut off on Saturday when water got into the pipes.",
            [("gas_customers_out", 340)],
        ),
        (
            "uk",
            "Котельню зупинили через брак газу, і 11 будинків та лікарня на 80 ліжок замерзають без опалення.",
            [("heat_buildings_out", 11)],
        ),
        ("en", "It has 38,000 members, of whom 3,300 were without power at 5 p.m.", [(OUT, 3300)]),
        (
            "de",
            "Rund 14.000 Kunden in Jena waren ohne Strom; um 18.31 Uhr waren die ersten 9.000 wieder versorgt.",
            [(OUT, 14_000), (BACK, 9000)],
        ),
        (
            "en",
            "Some 70,000 people live in the affected districts, though only 8,000 of them had no power on Tuesday.",
            [("power_people_out", 8000)],
        ),
        ("uk", "У громаді, де живе 6,3 тисячі людей, без опалення 11 будинків.", [("heat_buildings_out", 11)]),
        ("en", "If the river rises, the operator may have to switch off 1,800 homes in Marlow without power.", []),
        ("en", "Nobody in Marlow is out, but the operator may have to switch off 1,800 homes.", []),
        ("de", "Gerüchte über 10.000 betroffene Haushalte ohne Strom wies der Netzbetreiber zurück.", []),
        ("en", "Rumours of 10,000 homes without power in Marlow were dismissed by the mayor.", []),
        ("uk", "Мер Сум спростував інформацію про 10 тисяч абонентів без світла.", []),
        ("ru", "Мэр Сум опроверг слухи о 10 тысячах абонентов без света.", []),
    ],
)
def test_a_count_has_the_words_of_its_own_clause(
    language: str, text: str, figures: list[tuple[str, float | None]]
) -> None:
    assert [row for row in stated(language, text) if row[1] is not None] == figures


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "In Hanover County 9,875 homes had no power.", "Hanover County"),
        (
            "uk",
            "На Чернігівщині темно. Ворог ударив по енергооб'єкту в Ніжинському районі. Без світла 9875 абонентів.",
            "Chernihiv region",
        ),
    ],
)
def test_a_county_keeps_its_name_and_a_plant_is_not_the_place(language: str, text: str, place: str) -> None:
    assert [row.place for row in read(language, text)] == [place]


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "Six thousand, two hundred homes in Marlow lost power.", [(OUT, 6200)]),
        ("en", "The 3,000 customers in Marlow won't have power until Friday.", [(OUT, 3000)]),
        ("en", "The 3,000 homes in Marlow will not lose power.", []),
        ("en", "Power cuts of two to three hours, three times a day, are now the rule in Marlow.", []),
        ("uk", "Світло в Сумах вимикають тричі на добу по дві години.", []),
        (
            "en",
            "In Marlow 900 homes have no power. About 75 of them won't be back until Sunday.",
            [(OUT, 900), (OUT, 75)],
        ),
        (
            "ru",
            "Без электроэнергии в Сумах оставались 62 300 абонентов, к обеду — 20 100, к полуночи свет вернули всем.",
            [(OUT, 62_300), (OUT, 20_100)],
        ),
        (
            "de",
            "In Jena waren 6.700 Haushalte ohne Strom, nach 50 Minuten floss er für 4.000 wieder.",
            [(OUT, 6700), (BACK, 4000)],
        ),
        ("ru", "На Сахалине в 23 сёлах нет света, это 7,4 тысячи человек.", [("power_people_out", 7400)]),
        ("en", "Over the past day 15,200 customers in Marlow have had their power restored.", [(BACK, 15_200)]),
    ],
)
def test_numbers_are_those_that_are_meant(language: str, text: str, figures: list[tuple[str, float | None]]) -> None:
    assert [row for row in stated(language, text) if row[1] is not None] == figures


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [
        ("en", "The cut lasted from 5:10 to 7:45 p.m. on Monday and hit 900 homes in Sumy without power.", "Mon 17:10"),
        ("en", "Some 900 homes in Sumy lost power between 2 and 3 a.m. on Monday.", "Mon 02:00"),
        ("de", "In Sumy waren 900 Haushalte von 17.10 bis 19.45 Uhr am Montag ohne Strom.", "Mon 17:10"),
        ("en", "Restoration update - Feb. 3, 9 p.m.\n900 homes in Sumy have no power.", "Tue 21:00"),
        ("en", "The 900 residents of Sumy were without power for 11 hours on Monday, and 40% are out.", "Mon 12:00"),
        ("ru", "После обстрела 3 февраля в 19:15 без света в Сумах оставались 900 абонентов.", "Tue 19:15"),
    ],
)
def test_a_span_and_a_heading_date_a_count(language: str, text: str, time: str) -> None:
    assert [clock(row) for row in read(language, text) if row.value == 900] == [time]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Без світла: Волинська — 4310 споживачів, Рівненська — 3925.", ["Volyn region", "Rivne region"]),
        ("На Волині без світла 4310 споживачів.", ["Volyn region"]),
    ],
)
def test_adjectives_that_head_rows_are_regions(text: str, places: list[str]) -> None:
    assert [row.place for row in read("uk", text)] == places


def test_who_owns_the_homes_counted_is_their_place() -> None:
    assert [row.place for row in read("en", "Only 150 of Holm's 2,700 homes are dark.")] == ["Holm"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "In Noto 36,000 homes lost power and 110,000 in three prefectures had no water.",
            [(OUT, 36_000), ("water_customers_out", 110_000)],
        ),
        (
            "Power: 12 of 24 districts affected. Water: 4 districts without supply (approx. 80,000 people).",
            [("water_people_out", 80_000)],
        ),
        ("At 07:30 3,050 homes had no power. At 11:00 it was 640, and by 13:15 all supplies were back.", [(OUT, 3050)]),
        ("About 214 homes were damaged, 38 of them beyond repair, and 340 homes have no power.", [(OUT, 340)]),
        ("Some 500,000 people rely on the heating plants; 340 homes there have no power.", [(OUT, 340)]),
        ("About 340 homes in Marlow have been off since 6pm yesterday.", [(OUT, 340)]),
    ],
)
def test_a_number_goes_with_its_own_service(text: str, figures: list[tuple[str, float | None]]) -> None:
    assert [row for row in stated("en", text) if row[1] is not None] == figures


def test_seven_people_in_ten_are_a_share() -> None:
    (row,) = read("en", "Seven people in ten in Marlow have no power.")
    assert (row.quantity, row.value) == ("power_people_out", pytest.approx(0.7))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "In 1.150 Haushalten in Leer fiel das Gas aus; 230 Haushalte sind wieder am Netz.",
            [("gas_customers_out", 1150), ("gas_customers_restored", 230)],
        ),
        (
            "In Jena sind 85 Gebäude ohne Fernwärme. Inzwischen sind 40 Gebäude wieder am Netz.",
            [("heat_buildings_out", 85), ("heat_buildings_restored", 40)],
        ),
        ("In Jena sind 3.500 Haushalte ohne Fernwärme. 900 sind wieder am Netz.", [("heat_households_out", 3500)]),
        ("In Jena sind 900 Haushalte wieder am Netz.", [(BACK, 900)]),
        ("In Jena ist es in 900 Gebäuden wieder warm.", [("heat_buildings_restored", 900)]),
        ("Rund 900 der Wohnungen in Jena sind wieder warm.", []),
    ],
)
def test_back_on_the_network_is_of_the_service_that_the_text_speaks_of(
    text: str, figures: list[tuple[str, float | None]]
) -> None:
    assert stated("de", text) == figures


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "About 60% of homes in Marlow have power again, 3,000 homes do not."),
        ("de", "Etwa 60 Prozent der Haushalte in Jena haben wieder Strom, 3.000 noch nicht."),
        ("uk", "У Сумах 5 тисяч абонентів уже зі світлом, 3 000 — ще ні."),
        ("ru", "В Сумах 5 тысяч абонентов уже со светом, 3 000 — ещё нет."),
    ],
)
def test_not_yet_is_still_out(language: str, text: str) -> None:
    assert stated(language, text)[-1] == (OUT, 3000)


def test_still_is_not_all() -> None:
    text = "За ночь вернули свет 7,5 тысячи жителей Сум; 600 человек всё ещё ждут."
    assert [row.qualifier for row in read("ru", text)] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        (
            "en",
            "Some 768,000 homes in Sumy lost power on Friday. That number was down to 217,000 by Monday noon "
            "and it should be lower by Thursday night.",
            ["Fri 12:00", "Mon 12:00"],
        ),
        (
            "ru",
            "В среду к 9:00 число абонентов без света в Сумах снизилось до 1,4 тысячи (во вторник было 6,8 тысячи).",
            ["Wed 09:00", "Tue 12:00"],
        ),
    ],
)
def test_a_time_of_another_count_is_not_that_of_this_one(language: str, text: str, times: list[str]) -> None:
    assert [clock(row) for row in read(language, text)] == times


def test_nationwide_is_the_country_of_the_place() -> None:
    text = "In Lissabon waren am Dienstag noch 167.000 Kunden ohne Strom, landesweit 290.000."
    assert [row.place for row in read("de", text)] == ["Lisbon", "Portugal"]


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "uk",
            "За ніч тепло повернули у понад 200 будинків Києва. Залишається 318 будинків, більшість — на Дарниці.",
            [("heat_buildings_restored", 200), ("heat_buildings_out", 318)],
        ),
        (
            "ru",
            "Почти 90 % потребителей Севастополя, оставшихся без света во вторник, снова подключены.",
            [("power_share_restored", pytest.approx(0.9))],
        ),
        ("uk", "Без води залишилися 8 санаторіїв і 4 300 мешканців Сум.", [("water_people_out", 4300)]),
        ("en", "In Marlow 8 sanatoriums and 4,300 residents have no water.", [("water_people_out", 4300)]),
        ("de", "In Jena sind 8 Pensionen und 4.300 Einwohner ohne Wasser.", [("water_people_out", 4300)]),
        (
            "uk",
            "Без світла 2 300 побутових і 140 юридичних споживачів Сум.",
            [(OUT, 2300), (OUT, 140)],
        ),
        (
            "en",
            "In Marlow 212 of the 2,140 customers had no heat and 1,928 were unaffected.",
            [("heat_customers_out", 212)],
        ),
        ("en", "The last 60 homes in Marlow got power on Tuesday.", [(BACK, 60)]),
    ],
)
def test_those_left_unaffected_or_counted_beside(
    language: str, text: str, figures: list[tuple[str, float | None]]
) -> None:
    assert stated(language, text) == figures


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        (
            "uk",
            "Газ зник у 860 абонентів; 300 із них підключили.",
            [("gas_customers_out", 860), ("gas_customers_restored", 300)],
        ),
        (
            "en",
            "A leak forced the evacuation of 90 homes in Marlow and left 1,150 without gas.",
            [("gas_customers_out", 1150)],
        ),
        (
            "de",
            "Über Nacht stellten die Stadtwerke in Jena die Stromversorgung für 340 Haushalte wieder her.",
            [(BACK, 340)],
        ),
    ],
)
def test_a_part_and_a_verb_in_two_words(language: str, text: str, figures: list[tuple[str, float | None]]) -> None:
    assert stated(language, text) == figures


def test_nearly_all_of_a_number_is_almost_that_number() -> None:
    (row,) = read("en", "Nearly all of the 23,000 customers in Marlow have electricity back.")
    assert (row.value, row.qualifier) == (23_000, "almost")


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        (
            "de",
            "Am 3. Februar um 6.12 Uhr waren 2.700 Kunden in Sumy ohne Strom. Um 6.40 Uhr waren es noch 1.100.",
            ["Tue 06:12", "Tue 06:40"],
        ),
        (
            "ru",
            "В 05:50 в Сумах отключены от отопления 19 домов (3 600 жителей); пуск — к 16 часам.",
            ["Wed 05:50", "Wed 05:50"],
        ),
    ],
)
def test_an_hour_stays_on_its_day_and_in_its_part(language: str, text: str, times: list[str]) -> None:
    assert [clock(row) for row in read(language, text)] == times


def test_a_day_right_after_a_number_is_its_own() -> None:
    text = "In Sumy 340 customers were without power at noon on Wednesday, down from more than 900 Tuesday evening."
    assert [clock(row) for row in read("en", text)] == ["Wed 12:00", "Tue 19:00"]


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [
        (
            "en",
            "340 homes are still without power in Sumy, where the storm came ashore on Monday evening.",
            "Wed 18:00",
        ),
        ("en", "340 homes lost power in Sumy, where the storm came ashore on Monday evening.", "Mon 19:00"),
        ("de", "340 Haushalte in Sumy sind ohne Strom, der Brand brach am Montag um 9 Uhr aus.", "Mon 09:00"),
    ],
)
def test_a_storm_in_a_clause_on_a_place_dates_only_what_it_began(language: str, text: str, time: str) -> None:
    assert [clock(row) for row in read(language, text)] == [time]


def test_an_hour_says_what_hours_later_is() -> None:
    text = "In Sumy gab es einen Stromausfall. Doch erst vier Stunden später, um 9 Uhr konnte das Problem für alle"
    (row,) = read("de", f"{text} betroffenen Haushalte gelöst werden.")
    assert (row.qualifier, clock(row)) == ("none", "Wed 09:00")


def test_those_affected_and_others_go_with_the_verb_at_the_end() -> None:
    text = "340 der betroffenen Haushalte und 130 Betriebe in Sumy wurden bereits gegen 12.15 Uhr wieder versorgt."
    assert [(row.quantity, row.value) for row in read("de", text)] == [(BACK, 340), (BACK, 130)]


def test_a_time_that_heads_a_list_holds_to_its_end() -> None:
    rows = "; ".join(
        f"Town{letter} ({number})" for letter, number in zip("abcdefghij", range(1201, 1300, 10), strict=True)
    )
    text = f"As of 11:30 a.m. on Tuesday, customers without power were: {rows}."
    assert [clock(row) for row in read("en", text)] == ["Tue 11:30"] * 10

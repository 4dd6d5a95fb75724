"""What holds from sentence to sentence: places spoken of, times told of, and what a paragraph only recalls."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from energy_impact.text.grammar import find_candidates
from energy_impact.text.row import SURE

if TYPE_CHECKING:
    from energy_impact.text.candidate import Candidate

SATURDAY = datetime.fromisoformat("2026-01-24T18:00+02:00")


def rows(text: str, language: str = "en") -> dict[float | None, Candidate]:
    """The rows of a text by their values."""
    return {row.value: row for row in find_candidates(text, published=SATURDAY, language=language)}


def local(row: Candidate) -> str:
    """The time of a row on the clocks of the publication, as day and hour."""
    assert row.time is not None
    return row.time.astimezone(SATURDAY.tzinfo).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("language", "text", "value", "place"),
    [
        ("en", "Odesa was hit. In the Black Sea port some 2,000 homes have no power.", 2000, "Odesa"),
        ("en", "In Lviv it was calm. Kharkiv was hit; 2,000 homes there have no power.", 2000, "Kharkiv"),
        ("en", "MOORLEY, Ohio (NW) — It is cold. Some 2,000 homes have no power.", 2000, "Moorley"),
        ("en", "Some 900 homes are out in Ohio. In Moorley, Texas, 2,000 homes have no power.", 2000, "Moorley"),
        ("en", "It is dark in Ontario. About 2,000 Hydro-Québec customers have no power.", 2000, "Quebec"),
        ("en", "Ontario is dark. NB Power said 2,000 homes had no power.", 2000, "New Brunswick"),
        ("en", "Crews Race to Restore Power in Moorley\n\nSome 2,000 homes have no power.", 2000, "Moorley"),
        ("en", "Ohio is dark. Dunmore accounted for 2,000 of the homes without power.", 2000, "Dunmore"),
        ("en", "Ohio is dark. Smaller outages hit Dunmore (2,000 customers) and the harbor.", 2000, "Dunmore"),
        ("en", "Ohio is dark. Dunmore's mayor said 2,000 homes had no power.", 2000, "Dunmore"),
        ("en", "It is dark in Cuba. In Cuba's port of Marra 2,000 homes had no power.", 2000, "Marra"),
        ("en", "It is dark in Cuba and Havana. The island-wide blackout hit 2,000 homes.", 2000, "Cuba"),
        ("en", "Ohio is dark. In La Marra 2,000 homes had no power.", 2000, "La Marra"),
        ("en", "Ohio is dark. Around St. Omery 2,000 homes had no power.", 2000, "St. Omery"),
        ("en", "The Eastern Townships are dark. In Western Marlow 2,000 homes had no power.", 2000, "Western Marlow"),
        ("en", "Image caption,\n\nJohn Marlow of Ohio\n\nSome 2,000 homes had no power.", 2000, "Ohio"),
        ("en", "In neighboring Sumy 2,000 homes have no power.", 2000, "Sumy"),
        ("en", "Odesa governor Ivan Lee said 2,000 homes were without power.", 2000, "Odesa region"),
        ("en", "In Kyiv there was light.\n\nIn Kharkiv, too. In the capital 300 blocks have no heating.", 300, "Kyiv"),
        ("uk", "У Києві темно. Без світла 300 осель у Дарницькому районі.", 300, "Kyiv"),
        ("uk", "На Харківщині без світла 300 осель, ще 200 — у самому місті.", 200, "Kharkiv"),
        ("uk", "У Харкові без світла 300 осель. В області знеструмлено 7 тисяч споживачів.", 7000, "Kharkiv region"),
        ("ru", "В Харькове без света 300 квартир, в области — 7 тысяч.", 7000, "Kharkiv region"),
        ("de", "In Weidenau war es dunkel. Im Landkreis heim sind 120 Häuser ohne Wärme.", 120, "Weidenau"),
        ("de", "Ohio ist dunkel.\n\nWien (dpa) - Noch sind 2.000 Haushalte ohne Strom.", 2000, "Ohio"),
        ("de", "Wien - In Ohio sind 2.000 Haushalte ohne Strom.", 2000, "Ohio"),
        (
            "de",
            "In Bamberg ist es dunkel. Betroffen sind die Stadtteile Au, Berggau und Weingau. 90 Häuser sind kalt.",
            90,
            "Bamberg",
        ),
        (
            "de",
            "In Bamberg ist es dunkel. Betroffen sind 2.000 Haushalte der Ortsteile Berggau und Weingau.",
            2000,
            "Bamberg",
        ),
        ("de", "In weiten Teilen Hessens sind 2.000 Haushalte ohne Strom.", 2000, "Hessen"),
        (
            "de",
            "Bayern ist weiß. Vor allem Hessen traf es. Dort fiel der Strom aus. Kalt sind 90 Häuser.",
            90,
            "Hessen",
        ),
        ("de", "Im Sauerland sind 2.000 Haushalte ohne Strom.", 2000, "Sauerland"),
        ("de", "In Hessen gab es Ausfälle, in Bayern - dort waren 2.000 Haushalte ohne Strom - auch.", 2000, "Bayern"),
        ("de", "In Hessen sind 900 Haushalte und 2.000 im südlichen Bayern ohne Strom.", 2000, "Bayern"),
        ("de", "Bei Geschwindigkeiten bis 120 km/h waren 2.000 Haushalte in Bayern ohne Strom.", 2000, "Bayern"),
        ("de", "In Niederbayern waren 4.000 Haushalte ohne Strom und in Oberbayern etwa 200.", 4000, "Niederbayern"),
        ("en", "MARLOW, Ukraine — Jane Lee wore a coat. Her block is one of 900 without heat.", 900, "Marlow"),
        (
            "en",
            "The strikes on Ukraine's power grid left 900 homes without power in the northern Sumy region.",
            900,
            "Sumy region",
        ),
        (
            "en",
            "A strike in Ukraine's northern region of Chernihiv cut power. Some 900 homes are still without it.",
            900,
            "Chernihiv region",
        ),
        (
            "de",
            "Brand in Weidenau\n\nDunkel war es in Tarnau und Sornau. Um 9 Uhr hatten 900 Haushalte wieder Strom.",
            900,
            "Weidenau",
        ),
        (
            "de",
            "Kiew - Im Gebiet Odessa fiel der Strom aus. In der Stadt selbst waren 900 Kunden betroffen.",
            900,
            "Odesa",
        ),
        (
            "de",
            "In Weidenau platzte ein Rohr in der Frankfurter Straße. Betroffen sind 900 Haushalte ohne Wasser.",
            900,
            "Weidenau",
        ),
        (
            "de",
            "In Weidenau war es hell. Das Ufer des Dnipro blieb dunkel, 900 Haushalte hatten keinen Strom.",
            900,
            "Weidenau",
        ),
        (
            "ru",
            "В Полтаве мороз. Жительница проспекта Коммунистического прислала фото: без света 900 домов.",
            900,
            "Poltava",
        ),
        (
            "en",
            "Storm in Marland\n\nSome 4,000 customers have no power in Marland. Tarnford accounted for 900 of them.",
            900,
            "Tarnford",
        ),
        ("uk", "У Ніжині й Прилуках темно. Без світла 900 осель у Прилуках.", 900, "Pryluky"),
        ("ru", "Авария в Кении: без света 900 домов.", 900, "Kenya"),
        ("ru", "В Рубцовске без тепла 900 домов.", 900, "Rubtsovsk"),
        ("de", "In Tschechien hatten 900 Haushalte keinen Strom.", 900, "Czech Republic"),
        ("uk", "За даними штабу, у Харкові без світла 900 осель.", 900, "Kharkiv"),
        ("ru", "Забайкальский Рубцовск замерзает. Остыли почти 900 зданий.", 900, "Rubtsovsk"),
        ("uk", "У Києві темно.\nДоповнення\nБез світла 900 осель.", 900, "Kyiv"),
        ("uk", "Без світла 900 осель. Нагадаємо, у Львові та у Львові теж було темно.", 900, None),
        (
            "en",
            "Kenya goes dark as Western region line trips\n\nPower was back for 900 customers at noon.",
            900,
            "Kenya",
        ),
    ],
)
def test_a_place_is_that_spoken_of(language: str, text: str, value: float, place: str | None) -> None:
    assert rows(text, language)[value].place == place


def test_the_city_of_a_new_paragraph_is_that_of_the_headline():
    text = "Полтава без тепла\n\nУ Лубнах без світла 300 осель.\n\nУ місті холодні 120 будинків."
    found = rows(text, "uk")
    assert found[300].place != "Poltava"
    assert found[120].place == "Poltava"


def test_a_district_that_lies_in_no_city_stays_a_place_of_its_own():
    text = "У Львові темно. Без світла 300 осель у Стрийському районі."
    assert rows(text, "uk")[300].place == "Стрийський район"


def test_the_region_of_who_speaks_is_not_that_of_a_city_spoken_of():
    text = "У Сумах після удару без світла 300 осель. Керівник «Сумиобленерго» каже: води нема у 200 квартирах."
    assert rows(text, "uk")[200].place == "Sumy"


@pytest.mark.parametrize(
    ("language", "text", "value", "time"),
    [
        ("en", "Drones hit Odesa on Thursday at noon. The next morning 900 homes had no power.", 900, "23 08:00"),
        (
            "en",
            "In the strike of 20 January heat went. As a result of the attack 900 blocks lost heating.",
            900,
            "20 12:00",
        ),
        ("en", "As of 9 am, 300 homes in Kyiv had no power and 200 in Lviv.", 200, "24 09:00"),
        ("uk", "Після удару 20 січня зупинилася котельня, і 418 будинків охололи.", 418, "20 12:00"),
        ("uk", "Уранці без світла було 900 осель, о 16-й — 200.", 200, "24 16:00"),
        ("ru", "После пятничного удара 900 домов остались без тепла.", 900, "23 12:00"),
        ("de", "Anfang Januar fiel in 900 Gebäuden die Heizung aus.", 900, "05 12:00"),
        ("de", "Vor drei Tagen fiel in 900 Gebäuden die Heizung aus.", 900, "21 18:00"),
        (
            "en",
            "Rockets hit Marlow on Thursday evening. Now 300 homes lack heat; at the start it was off in 900 homes.",
            900,
            "22 19:00",
        ),
        ("uk", "Аварія сталася в четвер о 4-й. Спершу без тепла були 900 будинків.", 900, "22 04:00"),
        ("de", "Am Donnerstag um 4 Uhr platzte ein Rohr. Zunächst waren 900 Wohnungen ohne Wärme.", 900, "22 04:00"),
        ("ru", "На улице -8, в воскресенье обещают -13.", -8, "24 18:00"),
        ("uk", "Уночі в місті було -22, опівдні потеплішало до -15.", -22, "24 03:00"),
        (
            "de",
            "Am Donnerstag tobte ein Sturm. Um 10 Uhr fiel der Strom aus. Um 14 Uhr waren es 2.000.",
            2000,
            "22 14:00",
        ),
        (
            "de",
            "Um 7.30 Uhr fiel der Strom in 400 Häusern aus. In Weidenau waren 2.000 Kunden betroffen.",
            2000,
            "24 07:30",
        ),
        ("de", "Am Freitag fiel der Strom aus. Schuld war ein Bagger. Betroffen waren 2.000 Kunden.", 2000, "23 12:00"),
        (
            "de",
            "Wie es am Donnerstag hieß, fiel am Mittwoch der Strom aus. Betroffen waren 2.000 Kunden.",
            2000,
            "21 12:00",
        ),
        ("de", "Noch bis Sonntagfrüh bleiben 2.000 Kunden ohne Strom.", 2000, "24 18:00"),
        ("de", "2.000 Haushalte, Höfe und Betriebe hatten am Freitagabend keinen Strom.", 2000, "23 19:00"),
        ("de", "Am Freitag um 9 Uhr riss ein Seil.\n\nIn Kiew waren 2.000 Kunden betroffen.", 2000, "23 09:00"),
        ("de", "Am Freitag um 9 Uhr riss ein Seil.\n\nIn Kiew sind 2.000 Kunden betroffen.", 2000, "24 18:00"),
        ("de", "Knapp nach 8 Uhr waren 2.000 Kunden ohne Strom.", 2000, "24 08:00"),
        (
            "en",
            "Crews reconnected 5,000 homes since the storm struck on Thursday; 900 had no power at 4pm.",
            5000,
            "24 18:00",
        ),
        (
            "ru",
            "Отдельно про Полтаву: из-за атаки дрона утром в четверг света не было у 900 абонентов.",
            900,
            "22 08:00",
        ),
        (
            "en",
            "A fault plunged Marlow into darkness on Thursday evening, leaving 11,000 people without power.",
            11000,
            "22 19:00",
        ),
        (
            "de",
            "Es waren 900 Haushalte, die am Freitag vom Netz getrennt und inzwischen wieder versorgt worden seien.",
            900,
            "23 12:00",
        ),
        ("en", "Engineers were able to restore power to 900 homes on 22 January.", 900, "22 12:00"),
        (
            "de",
            "Um 9.25 Uhr folgte der nächste Schlag. Ein Trafo fiel aus, 900 Haushalte hatten keinen Strom mehr.",
            900,
            "24 09:25",
        ),
        ("en", "Some 9,000 users had no power at 3 pm, the website showed, 900 of them in Marlow.", 900, "24 15:00"),
        (
            "uk",
            "Удар стався в ніч на 22 січня. Уранці подали світло. У ту ніч над областю збили 41 безпілотник.",
            41,
            "22 03:00",
        ),
        ("en", "Peak (Thursday, 4 a.m.): 31,700 customers out. Marlow has 900 customers out.", 900, "24 18:00"),
        ("uk", "Без світла 900 абонентів, переважно на півночі області.", 900, "24 18:00"),
        (
            "ru",
            "Накануне поздно вечером произошла авария.\nНа ней работали бригады.\nПод отключение попали 900 домов.",
            900,
            "23 19:00",
        ),
        (
            "ru",
            "Это случилось 22 января в 7 утра (8 часов по московскому времени). Под отключение попали 900 домов.",
            900,
            "22 07:00",
        ),
        (
            "ru",
            "Как сообщили в мэрии, в 11.30 подачу пришлось остановить. Под отключение попали 900 домов.",
            900,
            "24 11:30",
        ),
        (
            "en",
            "A fault occurred at 3:40 am on January 22. As a result, 187 blocks lost heat. Over 900 people live there.",
            900,
            "22 03:40",
        ),
        ("en", "Restored since Thursday: 23,400\n\nMarlow has 900 members out.", 900, "24 18:00"),
        ("en", "Marlow Power reconnected 4,000 customers and had 900 left to restore at 4 p.m.", 900, "24 16:00"),
        (
            "uk",
            "У четвер діяли обмеження. Тоді ж через обстріл 900 абонентів провели вечір без світла.",
            900,
            "22 19:00",
        ),
        (
            "uk",
            "Однак ніч була важкою: станом на 07:00 суботи без світла 12 сіл. Це 900 абонентів.",
            900,
            "24 07:00",
        ),
        (
            "uk",
            "Трубу прорвало в четвер, 22 січня, близько шостої ранку. Без опалення тоді опинилися 900 будинків.",
            900,
            "22 06:00",
        ),
        (
            "ru",
            "Напомним, на 06:00 22 января света не было у 3 тысяч абонентов. Ещё 900 человек остались без воды.",
            900,
            "22 06:00",
        ),
        (
            "uk",
            "Після атаки 12 січня тепла не було. Нині його немає в 900 будинках, тоді як у грудні було тепло.",
            900,
            "24 18:00",
        ),
    ],
)
def test_a_time_is_that_told_of(language: str, text: str, value: float, time: str) -> None:
    assert local(rows(text, language)[value]) == time


def test_a_day_told_of_ends_with_its_paragraph():
    text = "On Thursday 900 homes in Odesa lost power. Another 200 lost water.\n\nIn Kyiv 300 blocks are cold."
    assert local(rows(text)[300]) == "24 18:00"


def test_what_a_paragraph_recalls_is_not_of_the_time_of_the_bulletin():
    text = "As of 9 am, 300 homes in Kyiv had no power.\n\nAs previously reported, 5,000 homes lost heat in a strike."
    assert rows(text)[5000].time is None


def test_power_given_back_is_not_dated_by_the_day_it_was_lost():
    text = "Crews restored power to 5,000 homes in Marlow cut off on Thursday."
    assert local(rows(text)[5000]) == "24 18:00"


@pytest.mark.parametrize(
    ("language", "text", "value", "quantity"),
    [
        ("en", "In Kyiv, 300,000 homes lost power. In Lviv another 20,000.", 20000, "power_customers_out"),
        ("en", "In Marlow 900 homes are dark. Tarnford County came next at 300.", 300, "power_customers_out"),
        ("en", "Power is back in 900 homes.\n\nMarlow: 300\nTarnford: 200", 300, "power_customers_out"),
        (
            "en",
            "300 blocks have no heating. Some have no power. 900 customers are still cut off.",
            900,
            "power_customers_out",
        ),
        (
            "en",
            "Some 900 customers in Marlow lack power, 200 of them were reconnected.",
            200,
            "power_customers_restored",
        ),
        ("en", "They shot down 41 of 50 drones and 3 of the 9 missiles fired.", 3, "missiles_intercepted"),
        ("uk", "Ще 131 будинок чекає на тепло, з них 64 довелося злити.", 131, "heat_buildings_out"),
        ("uk", "Ще 131 будинок чекає на тепло, з них 64 довелося злити.", 64, "heat_buildings_drained"),
        ("de", "900 Haushalte waren stromlos, 300 davon wurden wieder zugeschaltet.", 300, "power_customers_restored"),
        ("ru", "Запустили 42 дрона и 16 ракет; заявлено о 26 и 8 сбитых соответственно.", 8, "missiles_intercepted"),
    ],
)
def test_an_amount_goes_on_from_what_was_said(language: str, text: str, value: float, quantity: str) -> None:
    assert rows(text, language)[value].quantity == quantity


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Без світла 112 сіл у Сумській області, 63 – у Харківській, 45 – у Херсонській."),
        ("ru", "Без света 900 человек. Работают 64 бригады, 210 человек, 98 машин."),
        ("en", "Power was lost in 900 homes of Marlow, a city of 2 million."),
        ("uk", "Без світла 900 осель у Стрийському районі, у Золочівському (12,5)."),
        ("de", "In Marlau sind 900 Einwohner ganz ohne Leitungswasser."),
        ("uk", "Без тепла 900 будинків. Рух трамваїв № 2 та 7 відновили."),
    ],
)
def test_what_is_listed_with_other_things_is_no_figure(language: str, text: str) -> None:
    assert set(rows(text, language)) <= {900}


def test_a_headline_and_its_lead_are_one_figure_with_the_words_of_the_lead():
    text = "1,200 blocks in Odesa without heat\n\nOn Friday evening 1,200 blocks in Odesa region had no heat."
    (row,) = find_candidates(text, published=SATURDAY, language="en")
    assert (row.start, row.place, local(row)) == (text.index("1,200", 9), "Odesa region", "23 19:00")


def test_a_line_that_ends_a_sentence_is_a_paragraph_where_no_line_is_blank():
    lines = ("Негода на Одещині.", "В Одесі через зливу загинули троє людей.", "Світло повернули 900 родинам.")
    text = "\n".join(lines)
    assert rows(text, "uk")[900].place == "Odesa region"


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("6,000 homes were without power this morning. In Odesa the theatre is open.", True),
        ("6,000 homes were without power. In other news, the mayor of Paris opened a bridge.", True),
        ("Odesa, 24 January. 6,000 homes were without power. In Odesa the theatre is open.", False),
        ("Odesa after the storm\n\n6,000 homes were without power. In Odesa the theatre is open.", False),
        ("6,000 homes in Odesa were without power. In Odesa the theatre is open.", False),
    ],
)
def test_a_place_that_only_a_later_sentence_names_is_asked_about(text: str, later: bool) -> None:
    (row,) = find_candidates(text, published=SATURDAY)
    assert (row.confidence < SURE, "place named later" in row.reason) == (later, later)

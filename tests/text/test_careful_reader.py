"""What a careful reader would write down, and would leave out: who is out, who is back, and what counts neither."""

from __future__ import annotations

import pytest

from tests.text.careful import BACK, OUT, PUBLISHED, clock, read, stated


@pytest.mark.parametrize(
    ("language", "text", "quantity"),
    [
        ("en", "The remaining 340 customers in Marlow were reconnected at 11 p.m. on Tuesday.", BACK),
        ("en", "The remaining 340 customers in Marlow are being reconnected.", OUT),
        ("en", "Restoration of power to 340 customers in Marlow continues.", OUT),
        ("en", "Power is back in most of Marlow, 340 homes remain.", OUT),
        ("de", "Die letzten 340 Haushalte in Jena wurden um 14 Uhr wieder mit Strom versorgt.", BACK),
        ("de", "Die restlichen 340 Haushalte in Jena werden derzeit wieder angeschlossen.", OUT),
        ("de", "Die Wiederherstellung der Stromversorgung für 340 Haushalte in Jena dauert an.", OUT),
        ("uk", "Решті 340 абонентів у Сумах світло вже дали.", BACK),
        ("uk", "Решту 340 абонентів у Сумах зараз підключають до електромережі.", OUT),
        ("uk", "Триває відновлення електропостачання 340 абонентів у Сумах.", OUT),
        ("ru", "Оставшиеся 340 абонентов в Сумах подключили к электроснабжению в 14:00.", BACK),
        ("ru", "Продолжается восстановление света для остальных 340 абонентов в Сумах.", OUT),
    ],
)
def test_the_rest_is_back_once_it_was_given_back(language: str, text: str, quantity: str) -> None:
    assert stated(language, text) == [(quantity, 340)]


def test_the_rest_that_and_lists_with_a_time_is_back_too() -> None:
    text = "About 6,000 customers in Marlow lost power. 5,750 were restored by noon, and the remaining 250 by 2 p.m."
    assert stated("en", text) == [(OUT, 6000), (BACK, 5750), (BACK, 250)]
    text = "Power was restored to 5,750 customers in Marlow, and the remaining 250 are out."
    assert stated("en", text) == [(BACK, 5750), (OUT, 250)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Power was given back to 12,000 of the 30,000 customers who had been left without it on Tuesday."),
        ("uk", "Світло повернули 12 тисячам із 30 тисяч абонентів, які напередодні залишилися без електропостачання."),
        ("ru", "Свет вернули 12 тысячам из 30 тысяч абонентов, которые накануне остались без электроснабжения."),
    ],
)
def test_those_who_lost_it_are_the_total_of_those_who_have_it_back(language: str, text: str) -> None:
    back, lost = read(language, text)
    assert [(row.quantity, row.value) for row in (back, lost)] == [(BACK, 12_000), (OUT, 30_000)]
    assert clock(back).startswith("Wed"), "the day before is that of the loss alone"
    assert clock(lost).startswith("Tue")


@pytest.mark.parametrize(
    "text",
    [
        "As of 5 p.m. the utility had restored power to 12,000 of the 30,000 customers affected by the storm.",
        "The utility has already restored power to 12,000 of its 30,000 customers affected by the storm.",
        "Power was given back to 12,000 of the 30,000 customers who had been left without it in Marlow.",
    ],
)
def test_a_total_without_a_time_of_its_own_is_not_out_when_its_part_is_back(text: str) -> None:
    (row,) = read("en", text)
    assert (row.quantity, row.value) == (BACK, 12_000)
    assert "of 30000 customers in all" in row.note


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("340 customers affected by the outage have been restored.", (BACK, 340)),
        ("340 customers hit by the storm in Marlow now have power again.", (BACK, 340)),
        (
            "97 percent of customers impacted by the shutoff have had their power restored.",
            ("power_share_restored", 0.97),
        ),
        ("340 customers affected by the outage are still without power.", (OUT, 340)),
        ("About 340 of its customers had power knocked out.", (OUT, 340)),
        ("The weather made it necessary to shutoff power to 340 customers in Marlow.", (OUT, 340)),
    ],
)
def test_the_verb_of_a_sentence_says_whether_those_affected_are_back(text: str, figure: tuple[str, float]) -> None:
    assert stated("en", text) == [figure]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The storm has the potential to knock out power to 340 customers in Marlow."),
        ("en", "Gas is off in Marlow; 300 company employees have been called to help restore it."),
        ("ru", "В Сумах нет света, более 60% мобильных башен не работают."),
    ],
)
def test_what_may_be_cut_staff_and_masts_are_no_figures(language: str, text: str) -> None:
    assert stated(language, text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Фахівці працюють цілодобово, щоб якнайшвидше відновити світло в усіх домівках."),
        ("ru", "Энергетики работают, чтобы вернуть свет всем абонентам в Сумах."),
    ],
)
def test_what_work_is_for_is_not_done(language: str, text: str) -> None:
    assert stated(language, text) == []


def test_half_of_all_is_not_all() -> None:
    text = "Bereits die Hälfte aller betroffenen Haushalte in Jena ist wieder mit Strom versorgt."
    assert stated("de", text) == [("power_share_restored", 0.5)]


def test_supplying_is_not_restoring() -> None:
    text = "Neun Stationen in Jena sind vom Stromausfall betroffen. Diese versorgen 340 Haushalte mit Strom."
    assert BACK not in {row.quantity for row in read("de", text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Водночас у Сумах 340 абонентів страждають від відключень."),
        ("ru", "Водители в Сумах стоят: 340 абонентов отключены."),
    ],
)
def test_words_that_only_begin_like_water_are_none(language: str, text: str) -> None:
    assert stated(language, text) == [(OUT, 340)]


def test_the_number_that_heat_is_given_to_is_no_bound() -> None:
    (row,) = read("uk", "У Києві вдалося відновити подачу теплоносія до 2100 будинків.")
    assert (row.quantity, row.value, row.qualifier) == ("heat_buildings_restored", 2100, "exact")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Crews (220 people) restored power to 340 homes in Marlow."),
        ("en", "With 220 people in the field, the utility restored power to 340 homes in Marlow."),
        ("uk", "Ремонтні бригади (220 осіб, 84 одиниці техніки) відновили живлення для 340 споживачів."),
        ("ru", "Бригады (220 человек) восстановили свет 340 абонентам в Сумах."),
    ],
)
def test_those_who_restore_are_none_of_those_restored(language: str, text: str) -> None:
    assert stated(language, text) == [(BACK, 340)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Only 150 of Marlow's 2,700 homes still have power."),
        ("de", "Nur 150 Haushalte in Jena sind noch am Netz."),
        ("uk", "У Сумах лише 150 абонентів мають світло."),
        ("ru", "В Сумах только 150 абонентов со светом."),
    ],
)
def test_those_who_never_lost_it_are_none_of_those_restored(language: str, text: str) -> None:
    assert stated(language, text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Only 150 customers in Marlow have their power back."),
        ("de", "Nur 150 Haushalte in Jena sind wieder am Netz."),
        ("uk", "У Сумах світло повернули лише 150 абонентам."),
        ("ru", "В Сумах свет вернули лишь 150 абонентам."),
    ],
)
def test_only_some_who_have_it_back_are_restored(language: str, text: str) -> None:
    assert stated(language, text) == [(BACK, 150)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "If the second transformer fails, 9,000 homes in Marlow are without power."),
        ("en", "Should the line fail, 9,000 homes in Marlow are without power."),
        ("de", "Sollte die Leitung reißen, wären 9.000 Haushalte in Jena ohne Strom."),
        ("de", "Falls die Leitung reißt, sind 9.000 Haushalte in Jena ohne Strom."),
        ("uk", "Якщо лінія не витримає, без світла 9 тисяч абонентів."),
        ("ru", "Если линия не выдержит, без света 9 тысяч абонентов."),
    ],
)
def test_what_a_condition_would_bring_is_no_figure(language: str, text: str) -> None:
    assert stated(language, text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "If it rains again, work will stop; 340 homes in Marlow are without power."),
        ("en", "If you are one of the 340 customers without power in Marlow, call us."),
        ("en", "About 340 homes that escaped the flood are without power in Marlow."),
        ("de", "Kunden sollten Strom sparen, 340 Haushalte in Jena sind ohne Strom."),
        ("uk", "Якщо у вас немає світла, телефонуйте; без світла 340 абонентів у Сумах."),
    ],
)
def test_advice_beside_a_figure_leaves_it_one(language: str, text: str) -> None:
    assert stated(language, text) == [(OUT, 340)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The customers live in Marlow, a town of 12,000, and 340 households have no power."),
        ("en", "In Marlow, a town of 12,000, 340 households have no power."),
        ("en", "Among the dead is a woman of 81, and 340 homes in Marlow have no power."),
        ("en", "The lights are out in 340 homes, said Petro, 54, of Marlow."),
        ("en", "Petro, 54, of Marlow is one of many: 340 homes have no power."),
        ("en", "About 1,900 National Guard members were sent to Marlow, where 340 homes have no power."),
        ("en", "Some 340 homes in Marlow are dark, and 1,900 National Guard members have been deployed."),
    ],
)
def test_ages_inhabitants_and_soldiers_are_no_customers(language: str, text: str) -> None:
    assert stated(language, text) == [(OUT, 340)]


def test_a_count_after_which_something_was_damaged_is_a_figure() -> None:
    text = "Без газу залишилися 1 250 абонентів у Богодухові: екскаватор пошкодив газопровід, тиск 0,3 МПа."
    assert stated("uk", text) == [("gas_customers_out", 1250)]


def test_low_pressure_is_no_outage_where_no_one_is_without_water() -> None:
    text = "Pressure has dropped in about 30,000 homes in Marlow, but no one is without water."
    (row,) = read("en", text)
    assert (row.value, row.qualifier) == (None, "none")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Жодного знеструмленого споживача в області станом на 18:00 немає."),
        ("ru", "Ни одного обесточенного потребителя в области нет."),
    ],
)
def test_not_one_customer_cut_off_is_none_out(language: str, text: str) -> None:
    (row,) = read(language, text)
    assert (row.quantity, row.qualifier) == (OUT, "none")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The number of homes in Marlow without power fell from 40 to 15 thousand."),
        ("de", "Die Zahl der Haushalte ohne Strom in Jena sank von 40 auf 15 Tausend."),
        ("uk", "Кількість знеструмлених абонентів у Сумах зменшилася з 40 до 15 тисяч."),
        ("ru", "С 40 до 15 тысяч сократилось за сутки число обесточенных потребителей в Крыму."),
    ],
)
def test_both_ends_of_a_move_share_their_thousand(language: str, text: str) -> None:
    before, now = read(language, text)
    assert [(row.value, row.qualifier) for row in (before, now)] == [(40_000, "exact"), (15_000, "exact")]


def test_a_move_from_hundreds_to_thousands_keeps_its_hundreds() -> None:
    assert stated("en", "The number of homes in Marlow without power rose from 800 to 3 thousand.") == [
        (OUT, 800),
        (OUT, 3000),
    ]


def test_a_share_counts_what_the_share_before_it_counts() -> None:
    text = "The storm cut power to 61% of customers in Polk County and 43% in Hardee County."
    assert [(row.quantity, row.value, row.place) for row in read("en", text)] == [
        (OUT, pytest.approx(0.61), "Polk County"),
        (OUT, pytest.approx(0.43), "Hardee County"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("At 7 a.m. 3,212 DTE customers in Wayne County had no power.", "Wayne County"),
        ("Some 900 PG&E customers had no power in Oakland.", "Oakland"),
        ("Some 900 PG&E customers had no power, said a spokesman in Oakland.", "California"),
    ],
)
def test_a_place_in_the_area_of_an_operator_is_that_of_its_customers(text: str, place: str) -> None:
    (row,) = read("en", text)
    assert row.place == place


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Last year's ice storm left 50,000 customers in Marlow without power."),
        ("uk", "Минулого року через негоду в Сумах без світла лишалися 50 тисяч абонентів."),
        ("ru", "В прошлом году при такой же аварии в Сумах без света сидели 50 тысяч абонентов."),
        ("de", "Im vergangenen Jahr waren in Jena nach einem Orkan 50.000 Haushalte ohne Strom."),
        ("uk", "Торік у січні у Львові без світла було 300 тисяч мешканців."),
    ],
)
def test_a_count_of_last_year_has_no_time_of_this_one(language: str, text: str) -> None:
    (row,) = read(language, text)
    assert row.time is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ice storm hits Michigan\n\nIn Wayne County 900 homes were dark. Statewide, 21,450 had no power.", "Michigan"),
        ("In Wayne County 900 DTE customers had no power; statewide the count stood at 21,450.", "Michigan"),
        ("In Wayne County 900 homes were dark. Statewide, 21,450 homes had no power.", None),
    ],
)
def test_statewide_is_the_state_and_no_county(text: str, place: str | None) -> None:
    assert [row.place for row in read("en", text) if row.value == 21_450] == [place]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "At 18:40 on Monday 62,000 homes in Sumy lost power; three hours later 8,000 were still out."),
        ("en", "At 18:40 on Monday 62,000 homes in Sumy lost power. Within three hours the number fell to 8,000."),
        ("de", "Am Montag um 18.40 Uhr waren in Sumy 62.000 Kunden ohne Strom, nach drei Stunden noch 8.000."),
        ("uk", "У Сумах 62 тисячі абонентів знеструмлені 2 лютого о 18:40, за три години їх стало 8 тисяч."),
        ("uk", "У Сумах 62 тисячі абонентів знеструмлені 2 лютого о 18:40. Через три години без світла були 8 тисяч."),
        ("ru", "2 февраля в 18:40 обесточены 62 тысячи абонентов в Сумах, спустя три часа без света были 8 тысяч."),
    ],
)
def test_hours_later_count_from_the_time_before(language: str, text: str) -> None:
    assert [clock(row) for row in read(language, text)] == ["Mon 18:40", "Mon 21:40"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "2 лютого о 18:40 був обстріл Сум. За добу світло повернули 8 тисячам абонентів."),
        ("ru", "2 февраля в 18:40 был обстрел Сум. За сутки свет вернули 8 тысячам абонентов."),
        ("en", "At 18:40 on Monday Sumy was hit. After hours of work power is back for 8,000 homes."),
    ],
)
def test_over_a_day_is_no_day_later(language: str, text: str) -> None:
    (row,) = read(language, text)
    assert row.time is not None
    assert row.time.astimezone(PUBLISHED.tzinfo).day != 3


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In 2021, after a hurricane had struck the whole coast, some 290,000 homes in Marlow had no power."),
        ("de", "2021 waren nach einem ähnlichen Sturm in Jena 29.000 Haushalte ohne Strom."),
        ("uk", "У 2021 році після подібного буревію в Сумах без світла були 29 тисяч абонентів."),
        ("ru", "В 2021 году после похожего урагана в Сумах без света остались 29 тысяч абонентов."),
    ],
)
def test_a_year_long_ago_holds_for_the_sentence_that_it_opens(language: str, text: str) -> None:
    assert stated(language, text) == []


def test_a_year_long_ago_does_not_hold_for_what_is_so_now() -> None:
    text = "In 2021 a similar storm hit, but now 340 homes in Marlow are without power."
    assert stated("en", text) == [(OUT, 340)]


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [
        ("en", "Outages in Sumy, 4 Feb, 06:00: customers affected 5,214.", "Wed 06:00"),
        ("en", "As of Tuesday 06:00, 5,214 homes in Sumy had no power.", "Tue 06:00"),
        ("uk", "Суми, 3 лютого, 06:00: без світла 5214 абонентів.", "Tue 06:00"),
        ("en", "On Monday 8,000 homes in Sumy got power back, leaving 5,214 without power at midnight.", "Tue 00:00"),
        ("de", "Am Montag war in Sumy ein Brand; um Mitternacht waren 5.214 Haushalte ohne Strom.", "Tue 00:00"),
    ],
)
def test_an_hour_after_its_day_is_of_that_day_and_midnight_ends_it(language: str, text: str, time: str) -> None:
    (row,) = (row for row in read(language, text) if row.value == 5214)
    assert clock(row) == time

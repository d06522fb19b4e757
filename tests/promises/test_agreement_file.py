"""What an agreement file may say, and how its faults are told. Nothing here needs a database."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.agreement_file import DOROTEA, contents
from promises.agreement_file.contents import AgreementFile
from promises.agreement_file.reading import AgreementFileError, read
from promises.models import Activity, Metric, Party

PLAIN = """
[agreement]
key = "exempelby-2024"
title = "Samverkan i Exempelby"
valid_from = 2024-01-01
valid_to = 2027-12-31

[[parties]]
key = "kommunen"
kind = "municipality"
name = "Exempelby kommun"
short_name = "Kommunen"

[[parties]]
key = "polisen"
kind = "police"
name = "Polisen i Exempelby"
short_name = "Polisen"

[[goals]]
number = 1
wording = "Ett mål"

[[undertakings]]
number = 1
wording = "Ett åtagande"

[[places]]
name = "Byn"
kind = "village"

[[periods]]
title = "Medborgarlöfte 2024"
starts_on = 2024-01-01
ends_on = 2024-12-31

[[periods.promises]]
number = 1
topic = "Skoter"
wording = "Vi ska kontrollera skotrar."
responsible = ["polisen"]

[[periods.promises.activities]]
title = "Skoterkontroll"
kind = "control"
place = "Byn"
target = { count = 2, per = "season", season_from = 2, season_to = 4 }

[[periods.promises.activities.metrics]]
name = "förare utan anmärkning"
rule = "share"
baseline = 87.5
target_value = 95
"""


def faults(content: str | bytes) -> list[str]:
    with pytest.raises(AgreementFileError) as refused:
        read(content.encode() if isinstance(content, str) else content)
    return refused.value.errors


def plain_with(old: str, new: str) -> str:
    """The plain file with one place in it changed."""
    assert PLAIN.count(old) == 1
    return PLAIN.replace(old, new)


# --- What is read -------------------------------------------------------------------------


def test_the_dorotea_file_holds_three_goals_five_undertakings_and_five_promises():
    file = read(DOROTEA.read_bytes())

    assert file.agreement.key == "dorotea-2023-2026"
    assert (file.agreement.valid_from, file.agreement.valid_to) == (
        date(2023, 2, 27),
        date(2026, 12, 31),
    )
    assert file.agreement.runs_until_further_notice is True
    assert file.agreement.followup_interval_years == 2
    assert [goal.number for goal in file.goals] == [1, 2, 3]
    assert [undertaking.responsible for undertaking in file.undertakings] == [
        "polisen",
        "polisen",
        "kommunen",
        "kommunen",
        None,
    ]
    assert [promise.responsible for promise in file.promises] == [
        *[("kommunen", "polisen")] * 4,
        ("polisen",),
    ]


def test_the_dorotea_documents_are_signed_as_they_say():
    file = read(DOROTEA.read_bytes())

    [period] = file.periods
    assert [(row.name, row.title, row.signed_on) for row in file.signatories] == [
        ("Daniel Westerberg", "Tf. Lokalpolisområdeschef Södra Lappland", None),
        ("Olli Joenvärää", "Kommunchef", None),
    ]
    assert [(row.name, row.title, row.signed_on) for row in period.signatories] == [
        ("Daniel Westerberg", "Tf Lokalpolisområdeschef", date(2023, 2, 27)),
        ("Olli Joenvärää", "Kommunchef", date(2023, 2, 27)),
    ]


def test_a_file_becomes_typed_contents():
    file = read(PLAIN.encode())

    [promise] = file.promises
    assert file.parties[0].kind is Party.Kind.MUNICIPALITY
    assert promise.activities == (
        contents.Activity(
            title="Skoterkontroll",
            kind=Activity.Kind.CONTROL,
            place="Byn",
            target=contents.Target(
                count=2, per=Activity.TargetPer.SEASON, season_from=2, season_to=4
            ),
            metrics=(
                contents.Metric(
                    name="förare utan anmärkning",
                    rule=Metric.Rule.SHARE,
                    baseline=Decimal("87.5"),
                    target_value=Decimal(95),
                ),
            ),
        ),
    )


def test_a_text_may_be_laid_out_between_line_breaks():
    file = read(plain_with('"Ett mål"', '"""\nEtt mål\n\nför alla\n"""').encode())

    assert file.goals[0].wording == "Ett mål\n\nför alla"


def test_blanks_around_a_key_do_not_make_it_another_key():
    file = read(plain_with('key = "polisen"', 'key = " polisen "').encode())

    assert file.parties[1].key == "polisen"
    assert file.promises[0].responsible == ("polisen",)


def test_a_file_saved_by_a_windows_editor_is_read():
    content = b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode()

    assert read(content) == read(PLAIN.encode())


def test_an_agreement_may_stand_without_goals_undertakings_and_periods():
    without_the_rest = PLAIN[: PLAIN.index("[[goals]]")]

    file = read(without_the_rest.encode())

    assert (file.goals, file.undertakings, file.periods) == ((), (), ())


# --- What makes a file unreadable -----------------------------------------------------------


def test_a_file_in_another_encoding_is_told_with_byte_and_row():
    content = plain_with("Ett mål", "Ett m_l").encode().replace(b"m_l", b"m\xe5l")

    assert faults(content) == [
        f"Filen är inte kodad i UTF-8: byte nr {content.index(0xE5) + 1}, på rad 22, går inte att "
        "läsa. Spara filen som UTF-8."
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[agreement]\nkey = ja\n", "rad 2, kolumn 7: raden går inte att tolka: key = ja"),
        ('key = "dorotea', 'rad 1, kolumn 15: raden går inte att tolka: key = "dorotea'),
        (
            "valid_to = 2023-02-30\n",
            "rad 1, kolumn 12: datumet finns inte eller är fel skrivet: valid_to = 2023-02-30",
        ),
        (
            "valid_to = 2023-13-01\n",
            "rad 1, kolumn 16: datumet finns inte eller är fel skrivet: valid_to = 2023-13-01",
        ),
        (
            "number = 1\nnumber = 2",
            "rad 2, kolumn 11: nyckeln står redan tidigare i filen: number = 2",
        ),
        (
            "[agreement]\n[agreement]",
            "rad 2, kolumn 11: nyckeln står redan tidigare i filen: [agreement]",
        ),
        ('wording = """Vi ska', "den slutar mitt i en text eller en lista."),
        ('responsible = ["polisen",', "den slutar mitt i en text eller en lista."),
        ("baseline = 1e9999999999999999999999", "ett värde är för stort eller för djupt nästlat."),
        ("number = " + "9" * 5000, "ett värde är för stort eller för djupt nästlat."),
        ("a = " + "[" * 5000, "ett värde är för stort eller för djupt nästlat."),
    ],
)
def test_what_is_not_toml_is_told_with_row_and_column(content, fault):
    assert faults(content) == [f"Filen är inte giltig TOML: {fault}"]


# --- What a readable file may get wrong -----------------------------------------------------


def test_an_empty_file_lacks_an_agreement_and_its_parties():
    assert faults("") == ["agreement: saknas.", "parties: saknas."]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Keys
        ('title = "Samverkan i Exempelby"\n', "", "agreement › title: saknas."),
        ('topic = "Skoter"\n', "", "periods, nr 1 › promises, nr 1 › topic: saknas."),
        ("[[periods.promises]]\nnumber = 1\n", "[[periods.promises]]\n", "periods, nr 1 › promises, nr 1 › number: saknas."),
        ('topic = "Skoter"\n', 'topic = "Skoter"\ntopics = ""\n', "periods, nr 1 › promises, nr 1 › topics: okänd nyckel. Menade du topic?"),
        ('kind = "village"\n', 'kind = "village"\nxyz = 1\n', "places, nr 1 › xyz: okänd nyckel. Möjliga är: name, kind, visit_within_days, season_from, season_to."),
        # Types
        ("valid_to = 2027-12-31", 'valid_to = "2027-12-31"', "agreement › valid_to: ska vara ett datum utan citattecken, till exempel 2023-02-27."),
        ("valid_to = 2027-12-31", "valid_to = 2027-12-31T10:00:00", "agreement › valid_to: ska vara ett datum utan citattecken, till exempel 2023-02-27."),
        ("valid_to = 2027-12-31", "valid_to = 2027-12-31\nruns_until_further_notice = 1", "agreement › runs_until_further_notice: ska vara true eller false."),
        ('wording = "Ett åtagande"', "wording = 7", "undertakings, nr 1 › wording: ska vara en text inom citattecken."),
        ('[[goals]]\nnumber = 1', "[[goals]]\nnumber = true", "goals, nr 1 › number: ska vara ett heltal."),
        ("baseline = 87.5", 'baseline = "87,5"', "periods, nr 1 › promises, nr 1 › activities, nr 1 › metrics, nr 1 › baseline: ska vara ett tal."),
        ('responsible = ["polisen"]', 'responsible = "polisen"', "periods, nr 1 › promises, nr 1 › responsible: ska vara en lista, med [ ]."),
        ("[[goals]]", "[goals]", "goals: ska vara en lista, med [[ ]]."),
        ("[agreement]", "[[agreement]]", "agreement: ska vara en tabell för sig, [ ], inte en lista eller ett värde."),
        # Texts
        ('wording = "Ett mål"', 'wording = "  "', "goals, nr 1 › wording: är tom."),
        ('topic = "Skoter"', f'topic = "{"x" * 81}"', "periods, nr 1 › promises, nr 1 › topic: är 81 tecken lång. Högst 80 får plats."),
        ('wording = "Ett mål"', f'wording = "{"x" * 10_001}"', "goals, nr 1 › wording: är 10001 tecken lång. Högst 10000 får plats."),
        ('key = "exempelby-2024"', 'key = "Exempelby 2024"', "agreement › key: får bara innehålla bokstäverna a–z, siffror, bindestreck och understreck."),
        ('topic = "Skoter"', r'topic = "Skoter\noch bil"', "periods, nr 1 › promises, nr 1 › topic: ska stå på en enda rad."),
        ('wording = "Ett mål"', r'wording = "Ett\u0000mål"', "goals, nr 1 › wording: innehåller ett osynligt styrtecken."),
        # Numbers and choices
        ('[[goals]]\nnumber = 1', "[[goals]]\nnumber = 0", "goals, nr 1 › number: ska vara ett heltal från 1 till 999."),
        ("valid_to = 2027-12-31", "valid_to = 2027-12-31\nfollowup_interval_years = 0", "agreement › followup_interval_years: ska vara ett heltal från 1 till 10."),
        ("baseline = 87.5", "baseline = -1", "periods, nr 1 › promises, nr 1 › activities, nr 1 › metrics, nr 1 › baseline: ska vara 0 eller större, med högst tio siffror och två decimaler."),
        ("baseline = 87.5", "baseline = nan", "periods, nr 1 › promises, nr 1 › activities, nr 1 › metrics, nr 1 › baseline: ska vara 0 eller större, med högst tio siffror och två decimaler."),
        ("baseline = 87.5", "baseline = 1.005", "periods, nr 1 › promises, nr 1 › activities, nr 1 › metrics, nr 1 › baseline: ska vara 0 eller större, med högst tio siffror och två decimaler."),
        ('kind = "control"', 'kind = "controll"', "periods, nr 1 › promises, nr 1 › activities, nr 1 › kind: ”controll” går inte att välja. Menade du control?"),
        ('per = "season"', 'per = "vinter"', "periods, nr 1 › promises, nr 1 › activities, nr 1 › target › per: ”vinter” går inte att välja. Möjliga är: year, half_year, quarter, month, month_in_average, season, period, on_request, not_stated."),
        ('rule = "share"', 'rule = "andel"', "periods, nr 1 › promises, nr 1 › activities, nr 1 › metrics, nr 1 › rule: ”andel” går inte att välja. Möjliga är: sum, latest, mean, share."),
        # The target
        ("count = 2, ", "", "periods, nr 1 › promises, nr 1 › activities, nr 1 › target › count: saknas."),
        ("season_from = 2, ", "", 'periods, nr 1 › promises, nr 1 › activities, nr 1 › target › season_from: ska vara månadens nummer, 1 till 12, när per är "season".'),
        ("season_to = 4", "season_to = 13", 'periods, nr 1 › promises, nr 1 › activities, nr 1 › target › season_to: ska vara ett heltal från 1 till 12.'),
        ('per = "season", season_from = 2, season_to = 4', 'per = "year", season_to = 4', 'periods, nr 1 › promises, nr 1 › activities, nr 1 › target › season_to: hör bara till per = "season".'),
        # Dates
        ("valid_to = 2027-12-31", "valid_to = 2023-12-31", "agreement › valid_to: 2023-12-31 ligger före valid_from, 2024-01-01."),
        ("ends_on = 2024-12-31", "ends_on = 2023-12-31", "periods, nr 1 › ends_on: 2023-12-31 ligger före starts_on, 2024-01-01."),
        ("ends_on = 2024-12-31", "ends_on = 2024-12-31\npredecessor = 2024-01-01", "periods, nr 1 › predecessor: 2024-01-01 ligger inte före starts_on, 2024-01-01."),
        # References
        ('responsible = ["polisen"]', 'responsible = ["polisn"]', "periods, nr 1 › promises, nr 1 › responsible, nr 1: okänd part, ”polisn”. Menade du polisen?"),
        ('wording = "Ett åtagande"', 'wording = "Ett åtagande"\nresponsible = "xyz"', "undertakings, nr 1 › responsible: okänd part, ”xyz”. Möjliga är: kommunen, polisen."),
        ('responsible = ["polisen"]', 'responsible = ["polisen"]\ngoals = [2]', "periods, nr 1 › promises, nr 1 › goals, nr 1: okänt mål, ”2”. Möjliga är: 1."),
        ('place = "Byn"', 'place = "Staden"', "periods, nr 1 › promises, nr 1 › activities, nr 1 › place: okänd plats, ”Staden”. Möjliga är: Byn."),
        ('key = "exempelby-2024"', 'key = "exempelby-2024"\npredecessor = "exempelby-2024"', "agreement › predecessor: en överenskommelse kan inte ersätta sig själv."),
        # Lists
        ('responsible = ["polisen"]', "responsible = []", "periods, nr 1 › promises, nr 1 › responsible: är tom."),
        ('responsible = ["polisen"]', 'responsible = ["polisen", "polisen"]', "periods, nr 1 › promises, nr 1 › responsible, nr 2: polisen står redan i nr 1."),
        ("[[undertakings]]", '[[goals]]\nnumber = 1\nwording = "Ett till"\n[[undertakings]]', "goals, nr 2 › number: 1 står redan i nr 1."),
        ("[[periods]]", '[[places]]\nname = "Byn"\nkind = "area"\n[[periods]]', "places, nr 2 › name: Byn står redan i nr 1."),
        ('short_name = "Polisen"\n', 'short_name = "Polisen"\n\n[[parties]]\nkey = "polisen"\nkind = "other"\nname = "x"\nshort_name = "x"\n', "parties, nr 3 › key: polisen står redan i nr 2."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_the_path_of_its_key(old, new, expected):
    assert faults(plain_with(old, new)) == [expected]


def test_a_period_without_promises_is_refused():
    without_promises = PLAIN[: PLAIN.index("[[periods.promises]]")]

    assert faults(without_promises) == ["periods, nr 1 › promises: saknas."]
    assert faults(without_promises + "promises = []") == ["periods, nr 1 › promises: är tom."]


def test_an_agreement_has_at_least_two_parties():
    start = PLAIN.index("[[parties]]")
    without_the_municipality = PLAIN[:start] + PLAIN[PLAIN.index("[[parties]]", start + 1) :]

    assert faults(without_the_municipality) == ["parties: en överenskommelse har minst två parter."]


def test_every_fault_is_told_at_once():
    content = (
        PLAIN.replace("valid_to = 2027-12-31", "valid_too = 2027-12-31")
        .replace('kind = "police"', 'kind = "polis"')
        .replace('wording = "Ett mål"', "")
        .replace('["polisen"]', '["polisen", "räddningstjänsten"]')
    )

    assert faults(content) == [
        "agreement › valid_too: okänd nyckel. Menade du valid_to?",
        "agreement › valid_to: saknas.",
        "parties, nr 2 › kind: ”polis” går inte att välja. Menade du police?",
        "goals, nr 1 › wording: saknas.",
        "periods, nr 1 › promises, nr 1 › responsible, nr 2: okänd part, ”räddningstjänsten”. "
        "Möjliga är: kommunen, polisen.",
    ]


@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_answer_is_a_list_of_faults(content):
    assert faults(content)


NUMBERS = ["-1", "0", "99999999999999999999", "1.5", "inf"]
DATES = ["2024-02-29", "2024-02-29T12:00:00Z", "12:00:00"]
OTHERS = ["true", '""', '"x"', "[]", "[[1]]", "{}", "{ a = 1 }", "[{}]"]


@given(st.data())
def test_whatever_stands_in_a_key_the_answer_is_contents_or_faults(data):
    place = data.draw(st.sampled_from(list(re.finditer(r"(?m)(?<= = ).+$", PLAIN))))
    value = data.draw(st.sampled_from([*NUMBERS, *DATES, *OTHERS]))

    assert answer(PLAIN[: place.start()] + value + PLAIN[place.end() :])


def answer(content: str) -> AgreementFile | list[str]:
    try:
        return read(content.encode())
    except AgreementFileError as refused:
        return refused.errors

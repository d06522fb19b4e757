"""`manage.py load_agreement`: agreement files become rows, all of them or none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from promises.agreement_file import DOROTEA
from promises.agreement_file.loading import load
from promises.agreement_file.reading import AgreementFileError, read
from promises.models import (
    Activity,
    Agreement,
    Goal,
    Metric,
    Party,
    Place,
    Promise,
    PromisePeriod,
    Signatory,
    Undertaking,
)

pytestmark = pytest.mark.django_db

# Three parties, promises for one year at a time, targets of every kind.
EXEMPELBY = """
[agreement]
key = "exempelby-2024"
title = "Samverkansöverenskommelse för ett tryggare Exempelby"
valid_from = 2024-01-01
valid_to = 2027-12-31
followup_interval_years = 1
registry_number = "KS 2023/117"

[[parties]]
key = "exempelby"
kind = "municipality"
name = "Exempelby kommun"
short_name = "Kommunen"

[[parties]]
key = "polisen-exempelby"
kind = "police"
name = "Lokalpolisområde Exempelby"
short_name = "Polisen"

[[parties]]
key = "bostaden"
kind = "other"
name = "Exempelby Bostäder AB"
short_name = "Bostadsbolaget"

[[goals]]
number = 1
wording = "Färre ska utsättas för brott"

[[goals.metrics]]
name = "anmälda brott"
dimension = "effect"
rule = "latest"
baseline = 412
target_value = 350.5
lower_is_better = true

[[undertakings]]
number = 1
wording = "Vi träffas varje månad."

[[undertakings.activities]]
title = "Samverkansmöte"
kind = "coordination"
target = { count = 1, per = "month" }

[[signatories]]
name = "Kim Exempel"
title = "Kommunstyrelsens ordförande"
party = "exempelby"
signed_on = 2023-12-01

[[places]]
name = "Exempelfjället"
kind = "area"

[[periods]]
title = "Medborgarlöfte 2025"
starts_on = 2025-01-01
ends_on = 2025-12-31
predecessor = 2024-01-01

[[periods.promises]]
number = 1
topic = "Bostadsområden"
wording = "Vi ska vandra i bostadsområdena."
responsible = ["exempelby", "polisen-exempelby", "bostaden"]

[[periods]]
title = "Medborgarlöfte 2024"
starts_on = 2024-01-01
ends_on = 2024-12-31

[[periods.promises]]
number = 1
topic = "Skoter"
wording = "Vi ska göra minst 17 kontroller vintertid."
responsible = ["polisen-exempelby"]

[[periods.promises.activities]]
title = "Skoterkontroll"
kind = "control"
description = "På lederna."
responsible = "polisen-exempelby"
place = "Exempelfjället"
target = { count = 17, per = "season", season_from = 12, season_to = 4 }

[[periods.promises.activities.metrics]]
name = "kontrollerade förare"
unit = "förare"

[[periods.promises.activities.metrics]]
name = "utan anmärkning"
rule = "share"

[[periods.promises]]
number = 2
topic = "Tillsyn"
wording = "Vi ska göra minst en tillsyn per år."
responsible = ["exempelby"]

[[periods.promises.activities]]
title = "Tillsyn"
kind = "supervision"
target = { count = 1, per = "year" }

[[periods.promises.metrics]]
name = "oro i enkäten"
dimension = "effect"
rule = "mean"
"""

# Two parties, no goals of its own, one promise period as long as the agreement: five years.
STORSTAD = """
[agreement]
key = "storstad-2022-2026"
title = "Medborgarlöften i Storstad"
valid_from = 2022-01-01
valid_to = 2026-12-31

[[parties]]
key = "storstad"
kind = "municipality"
name = "Storstads kommun"
short_name = "Kommunen"

[[parties]]
key = "polisen-storstad"
kind = "police"
name = "Polisen Storstad"
short_name = "Polisen"

[[periods]]
title = "Medborgarlöften 2022–2026"
starts_on = 2022-01-01
ends_on = 2026-12-31

[[periods.promises]]
number = 1
topic = "Centrum"
wording = "Vi ska finnas i centrum."
responsible = ["storstad", "polisen-storstad"]
"""

# What follows Dorotea's agreement when it ends.
SUCCESSOR = """
[agreement]
key = "dorotea-2027-2030"
title = "Samverkansöverenskommelse 2027–2030"
valid_from = 2027-01-01
valid_to = 2030-12-31
predecessor = "dorotea-2023-2026"

[[parties]]
key = "kommunen"
kind = "municipality"
name = "Dorotea kommun"
short_name = "Kommunen"
sami_name = "Kraapohken tjïelte"

[[parties]]
key = "polisen"
kind = "police"
name = "Polisen i Södra Lappland"
short_name = "Polisen"

[[periods]]
title = "Medborgarlöfte 2027"
starts_on = 2027-01-01
ends_on = 2027-12-31
predecessor = 2023-01-01

[[periods.promises]]
number = 1
topic = "Skoter"
wording = "Vi fortsätter."
responsible = ["polisen"]
"""

MODELS = (
    Activity,
    Agreement,
    Goal,
    Metric,
    Party,
    Place,
    Promise,
    PromisePeriod,
    Signatory,
    Undertaking,
)


def load_text(text: str):
    return load(read(text.encode()))


def load_dorotea_with(old: str, new: str):
    """Load the Dorotea file with one place in it changed."""
    text = DOROTEA.read_text()
    assert text.count(old) == 1
    return load_text(text.replace(old, new))


def command(*args) -> str:
    output = StringIO()
    call_command("load_agreement", *args, stdout=output)
    return output.getvalue()


def everything() -> list[dict]:
    """Every row there is, to compare before and after."""
    return [
        *(row for model in MODELS for row in model.objects.order_by("pk").values()),
        *Agreement.parties.through.objects.order_by("pk").values(),
        *Promise.responsible.through.objects.order_by("pk").values(),
    ]


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "overenskommelse.toml"


# --- The command --------------------------------------------------------------------------


def test_without_a_file_name_the_dorotea_agreement_is_loaded():
    output = command()

    assert output == (
        "Överenskommelsen dorotea-2023-2026 är inläst: 3 mål, 5 åtaganden, 5 löften.\n"
    )
    assert {model.__name__: model.objects.count() for model in MODELS} == {
        "Activity": 0,
        "Agreement": 1,
        "Goal": 3,
        "Metric": 0,
        "Party": 2,
        "Place": 12,
        "Promise": 5,
        "PromisePeriod": 1,
        "Signatory": 4,
        "Undertaking": 5,
    }


def test_a_second_run_changes_nothing_and_says_so():
    command()
    before = everything()

    output = command()

    assert output == (
        "Inget att ändra: överenskommelsen dorotea-2023-2026 är redan inläst "
        "(3 mål, 5 åtaganden, 5 löften).\n"
    )
    assert everything() == before


def test_another_municipality_s_file_is_named(file):
    file.write_text(STORSTAD)

    assert command(file) == (
        "Överenskommelsen storstad-2022-2026 är inläst: 0 mål, 0 åtaganden, 1 löfte.\n"
    )


def test_an_edited_file_changes_what_differs_and_tells_each_change(file):
    command()
    file.write_text(
        DOROTEA.read_text()
        .replace('topic = "Skoterkörning i Borgafjäll"', 'topic = "Skoter"')
        .replace("Tryggheten i kommunen ska", "Tryggheten i kommunens alla delar ska " + "x" * 60)
        .replace('responsible = ["polisen"]', 'responsible = ["polisen", "kommunen"]')
        .replace("runs_until_further_notice = true", "runs_until_further_notice = false")
        .replace("valid_to = 2026-12-31", "valid_to = 2027-06-30")
        .replace('kind = "area"', 'kind = "village"')
        + '[[goals]]\nnumber = 4\nwording = "Ett mål till"\n'
    )

    output = command(file)

    title = (
        "Samverkansöverenskommelse 2023–2026 mellan Lokalpolisområde Södra Lappland och "
        "Dorotea kommun"
    )
    assert output.splitlines() == [
        "Överenskommelsen dorotea-2023-2026 är uppdaterad: 4 mål, 5 åtaganden, 5 löften.",
        "- Nytt: Mål 4",
        "- Borgafjäll › slag: är nu ”By”, var ”Område”.",
        f"- {title} › gäller till och med: är nu ”30 juni 2027”, var ”31 december 2026”.",
        f"- {title} › förlängs tills vidare: är nu nej, var ja.",
        "- Mål 2 › lydelse: ny text.",
        "- Löfte 3: Skoterkörning i Borgafjäll › kort rubrik: är nu ”Skoter”, var "
        "”Skoterkörning i Borgafjäll”.",
        "- Löfte 5: Synlig polis i byarna › ansvariga parter: är nu Kommunen, Polisen, var "
        "Polisen.",
    ]
    assert Promise.objects.get(number=3).topic == "Skoter"
    assert Promise.objects.get(number=5).responsible.count() == 2
    assert Agreement.objects.get().valid_to == date(2027, 6, 30)
    assert Goal.objects.count() == 4


def test_a_faulty_file_is_told_fault_by_fault_and_changes_nothing(file):
    file.write_text(STORSTAD.replace("valid_to", "valid_too").replace('kind = "police"\n', ""))

    with pytest.raises(CommandError) as refused:
        command(file)

    assert str(refused.value).splitlines() == [
        f"Filen {file} går inte att läsa in:",
        "- agreement › valid_too: okänd nyckel. Menade du valid_to?",
        "- agreement › valid_to: saknas.",
        "- parties, nr 2 › kind: saknas.",
        "Inget har ändrats. Rätta filen och kör kommandot igen.",
    ]
    assert everything() == []


def test_a_file_that_does_not_exist_is_told(file):
    with pytest.raises(CommandError) as refused:
        command(file)

    assert str(refused.value) == f"Filen {file} finns inte. Inget har ändrats."


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(CommandError) as refused:
        command(tmp_path)

    assert str(refused.value) == (
        f"Filen {tmp_path} går inte att läsa. Inget har ändrats. Kontrollera att det är en fil "
        "och att du har rätt att läsa den."
    )


# --- What becomes of a file -----------------------------------------------------------------


def test_the_dorotea_agreement_is_loaded_as_signed():
    agreement = load(read(DOROTEA.read_bytes())).agreement

    assert [party.name for party in agreement.parties.all()] == [
        "Dorotea kommun",
        "Polisen i Södra Lappland",
    ]
    assert agreement.letterhead == "Dorotea kommun\nKraapohken tjielte"
    assert agreement.parties.get(key="kommunen").sami_name == "Kraapohken tjïelte"
    assert agreement.time_plan.endswith("förlängs denna överenskommelse tills vidare.")
    assert [row.responsible_label for row in agreement.undertakings.all()] == [
        "Polisen",
        "Polisen",
        "Kommunen",
        "Kommunen",
        "Gemensamt",
    ]
    assert [(row.number, row.name, row.signed_on) for row in agreement.signatories.all()] == [
        (1, "Daniel Westerberg", None),
        (2, "Olli Joenvärää", None),
    ]


def test_the_dorotea_promises_are_loaded_as_signed():
    period = load(read(DOROTEA.read_bytes())).agreement.periods.get()

    assert (period.starts_on, period.ends_on) == (date(2023, 1, 1), date(2024, 12, 31))
    assert [
        (promise.number, [party.short_name for party in promise.responsible.all()])
        for promise in period.promises.all()
    ] == [
        (1, ["Kommunen", "Polisen"]),
        (2, ["Kommunen", "Polisen"]),
        (3, ["Kommunen", "Polisen"]),
        (4, ["Kommunen", "Polisen"]),
        (5, ["Polisen"]),
    ]
    assert [(row.number, row.title, row.signed_on) for row in period.signatories.all()] == [
        (1, "Tf Lokalpolisområdeschef", date(2023, 2, 27)),
        (2, "Kommunchef", date(2023, 2, 27)),
    ]


def test_promise_periods_of_one_year_follow_one_another():
    agreement = load_text(EXEMPELBY).agreement

    first, second = agreement.periods.order_by("starts_on")
    assert (first.title, second.title) == ("Medborgarlöfte 2024", "Medborgarlöfte 2025")
    assert second.predecessor == first
    assert [promise.topic for promise in first.promises.all()] == ["Skoter", "Tillsyn"]


def test_a_promise_period_may_last_five_years():
    period = load_text(STORSTAD).agreement.periods.get()

    assert (period.starts_on, period.ends_on) == (date(2022, 1, 1), date(2026, 12, 31))


def test_activities_come_with_their_targets():
    load_text(EXEMPELBY)

    assert {row.title: row.target_label for row in Activity.objects.all()} == {
        "Samverkansmöte": "1 per månad",
        "Skoterkontroll": "17 per säsong (december–april)",
        "Tillsyn": "1 per år",
    }
    control = Activity.objects.get(title="Skoterkontroll")
    assert control.answers_to == Promise.objects.get(topic="Skoter")
    assert control.responsible.name == "Lokalpolisområde Exempelby"
    assert control.place.name == "Exempelfjället"
    assert control.status == Activity.Status.PLANNED


def test_metrics_belong_to_an_activity_a_promise_or_a_goal():
    load_text(EXEMPELBY)

    of_activity = Metric.objects.filter(activity__title="Skoterkontroll")
    assert [(row.number, row.name, row.rule) for row in of_activity] == [
        (1, "kontrollerade förare", "sum"),
        (2, "utan anmärkning", "share"),
    ]
    assert Metric.objects.get(promise__topic="Tillsyn").rule == Metric.Rule.MEAN
    of_goal = Metric.objects.get(goal__number=1)
    assert (of_goal.baseline, of_goal.target_value) == (Decimal(412), Decimal("350.5"))
    assert (of_goal.dimension, of_goal.lower_is_better) == (Metric.Dimension.EFFECT, True)


@pytest.mark.parametrize("text", [EXEMPELBY, STORSTAD])
def test_loading_any_agreement_again_changes_nothing(text):
    load_text(text)
    before = everything()

    loaded = load_text(text)

    assert (loaded.is_new, loaded.created, loaded.changed) == (False, (), ())
    assert loaded.changed_nothing
    assert everything() == before


def test_agreements_of_several_municipalities_stand_side_by_side():
    load(read(DOROTEA.read_bytes()))

    loaded = [load_text(EXEMPELBY), load_text(STORSTAD)]

    assert [one.is_new for one in loaded] == [True, True]
    assert [one.changed for one in loaded] == [(), ()]
    assert Promise.objects.count() == 5 + 3 + 1


def test_a_successor_replaces_the_agreement_and_its_period():
    dorotea = load(read(DOROTEA.read_bytes())).agreement

    successor = load_text(SUCCESSOR).agreement

    assert successor.predecessor == dorotea
    assert successor.periods.get().predecessor == dorotea.periods.get()


# --- What the portal has added is left alone --------------------------------------------------


def test_a_registry_number_given_in_the_portal_is_kept():
    load_text(STORSTAD)
    Agreement.objects.update(registry_number="KS 2022/1")

    loaded = load_text(STORSTAD)

    assert loaded.changed_nothing
    assert Agreement.objects.get().registry_number == "KS 2022/1"


def test_what_the_portal_says_of_an_activity_beyond_the_file_is_kept():
    load_text(EXEMPELBY)
    Activity.objects.filter(title="Tillsyn").update(
        description="Med länsstyrelsen.", planned_to=date(2024, 6, 1), status="ongoing"
    )

    loaded = load_text(EXEMPELBY)

    assert loaded.changed_nothing
    activity = Activity.objects.get(title="Tillsyn")
    assert (activity.description, activity.status) == ("Med länsstyrelsen.", "ongoing")


def test_activities_and_metrics_added_in_the_portal_are_kept():
    load_text(EXEMPELBY)
    promise = Promise.objects.get(topic="Skoter")
    Activity.objects.create(promise=promise, title="Skoterdag")
    Metric.objects.create(promise=promise, name="olyckor")

    loaded = load_text(EXEMPELBY)

    assert loaded.changed_nothing


def test_an_example_activity_is_not_taken_for_a_planned_one():
    load_text(EXEMPELBY)
    Activity.objects.filter(title="Tillsyn").update(is_example=True)

    loaded = load_text(EXEMPELBY)

    assert loaded.created == ("Tillsyn",)
    assert Activity.objects.filter(title="Tillsyn").count() == 2


def test_a_form_open_on_an_activity_goes_stale_when_the_file_changes_it():
    load_text(EXEMPELBY)
    before = Activity.objects.get(title="Skoterkontroll").version

    loaded = load_text(EXEMPELBY.replace("count = 17", "count = 20"))

    assert loaded.changed == ("Skoterkontroll › antal tillfällen: är nu ”20”, var ”17”.",)
    assert Activity.objects.get(title="Skoterkontroll").version == before + 1


# --- What is refused, and that nothing is changed then ---------------------------------------


@pytest.mark.parametrize(
    ("missing", "fault"),
    [
        (
            '[[goals]]\nnumber = 3\nwording = "Fortsätta samt utveckla den samverkansform som '
            'idag finns mellan kommun och polis"\n',
            "goals: ”Mål 3” (number = 3)",
        ),
        (
            '[[periods.promises]]\nnumber = 5\ntopic = "Synlig polis i byarna"\n'
            'responsible = ["polisen"]\nwording = "Polisen ska vara synlig och närvarande i byar '
            'genom trafikkontroller."\n',
            "periods › Medborgarlöfte 2023-2024 › promises: ”Löfte 5: Synlig polis i byarna” "
            "(number = 5)",
        ),
        (
            '[[signatories]]\ntitle = "Kommunchef"\nname = "Olli Joenvärää"\nparty = "kommunen"\n',
            "signatories: ”Olli Joenvärää, Kommunchef” (number = 2)",
        ),
    ],
)
def test_what_lacks_in_the_file_is_never_removed_but_refused(missing, fault):
    load(read(DOROTEA.read_bytes()))
    before = everything()

    with pytest.raises(AgreementFileError) as refused:
        load_dorotea_with(missing, "")

    assert refused.value.errors == [
        f"{fault} finns i databasen men inte i filen. Inget tas bort vid inläsning: lägg "
        "tillbaka det i filen."
    ]
    assert everything() == before


def test_a_period_that_begins_another_day_is_another_period():
    load(read(DOROTEA.read_bytes()))
    before = everything()

    with pytest.raises(AgreementFileError) as refused:
        load_dorotea_with("starts_on = 2023-01-01", "starts_on = 2023-02-27")

    assert refused.value.errors == [
        "periods: ”Medborgarlöfte 2023-2024” (starts_on = 2023-01-01) finns i databasen men inte "
        "i filen. Inget tas bort vid inläsning: lägg tillbaka det i filen."
    ]
    assert everything() == before


def test_a_party_of_the_agreement_is_never_removed():
    load_text(EXEMPELBY)
    bostaden = EXEMPELBY[EXEMPELBY.index('[[parties]]\nkey = "bostaden"') :]
    bostaden = bostaden[: bostaden.index("[[goals]]")]

    with pytest.raises(AgreementFileError) as refused:
        load_text(EXEMPELBY.replace(bostaden, "").replace(', "bostaden"', ""))

    assert refused.value.errors == [
        "parties: ”Bostadsbolaget” (key = bostaden) finns i databasen men inte i filen. Inget tas "
        "bort vid inläsning: lägg tillbaka det i filen."
    ]


def test_a_party_keeps_the_name_it_has_in_another_agreement():
    load(read(DOROTEA.read_bytes()))
    before = everything()

    with pytest.raises(AgreementFileError) as refused:
        load_text(SUCCESSOR.replace("Polisen i Södra Lappland", "Polisen i Norr"))

    assert refused.value.errors == [
        "parties › polisen › name: ska vara ”Polisen i Södra Lappland”, som i dorotea-2023-2026. "
        "Är det en annan part, ge den en egen nyckel."
    ]
    assert everything() == before


def test_the_predecessor_has_to_be_loaded_first():
    with pytest.raises(AgreementFileError) as refused:
        load_text(SUCCESSOR)

    assert refused.value.errors == [
        "agreement › predecessor: överenskommelsen ”dorotea-2023-2026” finns inte i databasen. "
        "Läs in den först.",
        "periods › Medborgarlöfte 2027 › predecessor: ingen löftesperiod börjar 2023-01-01.",
    ]
    assert everything() == []


def test_an_agreement_replaces_an_earlier_one_only():
    load(read(DOROTEA.read_bytes()))

    with pytest.raises(AgreementFileError) as refused:
        load_text(SUCCESSOR.replace("valid_from = 2027-01-01", "valid_from = 2022-01-01"))

    assert refused.value.errors == [
        "agreement › predecessor: ”dorotea-2023-2026” börjar gälla 2023-02-27, och kan inte "
        "ersättas av en från 2022-01-01."
    ]


def test_an_agreement_and_a_period_are_replaced_once():
    load(read(DOROTEA.read_bytes()))
    load_text(SUCCESSOR)
    before = everything()

    with pytest.raises(AgreementFileError) as refused:
        load_text(SUCCESSOR.replace("dorotea-2027-2030", "dorotea-2027-2028"))

    assert refused.value.errors == [
        "agreement › predecessor: ”dorotea-2023-2026” är redan ersatt av ”dorotea-2027-2030”.",
        "periods › Medborgarlöfte 2027 › predecessor: efter perioden från 2023-01-01 kommer redan "
        "”Medborgarlöfte 2027”.",
    ]
    assert everything() == before


def test_two_periods_cannot_follow_the_same_one():
    third = """
[[periods]]
title = "Medborgarlöfte 2026"
starts_on = 2026-01-01
ends_on = 2026-12-31
predecessor = 2024-01-01
promises = [{ number = 1, topic = "A", wording = "B", responsible = ["exempelby"] }]
"""

    with pytest.raises(AgreementFileError) as refused:
        load_text(EXEMPELBY + third)

    assert refused.value.errors == [
        "periods › Medborgarlöfte 2026 › predecessor: efter perioden från 2024-01-01 kommer redan "
        "”Medborgarlöfte 2025”."
    ]
    assert everything() == []


def test_the_rules_of_the_models_hold_and_an_error_half_way_changes_nothing():
    """Even for contents that were never read from a file, and so never checked."""
    file = read(STORSTAD.encode())
    period = replace(file.periods[0], ends_on=date(2021, 12, 31))

    with pytest.raises(AgreementFileError) as refused:
        load(replace(file, periods=(period,)))

    assert refused.value.errors == [
        "Medborgarlöften 2022–2026: Sista dagen ska inte ligga före första dagen."
    ]
    assert everything() == []

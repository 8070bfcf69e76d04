"""Flowsheets from YAML, JSON and workbooks: every mistake at its place, every number as typed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hostile_workbooks import READ, REFUSED, write
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from openrecp.assessment.examples import example_files
from openrecp.assessment.flowsheets.build import BuiltFlowsheet, built_flowsheet
from openrecp.assessment.flowsheets.document import (
    FlowsheetDocument,
    flowsheet_data,
    flowsheet_json,
    flowsheet_schema,
)
from openrecp.assessment.flowsheets.files import is_flowsheet_file, read_flowsheet
from openrecp.assessment.flowsheets.from_flowsheet import flowsheet_document
from openrecp.assessment.flowsheets.schema import SECTIONS, SETTINGS
from openrecp.assessment.flowsheets.text_reader import parse_flowsheet
from openrecp.assessment.flowsheets.workbook_writer import (
    flowsheet_template,
    flowsheet_workbook,
    write_flowsheet_workbook,
)
from openrecp.assessment.workbook.layout import label_key
from openrecp.assessment.workbook.writer import write_template
from openrecp.balances.cost_data import AllocationKey, CostData
from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Flowsheet,
    Measurement,
    Medium,
    Process,
    Quantity,
    Reaction,
    Ref,
    Relation,
    Role,
    Stock,
    Stream,
    StreamKind,
    TransferCoefficient,
)
from openrecp.errors import NOWHERE, Severity, UnusableInput
from openrecp.figures import Basis
from openrecp.texts import LANGUAGES, Language, render

EXAMPLES = ("balance", "recycle")
every_example = pytest.mark.parametrize("name", EXAMPLES)
every_language = pytest.mark.parametrize("language", LANGUAGES)

GOOD = """
name: Rinse
unit: kg
period: month
currency: TWD
operating_hours: 500
operating_days: 20
processes:
  - {key: P, name: Rinse tank}
  - {key: S, name: Store}
streams:
  - {key: in, name: Water, to: P, flow: 100 kg, uncertainty: sd 1}
  - {key: salt, to: S, flow: 12 kg, uncertainty: sd 1}
  - {key: used, from: S, to: P}
  - {key: out, from: P, role: waste, flow: 108 kg, uncertainty: sd 1}
components:
  - {key: Ni}
stocks:
  - {key: K, process: S, opening: 5 kg, opening_uncertainty: sd 1, closing: 7 kg, closing_uncertainty: sd 1}
"""


def example(name: str, language: Language = "en") -> FlowsheetDocument:
    words = example_files(name)[f"{name}-{language}.yaml"].decode()
    document, issues = parse_flowsheet(words, f"{name}.yaml")
    assert issues == ()
    return document


def built(words: str) -> tuple[BuiltFlowsheet, list[str]]:
    document, issues = parse_flowsheet(words, "plant.yaml")
    found = built_flowsheet(document)
    for issue in (*issues, *found.issues):
        assert "{" not in render(issue, "en")
    return found, [issue.code for issue in (*issues, *found.issues) if issue.severity is not Severity.NOTE]


def stream(found: BuiltFlowsheet, key: str) -> Stream:
    return next(each for each in found.flowsheet.streams if each.key == key)


def flow(found: BuiltFlowsheet, key: str) -> Measurement:
    measured = stream(found, key).flow
    assert measured is not None
    return measured


def without_places(item: Any) -> Any:
    """A flowsheet without the places of its parts, for comparing."""
    if isinstance(item, tuple):
        return tuple(without_places(each) for each in item)
    if not hasattr(item, "__dataclass_fields__"):
        return {key: without_places(value) for key, value in item.items()} if hasattr(item, "items") else item
    changes = {
        name: NOWHERE if name == "source" else without_places(getattr(item, name))
        for name in item.__dataclass_fields__
    }
    return replace(item, **changes)


def test_a_good_file_has_no_errors_or_warnings() -> None:
    found, codes = built(GOOD)
    assert codes == []
    assert found.usable
    assert flow(found, "in").value == 100.0
    assert stream(found, "in").role is Role.INPUT
    assert found.flowsheet.flow_unit == "kg/month"


BAD: dict[str, tuple[str, str, str]] = {
    "unknown key": ("period: month", "periode: month", "file-key-unknown-near"),
    "strange key": ("period: month", "zzzz: month", "file-key-unknown"),
    "unknown key in a stream": ("flow: 100 kg", "flwo: 100 kg", "file-key-unknown-near"),
    "key twice": ("period: month", "period: month\nperiod: yr", "key-twice"),
    "group where a value belongs": ("name: Rinse\n", "name: {a: b}\n", "value-expected"),
    "no list": ("components:\n  - {key: Ni}", "components: Ni", "list-expected"),
    "no group in a list": ("  - {key: Ni}", "  - Ni", "keys-expected"),
    "field missing": ("{key: K, process: S,", "{key: K,", "field-missing"),
    "no name": ("name: Rinse\n", "", "flowsheet-without-name"),
    "unit is no mass": ("unit: kg", "unit: m³", "unit-not-mass"),
    "unit unknown": ("unit: kg", "unit: stone-age", "unit-unknown"),
    "period unknown": ("period: month", "period: fortnight", "period-of-time-unknown"),
    "currency unknown": ("currency: TWD", "currency: XYZ", "currency-unknown"),
    "hours below zero": ("operating_hours: 500", "operating_hours: -5", "number-not-positive"),
    "a range": ("flow: 100 kg", "flow: 90-100 kg", "number-is-range"),
    "a volume without density": ("flow: 100 kg", "flow: 100 L", "density-missing"),
    "a length": ("flow: 100 kg", "flow: 100 m", "unit-mismatch"),
    "a density of nothing": ("flow: 100 kg", "flow: 100 L, density: 0", "density-not-positive"),
    "per batch without batches": ("flow: 100 kg", "flow: 100 kg/batch", "batches-missing"),
    "per hour without hours": ("operating_hours: 500\n", "", "hours-missing"),
    "per day without days": ("operating_days: 20\n", "", "days-missing"),
    "uncertainty of another kind": ("uncertainty: sd 1}", "uncertainty: sd 1 m}", "uncertainty-unit"),
    "uncertainty unreadable": ("uncertainty: sd 1}", "uncertainty: some}", "uncertainty-unreadable"),
    "uncertainty twice": ("flow: 100 kg", "flow: 100 kg ± 2", "uncertainty-twice"),
    "uncertainty of nothing": (
        "flow: 100 kg, uncertainty: sd 1",
        "flow: 0 kg, uncertainty: 2 %",
        "uncertainty-of-nothing",
    ),
    "uncertainty without number": ("flow: 100 kg, ", "", "uncertainty-without-number"),
    "unknown answer": ("role: waste", "role: rubbish", "choice-unknown"),
    "outlet without role": ("role: waste, ", "", "role-missing"),
    "neither yes nor no": ("name: Rinse tank}", "name: Rinse tank, heat_balance: perhaps}", "not-yes-or-no"),
    "price without currency": ("currency: TWD\n", "", "flowsheet-without-currency"),
    "money of another kind": ("name: Rinse tank}", "name: Rinse tank, energy_cost: 5 kg}", "unit-mismatch"),
    "share of costs": ("role: waste,", "role: waste, cost_share: 140 %,", "share-out-of-range"),
    "share of costs of an input": ("{key: in,", "{key: in, cost_share: 50 %,", "cost-share-of-input"),
    "unknown allocation key": (
        "name: Rinse tank}",
        "name: Rinse tank, allocation_key: luck}",
        "choice-unknown",
    ),
    "unknown process": ("to: S, flow", "to: Z, flow", "key-unknown"),
    "elements": ("{key: Ni}", "{key: Ni, elements: a lot}", "elements-unreadable"),
    "negative flow": ("flow: 100 kg", "flow: -100 kg", "flow-negative"),
}
EXTRA = {
    "per hour without hours": "readings:\n  - {of: used, value: 2 kg/h, uncertainty: sd 1}\n",
    "per day without days": "readings:\n  - {of: used, value: 2 kg/d, uncertainty: sd 1}\n",
    "price without currency": "media:\n  - {key: W, heat_capacity: 4.186 kJ/(kg·K)}\n",
}


@pytest.mark.parametrize("name", BAD)
def test_each_mistake_in_a_file_is_told(name: str) -> None:
    old, new, code = BAD[name]
    assert old in GOOD
    words = GOOD.replace(old, new, 1) + EXTRA.get(name, "")
    if name == "price without currency":
        words = words.replace("to: P, flow: 100 kg", "to: P, price: 5, flow: 100 kg")
    document, issues = parse_flowsheet(words, "plant.yaml")
    found = [issue for issue in (*issues, *built_flowsheet(document).issues) if issue.code == code]
    assert found, [issue.code for issue in (*issues, *built_flowsheet(document).issues)]
    assert found[0].where.file == "plant.yaml"
    if code != "flowsheet-without-name":
        assert found[0].where.line is not None


MORE: dict[str, tuple[str, str]] = {
    "share and flow": (
        "compositions:\n  - {of: in, component: Ni, share: 5 %, flow: 3 kg}\n",
        "share-or-flow",
    ),
    "neither share nor flow": ("compositions:\n  - {of: in, component: Ni}\n", "share-or-flow"),
    "bare percent": ("compositions:\n  - {of: in, component: Ni, share: 5}\n", "rate-ambiguous"),
    "percent of percent": (
        "compositions:\n  - {of: in, component: Ni, share: 5 %, uncertainty: ± 2 %}\n",
        "uncertainty-ambiguous",
    ),
    "concentration without density": (
        "compositions:\n  - {of: in, component: Ni, share: 5 mg/L}\n",
        "density-missing-for-share",
    ),
    "composition of nothing": (
        "compositions:\n  - {of: zz, component: Ni, share: 5 %}\n",
        "number-of-nothing",
    ),
    "unknown component": ("compositions:\n  - {of: in, component: Zn, share: 5 %}\n", "key-unknown"),
    "value twice": ("readings:\n  - {of: in, value: 5 kg}\n", "value-twice"),
    "reading of nothing": ("readings:\n  - {of: zz, value: 5 kg}\n", "number-of-nothing"),
    "unknown period": ("readings:\n  - {period: May, of: in, value: 5 kg}\n", "period-unknown"),
    "no heat capacity": ("media:\n  - {key: W}\n", "heat-capacity-missing"),
    "reaction elsewhere": ("reactions:\n  - {key: R, process: Z, component: Ni, mass: 1}\n", "key-unknown"),
    "reaction out of balance": (
        "reactions:\n  - {key: R, process: P, component: Ni, mass: 1}\n",
        "reaction-unbalanced",
    ),
    "one relation, two constants": (
        "relations:\n  - {key: E, coefficient: 1, of: in, constant: 5}\n  - {key: E, coefficient: 1, of: out, constant: 6}\n",
        "group-field-twice",
    ),
    "coefficient with unit": ("relations:\n  - {key: E, coefficient: 1 kg, of: in}\n", "number-with-unit"),
    "relation to nothing": ("relations:\n  - {key: E, coefficient: 1, of: zz}\n", "key-unknown"),
    "impossible correlation": (
        "correlations:\n  - {of: in, with: out, coefficient: 2}\n",
        "correlation-impossible",
    ),
    "transfer elsewhere": (
        "transfers:\n  - {key: T, process: P, stream: used, share: 5 %}\n",
        "transfer-elsewhere",
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_each_mistake_in_an_added_list_is_told(name: str) -> None:
    added, code = MORE[name]
    _, codes = built(GOOD + added)
    assert code in codes


def test_all_mistakes_come_at_once_each_with_its_line() -> None:
    words = (
        GOOD.replace("100 kg", "about 100 kg")
        .replace("role: waste", "role: rubbish")
        .replace("to: S, ", "to: Z, ")
    )
    document, _ = parse_flowsheet(words, "plant.yaml")
    found = {issue.code: issue.where.line for issue in built_flowsheet(document).issues}
    assert found["number-is-approximate"] == 12
    assert found["key-unknown"] == 13
    assert found["choice-unknown"] == 15


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("100 kg", 100.0),
        ("0.1 t", 100.0),
        ("0.1 公噸/月", 100.0),
        ("１００ 公斤", 100.0),
        ("1.2 t/yr", 100.0),
        ("0.2 kg/h", 100.0),
        ("5 kg/d", 100.0),
        ("100", 100.0),
        ("'80 L', density: 1.25 kg/L", 100.0),
        ("'4 L/d', density: 1.25", 100.0),
    ],
)
def test_amounts_are_put_on_one_footing_with_their_uncertainty(typed: str, value: float) -> None:
    words = GOOD.replace("flow: 100 kg, uncertainty: sd 1", f"flow: {typed}, uncertainty: rsd 2 %")
    found, codes = built(words)
    assert codes == []
    assert flow(found, "in").value == pytest.approx(value, rel=1e-12)
    assert flow(found, "in").sd == pytest.approx(0.02 * value, rel=1e-12)


def test_an_uncertainty_is_in_the_unit_of_its_number_or_its_own() -> None:
    found, _ = built(GOOD.replace("flow: 100 kg, uncertainty: sd 1", "flow: 0.1 t, uncertainty: sd 0.002"))
    assert flow(found, "in").sd == pytest.approx(2.0)
    found, _ = built(GOOD.replace("flow: 100 kg, uncertainty: sd 1", "flow: 0.1 t ± 3.92 kg"))
    assert flow(found, "in").sd == pytest.approx(2.0, rel=1e-4)


def test_shares_and_their_uncertainties() -> None:
    rows = """compositions:
  - {of: in, component: Ni, share: 12 %, uncertainty: sd 0.5}
  - {of: out, component: Ni, share: 120 mg/kg, uncertainty: rsd 5 %}
  - {of: used, component: Ni, flow: 3 kg, uncertainty: sd 1}
"""
    found, codes = built(GOOD + rows)
    assert codes == []
    assert stream(found, "in").fractions["Ni"].value == 0.12
    assert stream(found, "in").fractions["Ni"].sd == pytest.approx(0.005)
    assert stream(found, "out").fractions["Ni"].value == pytest.approx(120e-6)
    assert stream(found, "out").fractions["Ni"].sd == pytest.approx(6e-6)
    assert stream(found, "used").component_flows["Ni"].value == 3.0


def test_heat_temperature_and_energy_are_read() -> None:
    words = GOOD.replace("{key: in, name: Water, to: P,", "{key: in, to: P, medium: W, temperature: 140 °F,")
    words = words.replace("sd 1}", "sd 1, temperature_uncertainty: sd 1 °F}", 1)
    words += "media:\n  - {key: W, heat_capacity: 3.6 kJ/(kg·K), heat_at_zero: 36 kJ/kg}\n"
    words = words.replace(
        "streams:\n", "streams:\n  - {key: steam, to: P, energy: 2 kW, energy_uncertainty: rsd 5 %}\n"
    )
    found, codes = built(words)
    assert codes == []
    temperature, energy = stream(found, "in").temperature, stream(found, "steam").energy
    assert temperature is not None
    assert energy is not None
    assert temperature.value == pytest.approx(60.0)
    assert temperature.sd == pytest.approx(5 / 9)
    assert energy.value == pytest.approx(1000.0)
    assert stream(found, "steam").kind is StreamKind.ENERGY
    assert found.flowsheet.media[0].b == pytest.approx(0.001)
    assert found.flowsheet.media[0].a == pytest.approx(0.01)


def test_how_uncertainties_were_read_is_told() -> None:
    document, _ = parse_flowsheet(GOOD.replace("uncertainty: sd 1}", "uncertainty: ± 1 kg}", 1), "a.yaml")
    found = {issue.code: issue for issue in built_flowsheet(document).issues}
    assert found["uncertainty-read-as-interval"].severity is Severity.NOTE
    document, _ = parse_flowsheet(GOOD.replace(", uncertainty: sd 1}", "}", 1), "a.yaml")
    note = next(issue for issue in built_flowsheet(document).issues if issue.code == "uncertainty-assumed")
    assert (note.severity, note.values["percent"], note.where.line) == (Severity.NOTE, 10.0, 12)
    bare = flow(built_flowsheet(document), "in")
    assert bare.sd == pytest.approx(10.0)
    assert bare.basis is Basis.ESTIMATED


def test_an_empty_store_needs_no_uncertainty() -> None:
    found, codes = built(GOOD.replace("closing: 7 kg, closing_uncertainty: sd 1", "closing: 0 kg"))
    assert codes == []
    assert found.flowsheet.stocks[0].closing is not None
    assert found.flowsheet.stocks[0].closing.sd == 0.0


PERIODS = (
    GOOD.replace("flow: 100 kg, uncertainty: sd 1", "price: 0.02")
    .replace(", flow: 12 kg, uncertainty: sd 1", "")
    .replace(", flow: 108 kg, uncertainty: sd 1", "")
    .replace("name: Rinse tank", "name: Rinse tank, system_cost: 300")
    + """periods: 2026-01; 2026-02
readings:
  - {period: 2026-01, of: in, value: 100 kg, uncertainty: sd 1}
  - {period: 2026-02, of: in, value: 90 kg, uncertainty: sd 1}
  - {period: 2026-01, quantity: closing, of: K, value: 6 kg, uncertainty: sd 1}
"""
)


def test_several_periods_become_one_flowsheet_linked_by_the_store() -> None:
    found, codes = built(PERIODS)
    assert codes == []
    assert flow(found, "in@2026-01").value == 100.0
    assert flow(found, "in@2026-02").value == 90.0
    link = stream(found, "closing K@2026-01")
    assert (link.start, link.end, link.flow and link.flow.value) == ("S@2026-01", "S@2026-02", 6.0)
    opening, closing = found.flowsheet.stocks
    assert opening.opening is not None
    assert closing.closing is not None
    assert (opening.opening.value, closing.closing.value) == (5.0, 7.0)
    assert found.costs.system == {"P@2026-01": 300.0, "P@2026-02": 300.0}


def test_a_number_without_period_among_several_is_refused() -> None:
    _, codes = built(PERIODS.replace("{key: used,", "{key: used, flow: 5 kg,"))
    assert codes == ["period-missing"]
    _, codes = built(PERIODS + "compositions:\n  - {of: in, component: Ni, share: 5 %}\n")
    assert codes == ["shared-measurement"]
    _, codes = built(PERIODS.replace("2026-01; 2026-02", "2026-01; 2026-02; 2026-01"))
    assert codes == ["periods-repeated"]


def test_costs_are_read_with_their_keys() -> None:
    words = GOOD.replace(
        "{key: P, name: Rinse tank}",
        "{key: P, energy_cost: '1,200', system_cost: 500 TWD, waste_cost: 30 元, allocation_key: material-cost}",
    ).replace("role: waste,", "role: waste, treatment_cost: 80, outside_mass_key: yes, price: 5 元/kg,")
    words = words.replace("from: S, to: P}", "from: S, to: P, cost_share: 100 %}")
    found, codes = built(words)
    assert codes == []
    assert found.costs == CostData(
        {"P": 1200.0},
        {"P": 500.0},
        {"P": 30.0, "out": 80.0},
        {"P": AllocationKey.MATERIAL_COST, "S": AllocationKey.GIVEN},
        frozenset({"out"}),
        {"S": {"used": 1.0}},
    )
    assert stream(found, "out").price == 5.0


def test_costs_of_a_process_and_a_stream_with_one_key_are_told_apart() -> None:
    words = GOOD.replace("{key: P, name: Rinse tank}", "{key: P, waste_cost: 30}")
    words = words.replace("{key: used, from: S, to: P}", "{key: P, from: S, to: P, treatment_cost: 5}")
    assert built(words)[1] == ["cost-key-shared"]


@pytest.mark.parametrize("typed", ["± 1 kg", "1 %", "95 % ± 1 kg", "± 1 kg (95 %)"])
def test_an_interval_with_its_level_needs_no_note(typed: str) -> None:
    document, _ = parse_flowsheet(GOOD.replace("sd 1}", f"'{typed}'}}", 1), "a.yaml")
    told = "uncertainty-read-as-interval" in [issue.code for issue in built_flowsheet(document).issues]
    assert told == ("95" not in typed)


def test_a_month_that_excel_turned_into_a_date_is_still_that_month() -> None:
    found, codes = built(PERIODS.replace("{period: 2026-02, of: in", "{period: 2026-02-01, of: in"))
    assert codes == []
    assert flow(found, "in@2026-02").value == 90.0


@every_example
@every_language
def test_the_examples_balance(name: str, language: Language) -> None:
    document = example(name, language)
    found = built_flowsheet(document)
    assert found.usable
    assert {issue.severity for issue in found.issues} == {Severity.NOTE}
    assert found.costs.system
    other = built_flowsheet(example(name))
    for one, another in zip(found.flowsheet.streams, other.flowsheet.streams, strict=True):
        assert (one.key, one.start, one.end, one.role) == (
            another.key,
            another.start,
            another.end,
            another.role,
        )
        for mine, theirs in (
            (one.flow, another.flow),
            *zip(one.fractions.values(), another.fractions.values(), strict=True),
        ):
            assert (mine is None) == (theirs is None)
            if mine is not None and theirs is not None:
                assert (mine.value, mine.sd) == pytest.approx((theirs.value, theirs.sd))


def test_the_plating_line_hides_a_wrong_meter_and_a_loss() -> None:
    found = built_flowsheet(example("balance"))
    gap = flow(found, "waste").value - flow(found, "water").value
    spread = math.hypot(flow(found, "waste").sd, flow(found, "water").sd)
    assert gap > 5 * spread
    leak = stream(found, "leak")
    assert (leak.flow, leak.role) == (None, Role.LOSS)
    stock = found.flowsheet.stocks[0]
    assert stock.opening is not None
    assert stock.closing is not None
    used = flow(found, "buy").value + stock.opening.value - stock.closing.value
    assert abs(used - flow(found, "use").value) < 2 * flow(found, "use").sd
    # Nickel enters the bath with salt, anodes and returned drag-out, and leaves on parts, as drag-out and with the leak.
    shares = {key: stream(found, key).fractions["Ni"].value for key in ("use", "dragout", "drag0")}
    entering = 1050 * shares["use"] + 2400 + 16_600 * shares["drag0"]
    leaving = 2360 + (9000 + 1500) * shares["dragout"]
    assert entering == pytest.approx(leaving, rel=1e-3)


@every_example
@every_language
def test_documents_survive_json_and_workbook(name: str, language: Language, tmp_path: Path) -> None:
    document = example(name, language)
    text = tmp_path / "plant.json"
    text.write_text(flowsheet_json(document), encoding="utf-8")
    assert read_flowsheet(text) == (document, ())
    for other in LANGUAGES:
        book = tmp_path / f"plant-{other}.xlsx"
        write_flowsheet_workbook(document, book, other)
        reading = read_flowsheet(book)
        assert reading.issues == ()
        assert reading.document == document
        assert is_flowsheet_file(book)
    assert built_flowsheet(read_flowsheet(book).document).usable


@every_example
def test_examples_keep_to_the_schema(name: str) -> None:
    schema = flowsheet_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False
    data = flowsheet_data(example(name))
    assert set(schema["required"]) <= set(data) <= set(schema["properties"])
    for key, value in data.items():
        if isinstance(value, list):
            items = schema["properties"][key]["items"]
            assert items["additionalProperties"] is False
            for row in value:
                assert set(items["required"]) <= set(row) <= set(items["properties"])


def whole() -> tuple[Flowsheet, CostData]:
    """A flowsheet with everything a flowsheet can have."""

    def m(value: float, sd: float, basis: Basis = Basis.MEASURED, meter: str = "") -> Measurement:
        return Measurement(value, sd, basis, meter)

    reaction = Reaction("R", "Burning", {"C": -12.0 / 44.0, "O": -32.0 / 44.0, "CO2": 1.0}, m(7.25, 0.1))
    flowsheet = Flowsheet(
        "Everything",
        (Process("P", "Furnace", (reaction,), heat_balance=True), Process("Q", "Cooler", by_elements=True)),
        (
            Stream(
                "a", "Fuel", None, "P", flow=m(1 / 3, 0.01, Basis.RECORDED, "FQ"), fractions={"C": m(0.9, 1e-7)},
                composition_complete=True, medium="w", temperature=m(-5.5, 0.7, Basis.ESTIMATED), role=Role.INPUT, price=1.1,
            ),
            Stream("b", "Gas", "P", "Q", component_flows={"CO2": m(2.5, 0.0)}, medium="w", measuring_cost=3.5),
            Stream("c", "Out", "Q", None, role=Role.WASTE, flow=m(1e-5, 1e-9)),
            Stream("e", "Heat", "P", None, kind=StreamKind.ENERGY, energy=m(-12.5, 1.0), role=Role.LOSS, price=2.0),
        ),
        (Component("C", "Carbon", {"C": 1.0}, price=3.3), Component("O", "Oxygen", {"O": 1.0}), Component("CO2", "Gas", {"C": 0.27, "O": 0.73})),
        (Stock("K", "Coal", "P", m(100.1, 1.0), m(90.0, 2.0, Basis.ESTIMATED), {"C": m(0.5, 0.01)}, price=0.5),),
        (Medium("w", "Water", 1.25, 0.001163, 1e-7),),
        (Relation("E", "Ratio", ((1.0, Ref(Quantity.FLOW, "a")), (-2.5, Ref(Quantity.CLOSING, "K"))), 3.0, 0.5),),
        (TransferCoefficient("T", "Share", "P", "b", "C", m(0.3, 0.01)),),
        (Correlation(Ref(Quantity.FLOW, "a"), Ref(Quantity.FLOW, "c"), 0.25),),
        unit="t",
        period="",
        currency="TWD",
    )  # fmt: skip
    return flowsheet, CostData(
        {"P": 1.5},
        {"P": 2.5, "Q": 0.0},
        {"Q": 3.5, "c": 4.5},
        {"P": AllocationKey.GIVEN, "Q": AllocationKey.MASS},
        frozenset({"b"}),
        {"P": {"b": 0.7, "e": 0.3}},
    )


def test_a_flowsheet_made_by_a_program_reads_back_to_the_same_numbers(tmp_path: Path) -> None:
    flowsheet, costs = whole()
    document = flowsheet_document(flowsheet, costs)
    path = tmp_path / "made.json"
    path.write_text(flowsheet_json(document), encoding="utf-8")
    found = built_flowsheet(read_flowsheet(path).document)
    assert without_places(found.flowsheet) == without_places(flowsheet)
    assert found.costs == costs


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e9), st.just(0.0) | st.floats(1e-12, 1))
def test_any_number_reads_back_exactly(value: float, sd: float, share: float) -> None:
    flowsheet = Flowsheet(
        "x",
        (Process("P", "P"),),
        (
            Stream(
                "a",
                "a",
                None,
                "P",
                flow=Measurement(value, sd),
                fractions={"N": Measurement(share, sd)},
                role=Role.INPUT,
            ),
            Stream("b", "b", "P", None, role=Role.WASTE),
        ),
        (Component("N", "N"),),
    )
    back = built_flowsheet(flowsheet_document(flowsheet)).flowsheet
    assert without_places(back) == without_places(flowsheet)


@every_language
def test_an_empty_template_holds_nothing_but_examples(language: Language, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(flowsheet_template(language))
    assert is_flowsheet_file(path)
    with pytest.raises(UnusableInput) as caught:
        read_flowsheet(path)
    assert caught.value.issues[0].code == "flowsheet-nothing-read"


@every_language
def test_headings_and_sheets_are_told_apart(language: Language) -> None:
    tabs = [label_key(render(section.title, language)) for section in (SETTINGS, *SECTIONS)]
    assert len(set(tabs)) == len(tabs)
    for section in (SETTINGS, *SECTIONS):
        assert len(render(section.title, language)) <= 31
        labels = [label_key(render(column.label, language)) for column in section.columns]
        assert len(set(labels)) == len(labels)


def hand_made(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_a_workbook_made_by_hand_is_read_with_columns_in_any_order(tmp_path: Path) -> None:
    path = hand_made(
        tmp_path / "own.xlsx",
        {
            "flowsheet": [["Name of the flowsheet", "Mine"], ["UNIT OF MASS", "ｔ"], ["period", "month"]],
            "processes": [["Name", "key"], ["Tank", "P"]],
            "streams": [
                [],
                ["To", "Flow", "Key", "From", "Role", "Uncertainty of the flow"],
                ["P", 1200, "in", None, "Input", "sd 3"],
                [None, "１，１００", "out", "P", "Waste", "sd 3"],
            ],
        },
    )
    assert is_flowsheet_file(path)
    reading = read_flowsheet(path)
    assert reading.issues == ()
    found = built_flowsheet(reading.document)
    assert found.usable
    assert (flow(found, "in").value, flow(found, "out").value) == (1200.0, 1100.0)
    assert flow(found, "out").source.cell == "B4"
    assert flow(found, "out").source.sheet == "streams"


def test_a_unit_in_the_heading_counts_for_bare_numbers(tmp_path: Path) -> None:
    path = hand_made(
        tmp_path / "own.xlsx",
        {
            "Flowsheet": [["Name of the flowsheet", "Mine"], ["Currency", "TWD"]],
            "Processes": [["Key", "Name"], ["P", "Tank"]],
            "Streams": [
                [
                    "Key",
                    "To",
                    "From",
                    "Role",
                    "Flow [t/yr]",
                    "Uncertainty of the flow (%)",
                    "Unit price (TWD/t)",
                ],
                ["in", "P", None, "Input", 1.2, 2, 500],
                ["out", None, "P", "waste", "1,150 kg", "sd 3 kg", None],
            ],
            "Stocks": [["Key", "Process", "Opening stock (counted)"], ["K", "P", 5]],
        },
    )
    reading = read_flowsheet(path)
    assert [(issue.code, issue.where.cell) for issue in reading.issues] == [
        ("flowsheet-heading-bracket", "C1")
    ]
    found = built_flowsheet(reading.document)
    assert flow(found, "in").value == 1200.0
    assert flow(found, "in").sd == pytest.approx(24.0 / 1.959964)
    assert stream(found, "in").price == 0.5
    assert (flow(found, "out").value, flow(found, "out").sd) == (1150.0, 3.0)


def test_every_problem_of_a_workbook_has_its_cell(tmp_path: Path) -> None:
    path = hand_made(
        tmp_path / "own.xlsx",
        {
            "Flowsheet": [["Name of the flowsheet", "Mine"]],
            "Processes": [["Key", "Name", "Colour"], ["P", "Tank", "red"]],
            "Streams": [
                ["Key", "To", "Flow", "Flow", None],
                ["in", "P", "about 5", 3, "?"],
                ["odd", "Z", "#N/A", None, None],
            ],
            "Stocks": [["nothing"], ["known"]],
            "Notes": [["hello"]],
        },
    )
    reading = read_flowsheet(path)
    places = {issue.code: (issue.where.sheet, issue.where.cell) for issue in reading.issues}
    assert places["flowsheet-heading-unknown"] == ("Processes", "C1")
    assert places["flowsheet-heading-twice"] == ("Streams", "D1")
    assert places["column-unnamed"] == ("Streams", "E2")
    assert places["flowsheet-headings-missing"] == ("Stocks", None)
    assert places["flowsheet-sheet-not-read"] == ("Notes", None)
    built_places = {issue.code: issue.where.cell for issue in built_flowsheet(reading.document).issues}
    assert built_places["number-is-approximate"] == "C2"
    assert built_places["excel-error"] == "C3"
    assert built_places["key-unknown"] == "A3"


def test_formulas_without_result_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("Processes").write_row(0, 0, ["Key", "Name"])
        sheet = book.add_worksheet("Streams")
        sheet.write_row(0, 0, ["Key", "Flow"])
        sheet.write_row(1, 0, ["in"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    (issue,) = read_flowsheet(path).issues
    assert (issue.code, issue.where.cell) == ("excel-error", "B2")


def test_flowsheets_are_told_from_assessments(tmp_path: Path) -> None:
    book = tmp_path / "assessment.xlsx"
    book.write_bytes(write_template(simplified=True, language="en"))
    assert not is_flowsheet_file(book)
    for name, content in example_files("small-plant").items():
        (tmp_path / name).write_bytes(content)
        assert not is_flowsheet_file(tmp_path / name)
    for name, content in {**example_files("process-unit"), **example_files("screening")}.items():
        (tmp_path / name).write_bytes(content)
        assert not is_flowsheet_file(tmp_path / name)
    plain = tmp_path / "plain.yaml"
    plain.write_text(GOOD, encoding="utf-8")
    assert is_flowsheet_file(plain)
    assert not is_flowsheet_file(tmp_path / "missing.json")


HOSTILE = {
    "empty.json": b"",
    "zeros.yaml": b"\0" * 100,
    "deep.json": b"{" * 3 + b'"a":' + b"[" * 100_000,
    "broken.json": b'{"name": "x", ',
    "list.json": b"[1, 2]",
    "tag.yaml": b"name: !!python/object/apply:os.system [ls]\n",
    "bomb.yaml": b"a: &a [x,x]\nb: &b [*a,*a]\nprocesses: [*b,*b]\n",
    "other.json": b'{"format": "something-else"}',
    "newer.json": b'{"format": "openrecp-flowsheet", "version": 99}',
    "large.json": b'{"name": "' + b"x" * 300_000,
    "table.xlsx": b"PK\x03\x04 no zip",
    "old.xls": bytes.fromhex("d0cf11e0a1b11ae1"),
    "picture.png": b"\x89PNG",
    "endless.yaml": b"name: x\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_mean_harm_or_nothing_are_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    is_flowsheet_file(path)
    try:
        document, issues = read_flowsheet(path)
    except UnusableInput as error:
        found = error.issues
    else:
        found = (*issues, *built_flowsheet(document).issues)
    assert any(issue.severity is Severity.ERROR for issue in found)


@pytest.mark.parametrize("name", [*REFUSED, *READ])
def test_hostile_workbooks_are_refused_or_hold_no_flowsheet(name: str, tmp_path: Path) -> None:
    content = REFUSED[name][1] if name in REFUSED else READ[name]
    path = write(tmp_path, label_key(name), content())
    assert not is_flowsheet_file(path)
    try:
        document, issues = read_flowsheet(path)
    except UnusableInput as error:
        found = error.issues
    else:
        found = (*issues, *built_flowsheet(document).issues)
    assert any(issue.severity is Severity.ERROR for issue in found)
    assert len(found) < 2_000


def test_a_sheet_full_of_mistakes_does_not_drown_its_reader(tmp_path: Path) -> None:
    rows = [["Key", "To"], *([f"s{n}", "P", "?"] for n in range(5_000))]
    path = hand_made(tmp_path / "own.xlsx", {"Processes": [["Key", "Name"], ["P", "Tank"]], "Streams": rows})
    issues = read_flowsheet(path).issues
    assert len(issues) <= 1_001
    assert issues[-1].code == "too-many-findings"


def test_a_large_file_of_a_program_is_read_without_lines(tmp_path: Path) -> None:
    flowsheet, costs = whole()
    many = tuple(
        Stream(f"s{n}", f"Stream {n}", None, "Q", flow=Measurement(float(n), 1.0), role=Role.INPUT)
        for n in range(3000)
    )
    path = tmp_path / "large.json"
    path.write_text(
        flowsheet_json(flowsheet_document(replace(flowsheet, streams=flowsheet.streams + many), costs)),
        encoding="utf-8",
    )
    reading = read_flowsheet(path)
    assert reading.issues == ()
    found = built_flowsheet(reading.document)
    assert flow(found, "s2999").value == 2999.0
    assert flow(found, "s2999").source.path == "streams[3004].flow"


def test_key_twice_in_a_large_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text(
        '{"name": "x", "name": "y", "note": "' + "z" * 250_000 + '", "flow": 1}', encoding="utf-8"
    )
    assert [issue.code for issue in read_flowsheet(path).issues] == ["key-twice", "file-key-unknown"]


words = st.text(max_size=20)


@given(
    st.dictionaries(
        st.sampled_from([column.name for section in SECTIONS for column in section.columns]),
        words,
        max_size=8,
    )
)
def test_whatever_is_typed_becomes_findings_and_never_a_crash(values: dict[str, str]) -> None:
    for section in SECTIONS:
        known = {column.name for column in section.columns}
        row = {name: value for name, value in values.items() if name in known}
        tree = {**yaml.safe_load(GOOD), section.name: [row]}
        document, _ = parse_flowsheet(json.dumps(tree, default=str), "a.json")
        built_flowsheet(document)


@given(st.dictionaries(st.sampled_from([column.name for column in SETTINGS.columns]), words, max_size=6))
def test_whatever_the_settings_say_becomes_findings(values: dict[str, str]) -> None:
    document, _ = parse_flowsheet(json.dumps({**yaml.safe_load(GOOD), **values}, default=str), "a.json")
    built_flowsheet(document)


@given(words)
def test_a_workbook_keeps_any_text(name: str) -> None:
    document = FlowsheetDocument({"name": "x"}, {"processes": ({"key": "P"},)})
    assert flowsheet_workbook(replace(document, settings={"name": name.strip() or "x"}), "en")


def test_a_row_that_repeats_a_key_says_nothing_about_the_first() -> None:
    found, codes = built(
        """
name: Line
unit: kg
period: yr
processes: [{key: A, name: A}]
streams:
  - {key: s1, name: Water, to: A, role: input, flow: 5 kg, uncertainty: sd 1 kg}
  - {key: s1, name: Waste, from: A, role: waste, flow: -3 kg, uncertainty: sd 1 kg}
"""
    )
    assert "key-repeated" in codes
    assert found.flowsheet.streams[0].flow is not None
    assert found.flowsheet.streams[0].flow.value == 5.0
    assert not any("below zero" in issue.message for issue in found.issues)

"""The assessment document as a flowsheet: streams, stores, components, costs, and what is said of them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from evaluation_sample import codes, finding, plant
from filling import Filling

from openrecp.assessment.document import assessment_from_json, assessment_to_json
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.evaluation.check_balances import balance_input_issues
from openrecp.assessment.evaluation.plant_flowsheet import PlantFlowsheet, plant_flowsheet
from openrecp.assessment.examples import example_assessment
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.balances.faults import flowsheet_faults
from openrecp.balances.flowsheet import Flowsheet, Measurement, Quantity, Role, Stream, StreamKind
from openrecp.errors import Issue, Severity
from openrecp.figures import Basis
from openrecp.texts import LANGUAGES, Language, render

HALF_WIDTH = 1.959963984540054
every_language = pytest.mark.parametrize("language", LANGUAGES)


def drawn(**collections: Any) -> PlantFlowsheet:
    """The flowsheet of a small plant."""
    return plant_flowsheet(plant(**collections))


def stream(flowsheet: Flowsheet, key: str) -> Stream:
    """The stream with a key."""
    return next(each for each in flowsheet.streams if each.key == key)


def flow(flowsheet: Flowsheet, key: str) -> Measurement:
    """The measured flow of a stream."""
    found = stream(flowsheet, key).flow
    assert found is not None
    return found


def issue(found: PlantFlowsheet, code: str) -> Issue:
    """The one finding of a kind."""
    (only,) = (each for each in found.issues if each.code == code)
    return only


ONE: dict[str, Any] = {"processes": [{"number": "P1", "name": "Plating"}]}
TWO: dict[str, Any] = {"processes": [{"number": "P1", "name": "Bath"}, {"number": "P2", "name": "Rinse"}]}
# What balances the other side; its uncertainty is entered, so that nothing is assumed of it.
OUT: dict[str, Any] = {
    "waste_streams": [
        {"number": "W1", "name": "Sludge", "generation": "400 kg/yr", "generation_uncertainty": "sd 4"}
    ]
}
STORED: dict[str, Any] = {
    "number": "M1",
    "name": "Salt",
    "consumption": "520 kg/yr",
    "consumption_uncertainty": "sd 6",
    "purchases": "500 kg/yr",
    "purchases_uncertainty": "sd 2",
    "opening_stock": "120 kg",
    "closing_stock": "95 kg",
    "stock_uncertainty": "sd 3",
}


def test_amounts_are_put_on_kilograms_a_year_with_their_standard_deviation() -> None:
    found = drawn(
        **ONE,
        input_materials=[
            {
                "number": "M1",
                "name": "Solvent",
                "consumption": "1000 L/yr",
                "density": "1.3 kg/L",
                "consumption_basis": "measured",
                "consumption_uncertainty": "±2 %",
            }
        ],
        waste_streams=[
            {
                "number": "W1",
                "name": "Sludge",
                "generation": "0.1 t/month",
                "generation_basis": "recorded",
                "generation_uncertainty": "±5 kg",
                "lost_material_cost": "600 USD",
            }
        ],
        products=[
            {"number": "PR1", "name": "Parts", "production": "2 t/yr", "production_uncertainty": "sd 1 %"}
        ],
    ).flowsheet
    assert (found.flow_unit, found.currency) == ("kg/yr", "USD")
    solvent, sludge, parts = (flow(found, key) for key in ("M1", "W1", "PR1"))
    assert (solvent.value, solvent.basis) == (1300, Basis.MEASURED)
    assert solvent.sd == pytest.approx(26 / HALF_WIDTH)
    # ±5 kg beside an amount a month are 5 kg a month.
    assert (sludge.value, sludge.basis) == (1200, Basis.RECORDED)
    assert sludge.sd == pytest.approx(60 / HALF_WIDTH)
    assert (parts.value, parts.sd) == (2000, 20)
    assert solvent.source.path == "input_materials[M1].consumption"
    assert [(each.role, each.start, each.end) for each in found.streams] == [
        (Role.INPUT, None, "P1"),
        (Role.PRODUCT, "P1", None),
        (Role.WASTE, "P1", None),
    ]
    assert stream(found, "W1").price == pytest.approx(0.5)


def test_an_uncertainty_in_litres_goes_through_the_density() -> None:
    material = {"number": "M1", "name": "Acid", "consumption": "100 m³/yr", "density": "1.2 kg/L"}
    found = drawn(**ONE, **OUT, input_materials=[{**material, "consumption_uncertainty": "sd 500 L"}])
    assert flow(found.flowsheet, "M1").sd == pytest.approx(600)


def test_what_nobody_entered_of_the_uncertainty_is_assumed_and_said() -> None:
    found = drawn(
        **ONE,
        **OUT,
        input_materials=[
            {"number": "M1", "name": "a", "consumption": "100 kg/yr", "consumption_basis": "measured"},
            {"number": "M2", "name": "b", "consumption": "100 kg/yr", "consumption_basis": "estimated"},
            {"number": "M3", "name": "c", "consumption": "100 kg/yr", "consumption_uncertainty": "±1 %"},
        ],
    )
    assert [flow(found.flowsheet, key).sd for key in ("M1", "M2")] == [2, 10]
    said = [render(each, "en") for each in found.issues if each.code == "uncertainty-assumed"]
    assert len(said) == 2
    assert "standard deviation of 2 % is assumed: M1." in said[0]
    assert "standard deviation of 10 % is assumed: M2." in said[1]


def test_an_uncertainty_that_cannot_be_read_is_a_finding_at_its_field() -> None:
    assessment = plant(
        **ONE,
        **OUT,
        input_materials=[
            {
                "number": "M1",
                "name": "a",
                "consumption": "100 kg/yr",
                "consumption_uncertainty": "rather good",
            },
            {"number": "M2", "name": "b", "consumption": "100 kg/yr", "consumption_uncertainty": "±3 kWh"},
        ],
        products=[
            {"number": "PR1", "name": "Parts", "production": "9 piece/yr", "production_uncertainty": "±2"}
        ],
        compositions=[{"stream": "M1", "component": "Nickel", "share": 5, "uncertainty": "±5 %"}],
    )
    issues = [each for each in evaluate(assessment).issues if each.code != "uncertainty-assumed"]
    found = {each.where.path: each.code for each in issues if "uncertainty" in each.code}
    assert len([each for each in issues if "uncertainty" in each.code]) == len(found), "said once"
    assert found == {
        "input_materials[M1].consumption_uncertainty": "uncertainty-unreadable",
        "input_materials[M2].consumption_uncertainty": "uncertainty-unit",
        "compositions[#1].uncertainty": "uncertainty-ambiguous",
    }
    assert flow(plant_flowsheet(assessment).flowsheet, "M1").sd == 10


def test_an_uncertainty_of_more_than_the_amount_is_likely_in_another_unit() -> None:
    # Beside 1.2 t a bare 20 are 20 t.
    amounts = [("M1", "±20"), ("M2", "±20 kg")]
    materials = [
        {"number": key, "name": key, "consumption": "1.2 t/yr", "consumption_uncertainty": words}
        for key, words in amounts
    ]
    found = finding(evaluate(plant(**ONE, input_materials=materials)), "uncertainty-exceeds-amount")
    assert found.where.path == "input_materials[M1].consumption_uncertainty"


def test_purchases_and_stock_are_a_balance_of_the_store() -> None:
    # 120 + 500 - 95 - 520 = 5 kg, with a variance of 3² + 2² + 3² + 6² = 58.
    found = drawn(**ONE, **OUT, input_materials=[{**STORED, "price": "2 USD/kg"}]).flowsheet
    bought, used = flow(found, "M1:purchases"), flow(found, "M1")
    (stock,) = found.stocks
    assert stock.opening is not None
    assert stock.closing is not None
    gap = stock.opening.value + bought.value - stock.closing.value - used.value
    variance = sum(each.sd**2 for each in (stock.opening, bought, stock.closing, used))
    assert gap == pytest.approx(5)
    assert variance == pytest.approx(58)
    assert [each.key for each in found.processes] == ["P1", "M1:store"]
    purchases = stream(found, "M1:purchases")
    assert (purchases.start, purchases.end, purchases.role, purchases.price) == (
        None,
        "M1:store",
        Role.INPUT,
        2,
    )
    inner = stream(found, "M1")
    assert (inner.start, inner.end, inner.role) == ("M1:store", "P1", Role.INTERNAL)


def test_a_difference_within_its_error_is_no_finding_and_one_beyond_it_is() -> None:
    # The error is 1.96 x root 58 = 14.9 kg.
    assert "stock-contradiction" not in codes(evaluate(plant(**ONE, input_materials=[STORED])))
    material = {**STORED, "consumption": "509 kg/yr"}
    issue_found = finding(evaluate(plant(**ONE, input_materials=[material])), "stock-contradiction")
    assert issue_found.where.path == "input_materials[M1].consumption"
    assert issue_found.values["found"] == pytest.approx(525)
    assert issue_found.values["error"] == pytest.approx(HALF_WIDTH * math.sqrt(58), abs=1e-3)
    near = {**STORED, "consumption": "511 kg/yr"}
    assert "stock-contradiction" not in codes(evaluate(plant(**ONE, input_materials=[near])))


def test_consumption_left_empty_follows_from_purchases_and_stock() -> None:
    material = {key: value for key, value in STORED.items() if not key.startswith("consumption")}
    waste = {"number": "W1", "name": "Sludge", "generation": "400 kg/yr"}
    assessment = plant(**ONE, input_materials=[material], waste_streams=[waste])
    evaluation = evaluate(assessment)
    (closure,) = evaluation.closures
    assert closure.inputs.value == pytest.approx(525)
    missing = [each for each in evaluation.issues if each.code == "required-missing"]
    assert not [each for each in missing if each.where.path == "input_materials[M1].consumption"]
    found = plant_flowsheet(assessment)
    assert stream(found.flowsheet, "M1").flow is None
    assert "streams-not-measured" not in [each.code for each in found.issues]


def test_the_change_of_a_stock_is_spread_over_the_period() -> None:
    material = {key: value for key, value in STORED.items() if not key.startswith("consumption")}
    cover = {"period_start": "2024-01-01", "period_end": "2025-12-30"}  # 730 days
    found = drawn(cover=cover, **ONE, input_materials=[material]).flowsheet
    (stock,) = found.stocks
    assert stock.opening == Measurement(60, 1.5, Basis.RECORDED, source=stock.opening.source)  # type: ignore[union-attr]
    waste = {"number": "W1", "name": "Sludge", "generation": "400 kg/yr"}
    (closure,) = evaluate(
        plant(cover=cover, **ONE, input_materials=[material], waste_streams=[waste])
    ).closures
    assert closure.inputs.value == pytest.approx(500 + 12.5)


@pytest.mark.parametrize("left_out", ["purchases", "opening_stock", "closing_stock"])
def test_purchases_alone_are_not_taken_for_consumption(left_out: str) -> None:
    material = {key: value for key, value in STORED.items() if key != left_out}
    assessment = plant(**ONE, **OUT, input_materials=[material])
    assert finding(evaluate(assessment), "stock-incomplete").where.path == "input_materials[M1].purchases"
    found = plant_flowsheet(assessment).flowsheet
    assert [each.key for each in found.streams] == ["M1", "W1"]
    assert not found.stocks


def test_more_left_in_store_than_there_ever_was_is_a_finding() -> None:
    material = {"number": "M1", "name": "Salt", "purchases": "10 kg/yr", "opening_stock": "5 kg"}
    evaluation = evaluate(plant(**ONE, input_materials=[{**material, "closing_stock": "20 kg"}]))
    assert finding(evaluation, "stock-negative").where.path == "input_materials[M1].closing_stock"


def test_one_row_describes_a_flow_between_processes() -> None:
    row = {
        "number": "F1",
        "process": "P1",
        "direction": "out",
        "to_process": "P2",
        "description": "Drag-out",
        "amount": "8 t/yr",
        "uncertainty": "sd 0.1 t",
    }
    back = {"process": "P2", "direction": "out", "to_process": "P1", "amount": "5 t/yr"}
    assessment = plant(**TWO, flows=[row, back])
    found = plant_flowsheet(assessment).flowsheet
    assert [(each.key, each.start, each.end, each.role) for each in found.streams] == [
        ("F1", "P1", "P2", Role.INTERNAL),
        ("flows:#2", "P2", "P1", Role.INTERNAL),
    ]
    assert (flow(found, "F1").value, flow(found, "F1").sd) == pytest.approx((8000, 100))
    both = {render(each.process_name, "en"): each for each in evaluate(assessment).closures}
    assert both["Bath"].outputs.value == pytest.approx(8)
    assert both["Bath"].inputs.value == pytest.approx(5)
    assert both["Rinse"].inputs.value == pytest.approx(8)
    assert "Assessed area" not in both


def test_a_matching_pair_of_rows_is_still_one_flow() -> None:
    flows = [
        {"process": "P1", "direction": "out", "material": "Melt", "amount": "68 t/yr"},
        {"process": "P2", "direction": "in", "material": "melt", "amount": "68 t/yr"},
        {"process": "P2", "direction": "out", "description": "Vapour", "amount": "3 t/yr"},
        {"process": "P1", "direction": "in", "description": "Ore", "amount": "70 t/yr"},
    ]
    found = drawn(**TWO, flows=flows)
    assert [(each.start, each.end, each.role) for each in found.flowsheet.streams] == [
        ("P1", "P2", Role.INTERNAL),
        ("P2", None, Role.WASTE),
        (None, "P1", Role.INPUT),
    ]
    assert [each.path for each in found.sources["flows:#1"]] == ["flows[#1]", "flows[#2]"]


def test_one_row_and_a_pair_close_alike() -> None:
    rest: dict[str, Any] = {
        **TWO,
        "input_materials": [{"number": "M1", "name": "Ore", "process": "P1", "consumption": "100 t/yr"}],
        "products": [{"number": "PR1", "name": "Metal", "process": "P2", "production": "60 t/yr"}],
    }
    out = {"process": "P1", "direction": "out", "material": "Melt", "amount": "68 t/yr"}
    pair = [out, {"process": "P2", "direction": "in", "material": "Melt", "amount": "68 t/yr"}]
    row = [{**out, "to_process": "P2"}]
    by_pair, by_row = (evaluate(plant(**rest, flows=flows)).closures for flows in (pair, row))
    assert len(by_pair) == 3
    for one, other in zip(by_pair, by_row, strict=True):
        assert (one.inputs.value, one.outputs.value) == (other.inputs.value, other.outputs.value)


def test_ends_of_flows_that_cannot_be_are_findings() -> None:
    flows = [
        {"process": "P1", "direction": "in", "to_process": "P2", "amount": "1 t/yr"},
        {"process": "P1", "direction": "out", "to_process": "P1", "amount": "1 t/yr"},
        {"process": "P1", "direction": "out", "to_process": "P9", "amount": "1 t/yr"},
    ]
    assessment = plant(**TWO, flows=flows)
    evaluation = evaluate(assessment)
    assert finding(evaluation, "flow-end-and-direction").where.path == "flows[#1].to_process"
    assert finding(evaluation, "flow-to-itself").where.path == "flows[#2].to_process"
    assert finding(evaluation, "reference-unknown").where.path == "flows[#3].to_process"
    found = plant_flowsheet(assessment)
    assert len(issue(found, "streams-without-process").values["streams"]) == 1


def test_what_piles_up_or_is_used_up_is_the_change_of_a_stock() -> None:
    flows = [
        {"process": "P1", "direction": "accumulated", "description": "Scale", "amount": "0.2 t/yr"},
        {"process": "P1", "direction": "accumulated", "description": "Bath", "amount": "-50 kg/yr"},
    ]
    up, down = drawn(**ONE, flows=flows).flowsheet.stocks
    assert up.opening is not None
    assert up.closing is not None
    assert down.opening is not None
    assert down.closing is not None
    assert (up.opening.value, up.opening.sd, up.closing.value) == (0, 0, 200)
    assert (down.opening.value, down.closing.value, down.closing.sd) == (50, 0, 0)


def test_what_has_no_mass_counts_as_not_measured_and_says_why() -> None:
    found = drawn(
        **ONE,
        input_materials=[{"number": "M1", "name": "Water", "consumption": "100 m³/yr"}],
        products=[{"number": "PR1", "name": "Parts", "production": "5000 piece/yr"}],
        waste_streams=[{"number": "W1", "name": "Wastewater"}],
    )
    assert [each.flow for each in found.flowsheet.streams] == [None, None, None]
    said = [render(each, "en") for each in found.issues if each.code == "stream-without-mass"]
    assert "M1 counts as not measured in the balance: it is a volume without a density" in said[0]
    assert "an amount in piece/yr has no mass" in said[1]
    assert issue(found, "streams-not-measured").values["streams"] == ["W1"]


def test_streams_without_a_process_belong_to_the_only_one_or_are_named() -> None:
    material = {"number": "M1", "name": "Salt", "consumption": "100 kg/yr"}
    assert drawn(**ONE, **OUT, input_materials=[material]).flowsheet.streams[0].end == "P1"
    found = drawn(**TWO, input_materials=[material])
    assert not found.flowsheet.streams
    assert issue(found, "streams-without-process").values["streams"] == ["M1"]
    assert issue(found, "processes-without-streams").values["processes"] == ["Bath", "Rinse"]


def test_the_area_can_be_drawn_as_one_process() -> None:
    assessment = plant(
        **TWO,
        site={"area": "Plating shop"},
        input_materials=[{"number": "M1", "name": "Salt", "consumption": "100 kg/yr"}],
        waste_streams=[{"number": "W1", "name": "Sludge", "process": "P2", "generation": "90 kg/yr"}],
        flows=[
            {"process": "P1", "direction": "out", "to_process": "P2", "amount": "95 kg/yr"},
            {"process": "P1", "direction": "out", "description": "Vapour", "amount": "3 kg/yr"},
        ],
    )
    found = plant_flowsheet(assessment, whole_area=True)
    (area,) = found.flowsheet.processes
    assert area.name == "Plating shop"
    assert [each.name for each in found.flowsheet.streams] == ["Salt", "Sludge", "Vapour"]
    assert len(issue(found, "flows-within-area").values["flows"]) == 1


def test_an_area_without_processes_of_its_own_is_one() -> None:
    material = {"number": "M1", "name": "Salt", "consumption": "100 kg/yr"}
    found = drawn(**OUT, input_materials=[material], site={"area": "Shop"})
    (area,) = found.flowsheet.processes
    assert [(each.start, each.end) for each in found.flowsheet.streams] == [
        (None, area.key),
        (area.key, None),
    ]
    assert "area-as-a-whole" not in [each.code for each in found.issues]


@every_language
def test_where_no_process_can_be_balanced_the_area_is_and_that_is_said(language: Language) -> None:
    # The streams of the dyehouse name no process, or one of which only one side is listed.
    assessment = example_assessment("small-plant", language)
    found = plant_flowsheet(assessment)
    (area,) = found.flowsheet.processes
    assert area.name == assessment.site.area
    assert issue(found, "area-as-a-whole").severity is Severity.NOTE
    assert len(found.flowsheet.streams) == 12
    assert not [each for each in flowsheet_faults(found.flowsheet) if each.severity is Severity.ERROR]
    apart = plant_flowsheet(assessment, whole_area=False)
    assert not apart.flowsheet.streams
    assert len(issue(apart, "balance-one-sided").values["processes"]) == 3
    # Class 2 of OIML R 49: ±2 % are limits, whose standard deviation is their half over the root of 3.
    assert flow(found.flowsheet, "M2").sd == pytest.approx(81_000_000 * 0.02 / math.sqrt(3))


def test_a_process_of_which_one_side_is_listed_stands_outside() -> None:
    found = drawn(
        **TWO,
        input_materials=[{"number": "M1", "name": "Salt", "process": "P1", "consumption": "100 kg/yr"}],
        waste_streams=[{"number": "W1", "name": "Sludge", "process": "P1", "generation": "20 kg/yr"}],
        flows=[
            {"number": "F1", "process": "P1", "direction": "out", "to_process": "P2", "amount": "70 kg/yr"},
            {"number": "F2", "process": "P1", "direction": "in", "amount": "1 kg/yr"},
        ],
    )
    assert [each.key for each in found.flowsheet.processes] == ["P1"]
    assert issue(found, "balance-one-sided").values["processes"] == ["Rinse"]
    rinsed = stream(found.flowsheet, "F1")
    assert (rinsed.start, rinsed.end, rinsed.role) == ("P1", None, Role.PRODUCT)


def test_a_loss_nobody_measured_can_be_added_to_every_process() -> None:
    material = {"number": "M1", "name": "Salt", "process": "P1", "consumption": "100 kg/yr"}
    waste = {"number": "W1", "name": "Sludge", "process": "P1", "generation": "90 kg/yr"}
    assessment = plant(**TWO, input_materials=[material], waste_streams=[waste])
    assert [each.key for each in plant_flowsheet(assessment).flowsheet.streams] == ["M1", "W1"]
    loss = plant_flowsheet(assessment, with_losses=True).flowsheet.streams[-1]
    assert loss.name == "Loss of Bath"
    assert (loss.key, loss.start, loss.end, loss.role, loss.flow) == ("P1:loss", "P1", None, Role.LOSS, None)


def test_numbers_used_in_two_tables_are_told_apart() -> None:
    found = drawn(
        **ONE,
        input_materials=[{"number": "1", "name": "Salt", "consumption": "100 kg/yr"}],
        waste_streams=[{"number": "1", "name": "Sludge", "generation": "90 kg/yr"}],
    ).flowsheet
    assert [each.key for each in found.streams] == ["input_materials:1", "waste_streams:1"]


NICKEL: dict[str, Any] = {
    **ONE,
    "input_materials": [
        {
            "number": "M1",
            "name": "Salt",
            "consumption": "500 kg/yr",
            "component": "Nickel",
            "component_share": 22,
        },
        {"number": "M2", "name": "Water", "consumption": "9 t/yr"},
    ],
    "waste_streams": [{"number": "W1", "name": "Sludge", "generation": "1.2 t/yr"}],
    "compositions": [
        {"stream": "W1", "component": " nickel", "share": 5, "uncertainty": "0.5 points"},
        {"stream": "W1", "component": "Copper", "share": 1},
    ],
}


def test_a_component_is_followed_where_its_share_is_known_on_both_sides() -> None:
    found = drawn(**NICKEL)
    (nickel,) = found.flowsheet.components
    assert (nickel.key, nickel.name) == ("nickel", "Nickel")
    shares = {each.key: each.fractions[nickel.key] for each in found.flowsheet.streams}
    assert {key: each.value for key, each in shares.items()} == {"M1": 0.22, "M2": 0, "W1": 0.05}
    assert shares["M1"].sd == pytest.approx(0.022)
    assert shares["M2"].sd == 0
    assert shares["W1"].sd == pytest.approx(0.005 / HALF_WIDTH)
    said = issue(found, "uncertainty-assumed").values["streams"]
    assert "Salt, Nickel" in [render(each, "en") for each in said if not isinstance(each, str)]
    assert not [each for each in said if "Copper" in str(each)]


def test_a_bare_number_beside_a_share_means_percentage_points() -> None:
    rows = [{"stream": "W1", "component": "Nickel", "share": 5, "uncertainty": "±0.5"}]
    found = drawn(**{**NICKEL, "compositions": rows}).flowsheet
    assert stream(found, "W1").fractions["nickel"].sd == pytest.approx(0.005 / HALF_WIDTH)


@pytest.mark.parametrize(
    ("words", "sd"),
    [
        ("sd 0.5", 0.005),
        ("10 % rel", 0.005 / HALF_WIDTH),
        ("limit 0.5 points", 0.005 / math.sqrt(3)),
        ("class 1.0, 0-50 %", 0.005 / math.sqrt(3)),
        ("sd 5 g/kg", 0.005),
    ],
)
def test_the_uncertainty_of_a_share_is_read_in_its_own_scale(words: str, sd: float) -> None:
    rows = [{"stream": "W1", "component": "Nickel", "share": 5, "uncertainty": words}]
    found = drawn(**{**NICKEL, "compositions": rows}).flowsheet
    assert stream(found, "W1").fractions["nickel"].sd == pytest.approx(sd)


def test_the_uncertainty_of_a_share_in_another_unit_is_told_and_not_used() -> None:
    rows = [{"stream": "W1", "component": "Nickel", "share": 5, "uncertainty": "0.5 kg"}]
    assessment = plant(**{**NICKEL, "compositions": rows})
    (told,) = [each for each in balance_input_issues(assessment) if each.code == "uncertainty-unit-of-share"]
    assert told.where.path == "compositions[#1].uncertainty"
    found = plant_flowsheet(assessment).flowsheet
    assert stream(found, "W1").fractions["nickel"].sd == pytest.approx(0.1 * 0.05)


def test_a_component_beyond_a_process_that_names_it_on_one_side_is_unknown_not_absent() -> None:
    # Nickel enters P1 and leaves P3; what flows between was never analysed.
    processes = [{"number": f"P{number}", "name": f"Step {number}"} for number in (1, 2, 3, 4)]
    between = [
        {"number": f"F{number}", "process": f"P{number}", "direction": "out", "to_process": f"P{number + 1}"}
        for number in (1, 2)
    ]
    found = drawn(
        processes=processes,
        input_materials=[
            {**NICKEL["input_materials"][0], "process": "P1"},
            {"number": "M2", "name": "Oil", "process": "P4", "consumption": "9 t/yr"},
        ],
        products=[{"number": "PR1", "name": "Smoke", "process": "P4", "production": "9 t/yr"}],
        waste_streams=[{**NICKEL["waste_streams"][0], "process": "P3"}],
        compositions=NICKEL["compositions"],
        flows=[{**each, "amount": "1 t/yr"} for each in between],
    ).flowsheet
    assert [each.key for each in found.components] == ["nickel"]
    assert {each.key: dict(each.fractions).keys() >= {"nickel"} for each in found.streams} == {
        "M1": True,
        "M2": True,
        "PR1": True,
        "W1": True,
        "F1": False,
        "F2": False,
    }
    assert stream(found, "M2").fractions["nickel"].value == 0


def test_what_lies_in_store_is_one_reading_with_what_leaves_it() -> None:
    material = {**STORED, "component": "Nickel", "component_share": 22}
    found = drawn(**{**NICKEL, "input_materials": [material]}).flowsheet
    (correlation,) = found.correlations
    assert (correlation.first.key, correlation.second.key) == ("M1:purchases", "M1")
    assert correlation.first.quantity is Quantity.FRACTION
    assert stream(found, "M1:purchases").fractions == stream(found, "M1").fractions
    assert not found.stocks[0].fractions


def test_compositions_that_cannot_be_are_findings() -> None:
    rows = [
        {"stream": "W1", "component": "Nickel", "share": 60},
        {"stream": "W1", "component": "nickel", "share": 5},
        {"stream": "W1", "component": "Copper", "share": 50},
        {"stream": "W7", "component": "Copper", "share": 1},
    ]
    evaluation = evaluate(plant(**{**NICKEL, "compositions": rows}))
    assert finding(evaluation, "composition-twice").where.path == "compositions[#2].share"
    assert finding(evaluation, "composition-over-100").values["total"] == 110
    assert finding(evaluation, "composition-of-unknown").where.path == "compositions[#4].stream"


def test_energy_is_a_stream_of_its_own_and_energy_carriers_cost_energy() -> None:
    processes = [{"number": "P1", "name": "Boiler", "system_cost": "900 USD"}]
    found = drawn(
        processes=processes,
        input_materials=[
            {"number": "M1", "name": "Electricity", "consumption": "9 MWh/yr", "price": "0.1 USD/kWh"},
            {
                "number": "M2",
                "name": "Gas",
                "consumption": "350 t/yr",
                "price": "20 USD/t",
                "energy_carrier": True,
            },
            {"number": "M3", "name": "Water", "consumption": "10 t/yr", "annual_cost": "50 USD"},
        ],
        waste_streams=[
            {"number": "W1", "name": "Blow-down", "generation": "1 t/yr", "management_cost": "70 USD"}
        ],
    )
    power = stream(found.flowsheet, "M1")
    assert power.kind is StreamKind.ENERGY
    assert power.energy is not None
    assert (power.energy.value, power.price) == pytest.approx((9000, 0.1))
    assert power.flow is None
    assert [each.key for each in found.flowsheet.streams] == ["M1", "M3", "W1"]
    assert stream(found.flowsheet, "M3").price == pytest.approx(0.005)
    assert dict(found.costs.energy) == {"P1": pytest.approx(900 + 7000)}
    assert dict(found.costs.system) == {"P1": 900}
    assert dict(found.costs.waste_management) == {"W1": 70}


def test_an_energy_carrier_is_not_in_the_closure() -> None:
    gas = {"number": "M2", "name": "Gas", "consumption": "350 t/yr", "energy_carrier": True}
    waste = [{"number": "W1", "name": "Blow-down", "generation": "9.9 t/yr"}]
    water = {"number": "M1", "name": "Water", "consumption": "10 t/yr"}
    (closure,) = evaluate(plant(**ONE, input_materials=[water, gas], waste_streams=waste)).closures
    assert closure.inputs.value == pytest.approx(10)


@every_language
def test_the_metal_finishing_example_shows_a_loss_beyond_the_error_of_its_meters(language: Language) -> None:
    assessment = example_assessment("metal-finishing", language)
    found = plant_flowsheet(assessment, language=language).flowsheet
    # Sump: 304.5 t in, 274.25 t to the sewer, 2.75 t of sludge; the 9 % that is missing is 6 standard deviations.
    parts = [flow(found, key) for key in ("F3", "F4", "W4")]
    gap = parts[0].value - parts[1].value - parts[2].value
    sd = math.hypot(*(each.sd for each in parts))
    assert gap == pytest.approx(27_500)
    assert sd == pytest.approx(4_191, abs=1)
    assert gap / sd > 6
    recycle = stream(found, "F1")
    assert (recycle.start, recycle.end, recycle.role) == ("P7", "P3", Role.INTERNAL)
    assert not [each for each in flowsheet_faults(found) if each.severity is Severity.ERROR]
    store = next(each for each in found.processes if each.key == "M7:store")
    assert (
        store.name
        == {
            "en": "Store of 1,1,1-Trichloroethane",
            "zh-hant": "1,1,1-三氯乙烷倉庫",
        }[language]
    )


def test_both_languages_give_the_same_flowsheet() -> None:
    one, other = (
        plant_flowsheet(example_assessment("metal-finishing", each)).flowsheet for each in LANGUAGES
    )
    assert [(each.key, each.flow, each.start, each.end) for each in one.streams] == [
        (each.key, each.flow, each.start, each.end) for each in other.streams
    ]


@every_language
def test_the_flowsheet_survives_workbook_and_json(language: Language, tmp_path: Path) -> None:
    processes = [{**each, "system_cost": "12000 USD"} for each in TWO["processes"]]
    material = {**STORED, "process": "P1", "component": "Nickel", "component_share": 22}
    gas = {"number": "M2", "name": "Gas", "process": "P1", "consumption": "3 t/yr", "energy_carrier": True}
    assessment = plant(
        processes=processes,
        input_materials=[material, gas],
        waste_streams=[
            {
                "number": "W1",
                "name": "Sludge",
                "process": "P2",
                "generation": "1.2 t/yr",
                "generation_uncertainty": "±10 %",
            }
        ],
        compositions=NICKEL["compositions"],
        flows=[
            {
                "number": "F1",
                "process": "P1",
                "direction": "out",
                "to_process": "P2",
                "amount": "1 t/yr",
                "uncertainty": "U = 50 kg (k = 2)",
            }
        ],
    )
    file = tmp_path / "plant.xlsx"
    file.write_bytes(write_workbook(assessment, language))
    reading = read_workbook(file)
    assert reading.issues == ()
    assert reading.assessment == assessment
    assert assessment_from_json(assessment_to_json(assessment)) == assessment
    assert plant_flowsheet(reading.assessment) == plant_flowsheet(assessment)
    assert flow(plant_flowsheet(reading.assessment).flowsheet, "F1").sd == pytest.approx(25)


@every_language
def test_a_percentage_typed_into_a_spreadsheet_is_read_as_typed(language: Language, tmp_path: Path) -> None:
    # Spreadsheets keep 2 % as 0.02 and only show it as a percentage.
    filling = Filling(language)
    filling.put("input_materials", number="M1", consumption=18, consumption__unit="t/yr")
    cell = filling.cell("input_materials", "consumption_uncertainty")
    cell.value, cell.number_format = 0.02, "0%"
    filling.put("input_materials", 1, number="M2", consumption=18, consumption_uncertainty="± 2 %")
    filling.put("waste_streams", number="W1", generation=17, generation_uncertainty="標準差 3 kg")
    filling.put("waste_streams", generation__unit="t/yr")
    filling.put("input_materials", 1, consumption__unit="t/yr")
    reading = filling.read(tmp_path)
    found = plant_flowsheet(reading.assessment).flowsheet
    assert [flow(found, key).sd for key in ("M1", "M2", "W1")] == pytest.approx(
        [360 / HALF_WIDTH, 360 / HALF_WIDTH, 3]
    )

"""Waste streams: amounts, costs, ranking; balances of processes; the evaluation as plain data."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from evaluation_sample import codes, finding, plant, plating

from openrecp.assessment.evaluation import Evaluation, evaluate, evaluation_json
from openrecp.assessment.evaluation.results import BalanceClosure, FlowRole
from openrecp.assessment.examples import example_assessment
from openrecp.balances.closure import ClosureState
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import LANGUAGES, render

STREAM: dict[str, Any] = {"number": "W1", "name": "Rinse", "generation": "10 m³/month"}


def stream(costs: list[dict[str, Any]] | None = None, **fields: Any) -> tuple[Evaluation, Any]:
    """The evaluation of one stream, and its result."""
    given = [{"stream": "W1", **cost} for cost in costs or []]
    evaluation = evaluate(plant(waste_streams=[{**STREAM, **fields}], waste_costs=given))
    return evaluation, evaluation.streams[0]


@pytest.mark.parametrize(
    ("entered", "value", "unit"),
    [
        ("1.5 公噸/月", 18, "t/yr"),
        ("20 kg/month", 240, "kg/yr"),
        ("200 kg/month", Decimal("2.4"), "t/yr"),
        ("1 m³/d", 365, "m³/yr"),
        ("0.5 L/yr", Decimal("0.5"), "L/yr"),
        ("3 piece/month", 36, "piece/yr"),
    ],
)
def test_amounts_are_shown_a_year_in_a_unit_people_read(entered: str, value: Any, unit: str) -> None:
    _, result = stream(generation=entered)
    assert (result.generation.value, result.generation.unit) == (value, unit)


def test_a_converted_amount_shows_what_was_entered_and_where() -> None:
    _, result = stream(generation_basis="measured")
    entered = result.generation.inputs[0]
    assert (entered.value, entered.unit, entered.basis) == (10, "m³/month", Basis.MEASURED)
    assert entered.source == Where(path="waste_streams[W1].generation")


@pytest.mark.parametrize("entered", ["3 t", "3 blob/yr", "5 m³"])
def test_an_amount_that_cannot_be_read_is_no_number_and_says_why(entered: str) -> None:
    _, result = stream(generation=entered)
    assert result.generation.value is None
    assert render(result.generation.reason, "en")


def test_price_times_amount_is_exact_in_cents() -> None:
    _, result = stream([{"element": "disposal", "price": "0.115 USD/L"}])
    # 10 m³ a month are 120,000 L a year.
    assert result.management_cost.value == 13800
    _, small = stream([{"element": "tax", "price": "0.1 USD/kg", "amount": "0.25 kg/yr"}])
    assert small.management_cost.value == Decimal("0.03")


def test_elements_add_up_without_a_float_in_between() -> None:
    costs = [{"element": "other", "cost": "0.1 USD"} for _ in range(10)]
    _, result = stream(costs)
    assert result.management_cost.value == 1
    assert len(result.management_cost.inputs) == 10


def test_the_cost_entered_goes_before_the_sum_and_a_difference_is_said() -> None:
    evaluation, result = stream([{"element": "disposal", "cost": "500 USD"}], management_cost="400 USD")
    assert result.management_cost.value == 400
    issue = finding(evaluation, "cost-differs")
    assert (issue.values["sum"], issue.values["entered"]) == (500, 400)
    agreed, _ = stream([{"element": "disposal", "cost": "401 USD"}], management_cost="400 USD")
    assert "cost-differs" not in codes(agreed)


def test_a_bill_and_its_price_that_disagree_are_pointed_out() -> None:
    evaluation, result = stream([{"element": "disposal", "price": "10 USD/m³", "cost": "2000 USD"}])
    assert result.management_cost.value == 2000
    assert finding(evaluation, "cost-differs").where.path == "waste_costs[#1].cost"


def test_a_price_per_mass_of_a_volume_is_not_guessed() -> None:
    evaluation, result = stream([{"element": "disposal", "price": "10 USD/t"}])
    assert result.management_cost.value is None
    assert "the price is per t" in render(finding(evaluation, "cost-unknown"), "en")


def test_shares_and_totals_fit_the_streams() -> None:
    evaluation = evaluate(example_assessment("small-plant", "en"))
    total = evaluation.stream_totals.total_cost
    assert sum(Decimal(each.total_cost.value or 0) for each in evaluation.streams) == total.value
    assert sum(float(each.share.value or 0) for each in evaluation.streams) == pytest.approx(100)


def test_amounts_of_different_kinds_are_never_added() -> None:
    evaluation = evaluate(
        plant(
            waste_streams=[
                {"number": "W1", "name": "a", "generation": "500 kg/yr"},
                {"number": "W2", "name": "b", "generation": "1.5 t/yr"},
                {"number": "W3", "name": "c", "generation": "7 m³/yr"},
            ]
        )
    )
    totals = [(figure.value, figure.unit) for figure in evaluation.stream_totals.generation]
    assert totals == [(2, "t/yr"), (7, "m³/yr")]


RATED: dict[str, Any] = {
    # 工業減廢評估, appendix 7: three options rated by four criteria give 166, 122 and 169.
    "options": [{"number": name, "name": f"Option {name}"} for name in "XYZ"],
    "option_criteria": [
        {"number": "reduce-treatment-cost", "weight": 10},
        {"number": "C2", "name": "Less safety hazard", "weight": 8},
        {"number": "reduce-liability", "weight": 7},
        {"number": "ease", "weight": 5},
    ],
    "option_ratings": [
        {"criterion": criterion, "subject": subject, "rating": rating}
        for subject, ratings in {"X": (8, 6, 4, 2), "Y": (6, 3, 4, 2), "Z": (3, 8, 5, 8)}.items()
        for criterion, rating in zip(
            ("reduce-treatment-cost", "C2", "reduce-liability", "ease"), ratings, strict=True
        )
    ],
}


def test_the_weighted_sums_of_appendix_7() -> None:
    ranking = evaluate(plant(**RATED)).option_ranking
    assert [(each.number, each.score.value, each.rank) for each in ranking.standings] == [
        ("Z", 169, 1),
        ("X", 166, 2),
        ("Y", 122, 3),
    ]
    assert ranking.shortlist == ("Z", "X")
    assert ranking.standings[1].close


def test_scores_show_their_criteria_by_name() -> None:
    ranking = evaluate(plant(**RATED)).option_ranking
    names = [render(part.name, "en") for part in ranking.standings[0].score.inputs]
    assert names == [
        "Reduction of treatment and disposal cost",
        "Less safety hazard",
        "Reduction of liability and insurance cost",
        "Ease of implementation",
    ]
    assert sum(float(part.value or 0) for part in ranking.standings[0].score.inputs) == 169


def test_the_order_says_which_weight_would_turn_it() -> None:
    ranking = evaluate(plant(**RATED)).option_ranking
    # X would catch up at a weight of 10.6 for treatment cost, which is off the scale.
    cost = next(each.sensitivity for each in ranking.criteria if each.number == "reduce-treatment-cost")
    assert cost is not None
    assert cost.first_up is None
    ease = next(each.sensitivity for each in ranking.criteria if each.number == "ease")
    assert ease is not None
    assert ease.first_down is not None
    # Z leads by 3 points and by 6 for each point of the weight of ease: at 4.5 both are level.
    assert ease.first_down.weight == 4.5
    assert ease.first_down.first_beyond == ("X",)
    words = " ".join(render(each, "en") for each in ranking.findings)
    assert "X come so close to the first" in words
    assert "below 4.5 (now 5) X would be first" in words


def test_equal_scores_share_a_rank() -> None:
    ratings = [{"criterion": "cost", "subject": name, "rating": 5} for name in ("W1", "W2")]
    evaluation = evaluate(
        plant(
            waste_streams=[STREAM, {**STREAM, "number": "W2"}],
            stream_criteria=[{"number": "cost", "weight": 3}],
            stream_ratings=ratings,
        )
    )
    assert [(each.rank, each.tied) for each in evaluation.stream_ranking.standings] == [
        (1, ("W2",)),
        (1, ("W1",)),
    ]
    assert "same score" in render(evaluation.stream_ranking.findings[0], "en")


def test_missing_ratings_and_weights_are_findings_and_never_zeros() -> None:
    ratings = [
        each for each in RATED["option_ratings"] if (each["criterion"], each["subject"]) != ("ease", "Z")
    ]
    criteria = [*RATED["option_criteria"][:3], {"number": "ease", "weight": 5}, {"number": "low-capital"}]
    evaluation = evaluate(plant(**{**RATED, "option_ratings": ratings, "option_criteria": criteria}))
    unranked = evaluation.option_ranking.of("Z")
    assert unranked is not None
    assert (unranked.rank, unranked.score.value) == (None, None)
    assert finding(evaluation, "rating-missing").values["subject"] == "Z"
    assert finding(evaluation, "weight-missing").where.path == "option_criteria[low-capital].weight"


def test_the_budget_may_be_left_out() -> None:
    stream_part = {
        "waste_streams": [STREAM],
        "stream_ratings": [{"criterion": "cost", "subject": "W1", "rating": 5}],
        "stream_criteria": [{"number": "cost", "weight": 3}, {"number": "budget"}],
    }
    evaluation = evaluate(plant(**stream_part))
    assert "weight-missing" not in codes(evaluation)
    assert [each.number for each in evaluation.stream_ranking.criteria] == ["cost"]


def test_criteria_without_any_rating_rank_nothing() -> None:
    evaluation = evaluate(plant(waste_streams=[STREAM], stream_criteria=[{"number": "cost", "weight": 3}]))
    assert not evaluation.stream_ranking.standings
    assert "ranking-not-begun" in codes(evaluation)


def test_streams_come_in_rank_order_and_then_by_cost() -> None:
    streams = [
        {"number": f"W{n}", "name": "s", "generation": "1 t/yr", "management_cost": f"{n}00 USD"}
        for n in (1, 2, 3)
    ]
    assert [each.number for each in evaluate(plant(waste_streams=streams)).streams] == ["W3", "W2", "W1"]
    ranked = evaluate(
        plant(
            waste_streams=streams,
            stream_criteria=[{"number": "cost", "weight": 1}],
            stream_ratings=[{"criterion": "cost", "subject": "W1", "rating": 9}],
        )
    )
    assert [each.number for each in ranked.streams] == ["W1", "W3", "W2"]


BALANCE: dict[str, Any] = {
    "processes": [{"number": "P1", "name": "Degreasing"}],
    "input_materials": [
        {
            "number": "M1",
            "name": "Solvent",
            "process": "P1",
            "consumption": "1000 L/yr",
            "density": "1.3 kg/L",
        }
    ],
    "waste_streams": [{"number": "W1", "name": "Spent solvent", "process": "P1", "generation": "0.78 t/yr"}],
}


def closures(**collections: Any) -> list[BalanceClosure]:
    """The balances of a small plant."""
    return list(evaluate(plant(**{**BALANCE, **collections})).closures)


def number(figure: Figure) -> float:
    """The value of a figure that has one."""
    assert figure.value is not None
    return float(figure.value)


def test_volumes_with_a_density_enter_a_balance_of_mass() -> None:
    (closure,) = closures()
    assert closure.inputs.unit == "t/yr"
    assert number(closure.inputs) == pytest.approx(1.3)
    assert number(closure.unaccounted) == pytest.approx(0.52)
    assert number(closure.share) == pytest.approx(40.0)
    assert closure.state is ClosureState.GAP
    assert {flow.role for flow in closure.flows} == {FlowRole.INPUT, FlowRole.WASTE}


def test_a_gap_is_a_finding_at_its_process() -> None:
    issue = finding(evaluate(plant(**BALANCE)), "balance-gap")
    assert issue.where.path == "processes[P1]"
    assert "Degreasing, in total" in render(issue, "en")


def test_evaporation_that_is_listed_closes_the_balance() -> None:
    (closure,) = closures(
        flows=[{"process": "P1", "direction": "out", "description": "vapour", "amount": "520 kg/yr"}]
    )
    assert closure.state is ClosureState.WITHIN


def test_volumes_alone_are_balanced_as_volumes() -> None:
    (closure,) = closures(
        input_materials=[{"number": "M1", "name": "Water", "consumption": "100 m³/yr"}],
        waste_streams=[{"number": "W1", "name": "Wastewater", "generation": "8 m³/month"}],
    )
    assert (closure.inputs.unit, closure.state) == ("m³/yr", ClosureState.WITHIN)
    assert number(closure.share) == pytest.approx(4.0)


def test_what_cannot_be_weighed_keeps_the_balance_open() -> None:
    materials = [{"number": "M1", "name": "Water", "consumption": "100 m³/yr"}]
    evaluation = evaluate(plant(**{**BALANCE, "input_materials": materials}))
    (closure,) = evaluation.closures
    assert closure.state is ClosureState.OPEN
    assert closure.unaccounted.value is None
    assert "enter the density" in render(closure.left_out[0], "en")
    assert "balance-open" in codes(evaluation)


def test_pieces_have_no_mass() -> None:
    (closure,) = closures(products=[{"number": "PR1", "name": "Parts", "production": "5000 piece/yr"}])
    assert "in piece/yr has no mass" in render(closure.left_out[0], "en")


def test_electricity_is_no_matter() -> None:
    power = {"number": "M2", "name": "Electricity", "process": "P1", "consumption": "9000 kWh/yr"}
    (closure,) = closures(input_materials=[*BALANCE["input_materials"], power])
    assert not closure.left_out
    assert number(closure.inputs) == pytest.approx(1.3)


def test_a_component_is_followed_through_its_shares() -> None:
    # 500 kg of nickel salt with 22 % nickel against sludge with 5 %: 110 kg in, 60 kg out.
    found = closures(
        input_materials=[
            {
                "number": "M1",
                "name": "Salt",
                "consumption": "500 kg/yr",
                "component": "Nickel",
                "component_share": 22,
            }
        ],
        waste_streams=[
            {
                "number": "W1",
                "name": "Sludge",
                "generation": "1.2 t/yr",
                "component": " nickel ",
                "component_share": 5,
            }
        ],
    )
    nickel = next(each for each in found if each.component)
    assert (nickel.component, nickel.inputs.unit) == ("Nickel", "kg/yr")
    assert (number(nickel.inputs), number(nickel.outputs)) == (110, 60)
    assert "not conserved" in render(nickel.notes[-1], "en")


def test_a_material_named_like_a_component_is_all_of_it() -> None:
    found = closures(
        waste_streams=[
            {
                "number": "W1",
                "name": "Still bottoms",
                "generation": "780 kg/yr",
                "component": "Solvent",
                "component_share": 50,
            }
        ],
        flows=[{"process": "P1", "direction": "out", "material": "Solvent", "amount": "0.91 t/yr"}],
    )
    solvent = next(each for each in found if each.component)
    assert number(solvent.inputs) == pytest.approx(1.3)
    assert number(solvent.outputs) == pytest.approx(1.3)
    assert solvent.state is ClosureState.WITHIN


def test_a_share_that_is_not_given_is_not_guessed() -> None:
    found = closures(
        waste_streams=[
            {
                "number": "W1",
                "name": "a",
                "generation": "500 kg/yr",
                "component": "Solvent",
                "component_share": 50,
            },
            {"number": "W2", "name": "b", "generation": "500 kg/yr", "component": "Solvent"},
        ],
    )
    solvent = next(each for each in found if each.component)
    assert solvent.state is ClosureState.OPEN
    assert "the share of Solvent in it is not given" in render(solvent.left_out[0], "en")


TWO: dict[str, Any] = {
    "processes": [{"number": "P1", "name": "One"}, {"number": "P2", "name": "Two"}],
    "input_materials": [{"number": "M1", "name": "Ore", "process": "P1", "consumption": "100 t/yr"}],
    "products": [{"number": "PR1", "name": "Metal", "process": "P2", "production": "60 t/yr"}],
    "waste_streams": [{"number": "W1", "name": "Slag", "process": "P1", "generation": "30 t/yr"}],
    "flows": [
        {"process": "P1", "direction": "out", "material": "Melt", "amount": "68 t/yr"},
        {"process": "P2", "direction": "in", "material": "melt", "amount": "68 t/yr"},
    ],
}


def test_flows_between_processes_cancel_over_the_whole_area() -> None:
    found = {render(each.process_name, "en"): each for each in closures(**TWO) if each.component is None}
    assert list(found) == ["One", "Two", "Assessed area"]
    assert number(found["One"].unaccounted) == pytest.approx(2)
    assert number(found["Two"].unaccounted) == pytest.approx(8)
    assert number(found["Assessed area"].inputs) == pytest.approx(100)
    assert number(found["Assessed area"].unaccounted) == pytest.approx(10)


def test_the_whole_area_is_left_out_where_its_border_is_not_known() -> None:
    found = closures(**{**TWO, "flows": TWO["flows"][:1]})
    assert "Assessed area" not in {render(each.process_name, "en") for each in found}


def test_flows_without_a_process_are_named() -> None:
    materials = [*TWO["input_materials"], {"number": "M2", "name": "Air", "consumption": "1 t/yr"}]
    evaluation = evaluate(plant(**{**TWO, "input_materials": materials}))
    assert finding(evaluation, "flows-without-process").values["flows"] == ["M2"]


def shapes(data: Any) -> Any:
    """The keys of plain data, without its values."""
    if isinstance(data, dict):
        return {key: shapes(value) for key, value in data.items()}
    return [shapes(value) for value in data] if isinstance(data, list) else None


@pytest.mark.parametrize("name", ["metal-finishing", "small-plant"])
def test_plain_data_has_the_same_codes_and_numbers_in_both_languages(name: str) -> None:
    one, other = (evaluation_json(evaluate(example_assessment(name, each)), each) for each in LANGUAGES)
    assert json.loads(json.dumps(one, allow_nan=False)) == one
    assert shapes(one["options"]) == shapes(other["options"])
    for key in ("fates", "plan"):
        assert shapes(one[key]) == shapes(other[key])
    assert one["fates"] == other["fates"]
    assert [each["code"] for each in one["issues"]] == [each["code"] for each in other["issues"]]
    assert one["selected"]["npv"] == other["selected"]["npv"]
    assert one["issues"] != other["issues"]


def test_plain_data_holds_what_the_manual_prints() -> None:
    data = evaluation_json(plating(), "en")
    tray = data["options"][0]
    assert (tray["number"], tray["fate"]) == ("O1", "recommended")
    assert tray["economics"]["capital"]["value"] == 5000
    assert round(tray["economics"]["payback"]["value"], 2) == 0.35
    assert data["fates"]["immediate"] == ["O4"]
    assert next(iter(tray["economics"])) == "payback"
    letters = [line["letter"] for line in tray["economics"]["cash_flow"]["lines"] if line["letter"]]
    assert letters == list("ABCDEFGHIJKLMNOPQ")


def test_plain_data_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    data = evaluation_json(evaluate(example_assessment("metal-finishing", "en")), "en")
    missing = [key for key in data if f"`{key}`" not in page]
    option = data["options"][3]
    missing += [key for key in (*option, *option["economics"]) if f"`{key}`" not in page]
    missing += [key for key in data["selected"] if f"`{key}`" not in page]
    assert not missing


def test_every_code_of_a_finding_is_described() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "json.md").read_text(encoding="utf-8")
    source = root / "src" / "openrecp" / "assessment" / "evaluation"
    found = {
        code
        for path in source.glob("*.py")
        for code in re.findall(r"problem\(\s*\"([a-z-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert len(found) > 40
    assert sorted(code for code in found if f"`{code}`" not in page) == []


def test_the_same_document_gives_the_same_evaluation() -> None:
    assessment = example_assessment("metal-finishing", "en")
    assert evaluation_json(evaluate(assessment), "en") == evaluation_json(evaluate(assessment), "en")

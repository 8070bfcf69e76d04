"""Options: their fate and why, their economics, the chosen set, the plan and what was achieved."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_sample import PLATING, codes, finding, option_of, plant, plating

from openrecp.assessment.evaluation import Fate, evaluate
from openrecp.assessment.evaluation.cost_figures import operating_class
from openrecp.assessment.evaluation.option_results import Answer
from openrecp.assessment.examples import example_assessment
from openrecp.assessment.worksheets.costs import CapitalPart, OperatingItem
from openrecp.economics.conventions import EPA_1988, Mode
from openrecp.economics.operating import OperatingClass
from openrecp.economics.profitability import net_present_value
from openrecp.figures import Basis, show
from openrecp.texts import LANGUAGES, render

ROI: dict[str, Any] = {
    "options": [{"number": "O1", "name": "Tray", "streams": ["W1"]}],
    "waste_streams": [
        {"number": "W1", "name": "Rinse", "generation": "3 t/yr", "management_cost": "9000 USD"}
    ],
    "option_descriptions": [{"option": "O1", "description": "Tray", "hierarchy": "technology"}],
    "technical_feasibility": [{"option": "O1", "nature": ["equipment"], "feasible": True}],
    "capital_costs": [{"option": "O1", "item": "equipment", "amount": "1000 USD"}],
    "operating_changes": [{"option": "O1", "item": "waste-treatment", "gain": "800 USD"}],
}


def fate(**changes: Any) -> tuple[Fate, str]:
    """Fate and reasons of the one option, with collections replaced."""
    option = option_of(evaluate(plant(**{**ROI, **changes})), "O1")
    return option.fate, " ".join(render(reason, "en") for reason in option.reasons)


@pytest.mark.parametrize(
    ("number", "capital", "saving", "payback"),
    [("O1", 5000, 14300, 0.35), ("O2", 11700, 11250, 1.04), ("O3", 70625, 8750, 8.07)],
)
def test_paybacks_of_appendix_3(number: str, capital: int, saving: int, payback: float) -> None:
    economics = option_of(plating(), number).economics
    assert economics is not None
    assert (economics.capital.value, economics.net_saving.value) == (capital, saving)
    assert round(float(economics.payback.value or 0), 2) == payback


def test_fates_of_appendix_3() -> None:
    evaluation = plating()
    assert [(option.number, option.fate) for option in evaluation.options] == [
        ("O1", Fate.RECOMMENDED),
        ("O2", Fate.RECOMMENDED),
        ("O3", Fate.NOT_RECOMMENDED),
        ("O4", Fate.IMMEDIATE),
    ]
    assert [option.number for option in evaluation.immediate] == ["O4"]
    assert list(evaluation.options_by_fate) == [Fate.IMMEDIATE, Fate.RECOMMENDED, Fate.NOT_RECOMMENDED]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_in_plant_comes_out_as_in_the_manual(language: Any) -> None:
    evaluation = evaluate(example_assessment("metal-finishing", language))
    fates = {option.number: option.fate for option in evaluation.options}
    assert (fates["O4"], fates["O6"]) == (Fate.RECOMMENDED, Fate.RECOMMENDED)
    assert (fates["O11"], fates["O13"]) == (Fate.NOT_RECOMMENDED, Fate.IMMEDIATE)
    paybacks = [option_of(evaluation, number).economics for number in ("O4", "O6", "O11")]
    assert [show(each.payback, "en", 2) for each in paybacks if each] == ["0.35 yr", "1.04 yr", "8.07 yr"]


def test_a_contained_option_is_counted_once() -> None:
    evaluation = plating()
    selected = evaluation.selected
    assert selected is not None
    assert selected.options == ("O2",)
    assert [left.number for left in selected.left_out] == ["O1", "O4"]
    assert selected.capital.value == 11700
    assert option_of(evaluation, "O1").contained_in == "O2"


def test_an_option_worth_less_than_its_part_is_pointed_out() -> None:
    # Appendix 3 takes deionised water although tray and water return less together than the tray alone.
    issue = finding(plating(), "part-worth-more")
    assert (issue.values["option"], issue.values["part"]) == ("O2", "O1")
    assert issue.values["whole"] < issue.values["alone"]


def test_of_alternatives_only_the_better_is_chosen() -> None:
    descriptions = [
        {"option": "O1", "description": "Trays", "hierarchy": "technology", "alternative_to": ["O2"]},
        {"option": "O2", "description": "Ion exchange", "hierarchy": "input"},
    ]
    evaluation = plating(option_descriptions=descriptions)
    assert option_of(evaluation, "O1").fate is Fate.RECOMMENDED
    assert option_of(evaluation, "O2").fate is Fate.NOT_RECOMMENDED
    assert "Only one of O2 and O1" in render(option_of(evaluation, "O2").reasons[0], "en")


def test_what_the_law_requires_wins_over_a_better_alternative_and_the_reason_is_the_law() -> None:
    evaluation = plating(
        option_descriptions=[
            {"option": "O1", "description": "Trays", "hierarchy": "technology", "alternative_to": ["O3"]},
            {"option": "O3", "description": "Sprays", "hierarchy": "technology"},
        ],
        option_terms=[{"option": "O3", "required_by_law": True, "law": "Permit 7"}],
    )
    assert option_of(evaluation, "O3").fate is Fate.REQUIRED
    loser = option_of(evaluation, "O1")
    assert loser.fate is Fate.NOT_RECOMMENDED
    assert (
        render(loser.reasons[0], "en")
        == "Only one of O1 and O3 can be carried out, and O3 is required by law."
    )
    missing = [issue.values["option"] for issue in evaluation.issues if issue.code == "project-missing"]
    assert missing == ["O2", "O3"]


def test_savings_on_the_same_stream_may_overlap() -> None:
    evaluation = plating(option_descriptions=[{"option": "O1", "description": "x", "hierarchy": "practice"}])
    assert evaluation.selected is not None
    assert evaluation.selected.options == ("O1", "O2")
    assert "O1, O2 all reduce W1" in render(evaluation.selected.cautions[0], "en")
    assert "savings-may-overlap" in codes(evaluation)


def test_the_set_is_the_sum_of_the_cash_flows() -> None:
    evaluation = plating(
        option_descriptions=[{"option": "O1", "description": "x", "hierarchy": "practice"}],
        option_terms=[{"option": "O2", "life": 5}],
    )
    selected = evaluation.selected
    assert selected is not None
    parts = [option_of(evaluation, number).economics for number in selected.options]
    npv = sum(float(each.npv.value or 0) for each in parts if each is not None)
    assert selected.npv.value == pytest.approx(npv)
    assert selected.npv.value == pytest.approx(net_present_value(0.15, selected.cash))
    assert selected.cumulative_present_value[-1] == pytest.approx(npv)
    assert selected.years == tuple(range(9))
    assert any("last 5, 8 years" in render(caution, "en") for caution in selected.cautions)


def test_cases_stand_in_the_order_best_base_worst() -> None:
    selected = plating().selected
    assert selected is not None
    values = [float(case.npv.value or 0) for case in selected.cases]
    assert values == sorted(values, reverse=True)
    assert selected.cases[1].npv.value == pytest.approx(selected.npv.value)


def test_the_law_overrides_profit_and_the_plant() -> None:
    found, reasons = fate(
        capital_costs=[{"option": "O1", "item": "equipment", "amount": "90000 USD"}],
        option_terms=[{"option": "O1", "required_by_law": True, "law": "Water Act, art. 7"}],
    )
    assert found is Fate.REQUIRED
    assert reasons.startswith("Required by law (Water Act, art. 7)")
    assert "exceeds the owner's 4" in reasons


def test_a_law_without_its_name_is_asked_for() -> None:
    evaluation = evaluate(plant(**{**ROI, "option_terms": [{"option": "O1", "required_by_law": True}]}))
    assert option_of(evaluation, "O1").fate is Fate.REQUIRED
    assert "law-missing" in codes(evaluation)


def test_the_law_overrides_the_team_and_says_both() -> None:
    changes: dict[str, Any] = {
        "option_descriptions": [
            {"option": "O1", "description": "d", "accepted": False, "decision_reason": "too dear"}
        ],
        "option_terms": [{"option": "O1", "required_by_law": True}],
    }
    found, why = fate(**changes)
    assert found is Fate.REQUIRED
    assert "too dear" in why
    assert "The law leaves no choice" in why
    assert {"law-missing", "project-missing"} <= set(codes(evaluate(plant(**{**ROI, **changes}))))


def test_what_the_team_dropped_stays_dropped_with_its_reason() -> None:
    description = {"option": "O1", "description": "x", "accepted": False, "decision_reason": "too far off"}
    assert fate(option_descriptions=[description]) == (
        Fate.DROPPED,
        "The team did not take it up: too far off",
    )


def test_what_is_not_feasible_is_dropped() -> None:
    record = {"option": "O1", "nature": ["equipment"], "feasible": False, "rationale": "no room"}
    assert fate(technical_feasibility=[record]) == (Fate.DROPPED, "Technically not feasible: no room")


def test_a_refused_project_is_not_for_now() -> None:
    found, reasons = fate(projects=[{"option": "O1", "approved": False, "refusal_reason": "next year"}])
    assert found is Fate.NOT_RECOMMENDED
    assert reasons.startswith("The project was not approved: next year")
    assert "A payback of 1.25 years" in reasons


def test_moving_the_pollutant_elsewhere_is_not_recommended_as_it_stands() -> None:
    description = {"option": "O1", "description": "x", "hierarchy": "technology", "moves_medium": True}
    found, reasons = fate(option_descriptions=[description])
    assert found is Fate.FURTHER_STUDY
    assert "moves the pollutant to another medium" in reasons


def test_what_pays_but_was_never_looked_at_technically_is_studied_further() -> None:
    found, reasons = fate(technical_feasibility=[])
    assert found is Fate.FURTHER_STUDY
    assert "worksheet 13" in reasons


def test_a_simplified_assessment_has_no_worksheet_13_to_miss() -> None:
    evaluation = evaluate(plant(simplified=True, **{**ROI, "technical_feasibility": []}))
    assert option_of(evaluation, "O1").fate is Fate.RECOMMENDED
    assert "technical-missing" not in codes(evaluation)


def test_nothing_entered_is_nothing_evaluated() -> None:
    found, reasons = fate(
        capital_costs=[], operating_changes=[], option_screenings=[{"option": "O1", "timely": False}]
    )
    assert found is Fate.NOT_EVALUATED
    assert "Screening question 4 is answered with no" in reasons


def test_capital_that_is_not_entered_is_not_taken_for_nothing() -> None:
    found, reasons = fate(capital_costs=[])
    assert found is Fate.FURTHER_STUDY
    assert "the capital is not known" in reasons


def test_a_change_of_practice_without_capital_is_done_at_once_and_the_assumption_shown() -> None:
    description = {"option": "O1", "description": "x", "hierarchy": "practice"}
    evaluation = evaluate(plant(**{**ROI, "capital_costs": [], "option_descriptions": [description]}))
    option = option_of(evaluation, "O1")
    assert option.fate is Fate.IMMEDIATE
    assert "capital-missing" in codes(evaluation)
    assert option.economics is not None
    assert option.economics.payback.value == 0.0


def test_no_capital_but_a_loss_every_year_is_no_reason_to_hurry() -> None:
    found, _ = fate(
        capital_costs=[{"option": "O1", "item": "other", "amount": "0 USD"}],
        operating_changes=[{"option": "O1", "item": "labour", "expense": "100 USD"}],
    )
    assert found is Fate.NOT_RECOMMENDED


def test_capital_alone_gives_no_payback_and_says_why() -> None:
    economics = option_of(evaluate(plant(**{**ROI, "operating_changes": []})), "O1").economics
    assert economics is not None
    assert economics.payback.value is None
    assert render(economics.payback.reason, "en") == "no yearly saving or cost is entered in worksheet 14"


def test_terms_nobody_entered_are_named_as_assumptions() -> None:
    evaluation = evaluate(plant(**ROI))
    assumed = {each.key: each.figure.value for each in evaluation.assumptions}
    assert (assumed["discount-rate"], assumed["maximum-payback"], assumed["minimum-irr"]) == (15, 4, 15)
    assert (assumed["tax-rate"], assumed["life"]) == (0, 8)
    assert all(each.figure.source is not None for each in evaluation.assumptions)
    assert {"terms-assumed", "before-tax"} <= set(codes(evaluation))


def test_a_tax_without_a_method_assumes_the_straight_line_and_says_so() -> None:
    issue = finding(evaluate(plant(**{**ROI, "financial_terms": {"tax_rate": 20}})), "terms-assumed")
    assert "straight-line depreciation" in render(issue, "en")


def test_entered_terms_are_no_assumptions_and_lead_to_their_field() -> None:
    evaluation = plating()
    rate = next(each for each in evaluation.parameters if each.key == "discount-rate")
    assert not rate.assumed
    assert rate.where.path == "financial_terms.discount_rate"
    assert rate.figure.basis is Basis.RECORDED


def test_the_lowest_irr_follows_the_discount_rate() -> None:
    evaluation = evaluate(plant(**{**ROI, "financial_terms": {"discount_rate": 8}}))
    assert next(each for each in evaluation.parameters if each.key == "minimum-irr").figure.value == 8


def test_an_incomplete_loan_is_counted_as_own_capital_and_said() -> None:
    evaluation = evaluate(plant(**{**ROI, "financial_terms": {"loan_share": 40}}))
    economics = option_of(evaluation, "O1").economics
    assert economics is not None
    assert economics.appraisal is not None
    assert economics.appraisal.project.financing.loans == ()
    assert codes(evaluation).count("loan-incomplete") == 2


def test_the_mode_reaches_every_cash_flow() -> None:
    evaluation = evaluate(plant(**PLATING), mode="epa-1988")
    assert evaluation.mode is Mode.EPA_1988
    economics = option_of(evaluation, "O3").economics
    assert economics is not None
    assert economics.appraisal is not None
    assert economics.appraisal.conventions == EPA_1988
    with pytest.raises(ValueError, match="epa-2000"):
        evaluate(plant(), mode="epa-2000")


def test_capital_and_annual_amounts_by_part_and_class_add_up() -> None:
    for option in plating().options:
        economics = option.economics
        assert economics is not None
        assert sum(float(part.amount.value or 0) for part in economics.capital_parts) == float(
            economics.capital.value or 0
        )
        if economics.net_saving.value is not None:
            assert sum(float(each.net.value or 0) for each in economics.annual) == float(
                economics.net_saving.value
            )


def test_every_operating_item_has_its_class() -> None:
    classes = {item: operating_class(item.value) for item in OperatingItem}
    assert set(classes.values()) == set(OperatingClass)
    assert classes[OperatingItem.UTILITY_STEAM] is OperatingClass.UTILITIES
    assert classes[OperatingItem.SUPERVISION] is OperatingClass.LABOUR


def test_working_capital_is_its_own_part_and_comes_back() -> None:
    evaluation = evaluate(
        plant(
            **{
                **ROI,
                "capital_costs": [
                    {"option": "O1", "item": "equipment", "amount": "1000 USD"},
                    {"option": "O1", "item": "working-capital", "amount": "200 USD"},
                ],
            }
        )
    )
    economics = option_of(evaluation, "O1").economics
    assert economics is not None
    assert [part.part for part in economics.capital_parts] == [
        CapitalPart.EQUIPMENT,
        CapitalPart.WORKING_CAPITAL,
    ]
    assert economics.appraisal is not None
    assert economics.appraisal.cash_flow.salvage[-1] == 200.0


def test_seven_questions_are_answered_or_not_known() -> None:
    screening = option_of(plating(), "O4").screening
    assert [answer.answer for answer in screening.answers] == [
        Answer.YES,
        Answer.UNKNOWN,
        Answer.YES,
        *[Answer.UNKNOWN] * 4,
    ]
    assert screening.answered == 2
    assert not screening.noes


def test_gaps_of_worksheet_13_follow_the_nature_of_the_option() -> None:
    def gaps(record: dict[str, Any], **more: Any) -> set[str]:
        base = {"option": "O1", "feasible": True}
        evaluation = evaluate(plant(**{**ROI, "technical_feasibility": [{**base, **record}], **more}))
        return {gap.code for gap in option_of(evaluation, "O1").technical.gaps}

    assert gaps({"nature": ["equipment"]}) == {
        "technical-unanswered",
        "reference-missing",
        "sign-off-missing",
        "downtime-missing",
    }
    assert "trial-missing" in gaps({"nature": ["materials"]})
    assert "reference-missing" not in gaps({"nature": ["procedure"]})
    vendor = [{"option": "O1", "company": "A plant", "reference": True}]
    assert "reference-missing" not in gaps({"nature": ["equipment"]}, vendors=vendor)
    trial = [{"option": "O1", "trial": "One tank"}]
    assert {"trial-open"} == gaps({"nature": ["materials"]}, trials=trial) & {"trial-open", "trial-missing"}
    refused = [{"option": "O1", "department": "safety", "agrees": False, "remarks": "mist"}]
    assert "sign-off-refused" in gaps({"nature": ["procedure"]}, sign_offs=refused)
    assert "new-problem-open" in gaps({"nature": ["procedure"], "new_problems": True})
    assert "technical-obstacle" in gaps({"nature": ["procedure"], "safe": False})


@pytest.mark.parametrize(
    "record",
    [{"safe": False}, {"new_problems": True}, {"feasible": None}],
)
def test_open_obstacles_keep_an_option_from_being_recommended(record: dict[str, Any]) -> None:
    found, _ = fate(
        technical_feasibility=[{"option": "O1", "nature": ["procedure"], "feasible": True, **record}]
    )
    assert found is Fate.FURTHER_STUDY


def test_saving_more_than_the_stream_costs_is_questioned() -> None:
    changes = [{"option": "O1", "item": "waste-treatment", "gain": "9001 USD"}]
    assert "saving-exceeds-cost" in codes(evaluate(plant(**{**ROI, "operating_changes": changes})))
    assert "saving-exceeds-cost" not in codes(evaluate(plant(**ROI)))


def test_the_plan_runs_from_the_earliest_project() -> None:
    evaluation = evaluate(
        plant(
            options=[{"number": "O1", "name": "A"}, {"number": "O2", "name": "B"}],
            projects=[{"option": "O1", "start": "2026-11-15"}, {"option": "O2", "start": "2027-02-01"}],
            plan_tasks=[
                {"option": "O1", "task": "Buy", "first_month": 1, "last_month": 3},
                {"option": "O2", "task": "Try", "first_month": 2, "last_month": 2},
                {"option": "O2", "task": "Turn back", "first_month": 3, "last_month": 1},
            ],
        )
    )
    spans = [(task.first_month, task.last_month, str(task.starts_on)) for task in evaluation.plan.tasks]
    assert spans == [(1, 3, "2026-11-01"), (5, 5, "2027-03-01"), (6, 6, "2027-04-01")]
    assert (str(evaluation.plan.start), evaluation.plan.months) == ("2026-11-01", 6)
    assert "task-reversed" in codes(evaluation)


PERFORMANCE: dict[str, Any] = {
    "options": [{"number": "O1", "name": "Tray"}],
    "waste_streams": [{"number": "W1", "name": "Sludge", "generation": "10 t/yr", "origins": ["cleaning"]}],
    "performance": [
        {
            "option": "O1",
            "baseline_production": "100 t",
            "planned_production": "100 t",
            "actual_production": "50 t",
            "basis": "measured",
        }
    ],
    "performance_lines": [
        {
            "option": "O1",
            "kind": "waste",
            "stream": "W1",
            "baseline": "10 t",
            "planned": "5 t",
            "actual": "6000 kg",
        }
    ],
}


def test_reduction_is_measured_per_unit_of_production() -> None:
    # Section 5.4: waste fell from 10 t to 6 t, but production halved, so each unit now makes more of it.
    result = evaluate(plant(**PERFORMANCE)).performance[0]
    line = result.lines[0]
    assert line.name == "Sludge"
    assert float(line.actual_rate.value or 0) == pytest.approx(0.12)
    assert line.actual_rate.unit == "t/t"
    assert line.actual_reduction.value == pytest.approx(-20.0)
    assert line.planned_reduction.value == pytest.approx(50.0)
    assert line.plain_reduction.value == pytest.approx(40.0)
    cautions = " ".join(render(caution, "en") for caution in result.cautions)
    assert "opposite directions" in cautions
    assert "does not arise with each unit made" in cautions
    assert "merely concentrated" in cautions


def test_falling_behind_the_plan_is_a_finding() -> None:
    issue = finding(evaluate(plant(**PERFORMANCE)), "behind-plan")
    assert (issue.values["actual"], issue.values["planned"]) == (-20.0, 50.0)


@pytest.mark.parametrize(
    ("production", "reason"),
    [
        (None, "the production is not given"),
        ("0 t", "nothing was produced"),
        ("3 piece", "the units of the periods do not fit each other"),
    ],
)
def test_what_cannot_be_compared_says_why(production: str | None, reason: str) -> None:
    record = {"option": "O1", "baseline_production": "100 t", "actual_production": production}
    line = evaluate(plant(**{**PERFORMANCE, "performance": [record]})).performance[0].lines[0]
    assert line.actual_reduction.value is None
    assert render(line.actual_reduction.reason, "en") == reason

"""Options beside one another: overlap on a stream, needs, alternatives, a budget, what a unit avoided costs."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from economics_plant import annuity, economics_of, works
from evaluation_sample import codes, finding, option_of

from openrecp.assessment.evaluation import Evaluation
from openrecp.assessment.evaluation.choosing_results import BudgetChoice
from openrecp.assessment.evaluation.option_results import Fate, SetEconomics
from openrecp.figures import Figure


def value(figure: Figure) -> float:
    assert figure.value is not None, figure.reason
    return float(figure.value)


def budget_of(evaluation: Evaluation) -> BudgetChoice:
    assert evaluation.choosing.budget is not None
    return evaluation.choosing.budget


def selected(evaluation: Evaluation) -> SetEconomics:
    assert evaluation.selected is not None
    return evaluation.selected


HALVES = {"O1": {"reduction": "40"}, "O2": {"reduction": "50"}}


def test_savings_on_the_same_stream_are_counted_once() -> None:
    # The whole stream costs 100,000: 40 % and then half of the rest are 70 %.
    evaluation = works({"O1": (50_000, 40_000), "O2": (50_000, 50_000)}, HALVES)
    (overlap,) = evaluation.choosing.overlaps
    assert overlap.stream == "W1"
    assert value(overlap.fraction) == pytest.approx(70)
    assert value(overlap.taken_off) == pytest.approx(20_000)
    assert sum(value(each.together) for each in overlap.savings) == pytest.approx(70_000)
    found = selected(evaluation)
    assert value(found.net_saving) == 70_000
    assert value(found.gains) == 70_000
    assert value(found.npv) == pytest.approx(70_000 * annuity(5) - 100_000)
    assert found.cash == pytest.approx((-100_000, *(70_000,) * 5))
    assert value(found.payback) == pytest.approx(100 / 70)
    assert found.cautions == ()
    assert "savings-may-overlap" not in codes(evaluation)
    for case in found.cases:
        assert case.npv.value is not None


def test_cases_of_the_set_count_overlap_once_too() -> None:
    evaluation = works({"O1": (50_000, 40_000), "O2": (50_000, 50_000)}, HALVES)
    best = selected(evaluation).cases[0]
    assert value(best.npv) == pytest.approx(1.2 * 70_000 * annuity(5) - 0.8 * 100_000)


@pytest.mark.parametrize(
    "descriptions", [{"O1": {"reduction": "40"}}, {}, {"O1": {"reduction": "40"}, "O2": {"reduction": "0"}}]
)
def test_what_is_not_known_is_cautioned_and_never_guessed(descriptions: dict[str, Any]) -> None:
    evaluation = works({"O1": (50_000, 40_000), "O2": (50_000, 50_000)}, descriptions)
    assert evaluation.choosing.overlaps == ()
    assert "overlaps" in evaluation.choosing.missing
    assert value(selected(evaluation).net_saving) == 90_000
    assert any("W1" in str(caution) for caution in selected(evaluation).cautions)
    assert "savings-may-overlap" in codes(evaluation)


def test_a_third_option_that_says_nothing_keeps_the_caution() -> None:
    evaluation = works({"O1": (50_000, 40_000), "O2": (50_000, 50_000), "O3": (1000, 900)}, HALVES)
    assert len(evaluation.choosing.overlaps) == 1
    assert any("O3" in str(caution) for caution in selected(evaluation).cautions)


def test_an_option_whose_saving_others_already_make_is_not_recommended() -> None:
    evaluation = works(
        {"O1": (100_000, 80_000), "O2": (50_000, 20_000)},
        {"O1": {"reduction": "80"}, "O2": {"reduction": "50"}},
    )
    assert [option_of(evaluation, number).fate for number in ("O1", "O2")] == [
        Fate.RECOMMENDED,
        Fate.NOT_RECOMMENDED,
    ]
    assert "already save" in str(option_of(evaluation, "O2").reasons[0])


@pytest.mark.parametrize("parts", [(95, 1), (30, 30, 30), (20, 50, 60, 70)])
def test_options_together_never_save_more_than_the_stream_costs(parts: tuple[int, ...]) -> None:
    """Each part is worth its share of one load; together they save 1 − Π (1 − part) of it."""
    load = 200_000
    numbered = {f"O{number}": part for number, part in enumerate(parts, 1)}
    evaluation = works(
        {number: (100, load * part // 100) for number, part in numbered.items()},
        {number: {"reduction": str(part)} for number, part in numbered.items()},
    )
    left = 1.0
    for number, part in numbered.items():
        if option_of(evaluation, number).selected:
            left *= 1 - part / 100
    if selected(evaluation).options:
        assert value(selected(evaluation).net_saving) == pytest.approx(load * (1 - left), rel=1e-3)


def test_what_needs_another_option_goes_with_it() -> None:
    needs = {"O2": {"requires": ["O1"]}}
    good = works({"O1": (1000, 900), "O2": (1000, 900)}, needs)
    assert option_of(good, "O2").fate is Fate.RECOMMENDED
    bad = works({"O1": (9000, 900), "O2": (1000, 900)}, needs)
    assert option_of(bad, "O2").fate is Fate.NOT_RECOMMENDED
    assert "O1" in str(option_of(bad, "O2").reasons[0])
    law = works(
        {"O1": (9000, 900), "O2": (1000, 900)},
        needs,
        option_terms=[{"option": "O2", "required_by_law": True, "law": "Act 1"}],
    )
    assert option_of(law, "O2").fate is Fate.REQUIRED
    assert any("needs" in str(reason) for reason in option_of(law, "O2").reasons)
    inside = works(
        {"O1": (100, 90), "O2": (1000, 900), "O3": (1000, 900)}, {"O3": {"contains": ["O1"]}, **needs}
    )
    assert option_of(inside, "O2").fate is Fate.RECOMMENDED


def test_without_a_budget_nothing_is_chosen_and_the_reason_is_said() -> None:
    found = works({"O1": (1000, 900)}).choosing
    assert found.budget is None
    assert "no capital budget" in str(found.missing["budget"])


def test_a_budget_that_carries_everything_changes_nothing() -> None:
    evaluation = works({"O1": (1000, 900), "O2": (0, 10)}, terms={"capital_budget": "5000 USD"})
    found = budget_of(evaluation)
    assert found.chosen == ("O1", "O2")
    assert found.not_chosen == ()
    assert value(found.unspent) == 4000
    assert found.with_more is None
    assert "every option" in str(found.sentence)


FOUR = {"O1": (60_000, 40_000), "O2": (50_000, 33_000), "O3": (40_000, 27_000), "O4": (30_000, 9_000)}


@pytest.mark.parametrize("budget", [30_000, 60_000, 90_000, 100_000, 149_000, 200_000])
def test_the_set_under_a_budget_is_the_best_of_all_sets(budget: int) -> None:
    evaluation = works(FOUR, terms={"capital_budget": f"{budget} USD"})
    npv = {number: saving * annuity(5) - capital for number, (capital, saving) in FOUR.items()}
    sets = [
        (sum(npv[each] for each in some), some)
        for size in range(5)
        for some in combinations(FOUR, size)
        if sum(FOUR[each][0] for each in some) <= budget
    ]
    best, chosen = max(sets)
    found = budget_of(evaluation)
    assert found.chosen == chosen
    assert value(found.npv) == pytest.approx(best)
    assert found.proven
    assert value(found.gap) == 0
    assert selected(evaluation).options == chosen
    left = [each.number for each in found.not_chosen]
    assert all(option_of(evaluation, number).fate is Fate.NOT_RECOMMENDED for number in left)
    assert sorted([*chosen, *left]) == sorted(FOUR)


def test_a_little_more_money_shows_the_next_better_set() -> None:
    evaluation = works(FOUR, terms={"capital_budget": "90000 USD"})
    more = budget_of(evaluation).with_more
    assert more is not None
    assert more.chosen == ("O1", "O3")
    assert value(more.budget) == 100_000
    assert (more.added, more.dropped) == (("O1",), ("O2",))
    assert value(more.gain) == pytest.approx(7000 * annuity(5) - 10_000)


def test_the_law_comes_first_and_may_be_too_dear() -> None:
    law = [{"option": "O4", "required_by_law": True, "law": "Act 1"}]
    evaluation = works(FOUR, terms={"capital_budget": "90000 USD"}, option_terms=law)
    assert budget_of(evaluation).chosen == ("O1", "O4")
    short = works(FOUR, terms={"capital_budget": "20000 USD"}, option_terms=law)
    found = budget_of(short)
    assert found.chosen == ()
    assert found.npv.value is None
    assert option_of(short, "O4").fate is Fate.REQUIRED
    assert "financial_terms.capital_budget" in {issue.where.path for issue in short.issues}


def test_alternatives_are_chosen_by_what_the_budget_allows() -> None:
    options = {"O1": (100_000, 60_000), "O2": (30_000, 20_000), "O3": (20_000, 12_000)}
    rivals = {"O1": {"alternative_to": ["O2"]}}
    rich = works(options, rivals, terms={"capital_budget": "150000 USD"})
    poor = works(options, rivals, terms={"capital_budget": "60000 USD"})
    assert budget_of(rich).chosen == ("O1", "O3")
    assert budget_of(poor).chosen == ("O2", "O3")


def test_a_container_that_is_too_dear_gives_way_to_its_part() -> None:
    options = {"O1": (30_000, 20_000), "O2": (90_000, 50_000)}
    inside = {"O2": {"contains": ["O1"]}}
    rich = works(options, inside, terms={"capital_budget": "100000 USD"})
    assert budget_of(rich).chosen == ("O2",)
    assert option_of(rich, "O1").contained_in == "O2"
    poor = works(options, inside, terms={"capital_budget": "50000 USD"})
    assert budget_of(poor).chosen == ("O1",)
    assert option_of(poor, "O2").fate is Fate.NOT_RECOMMENDED
    assert option_of(poor, "O1").contained_in is None


def test_what_is_accepted_for_less_risk_gets_what_is_left_of_the_budget() -> None:
    # 28,000 a year for 100,000 earn 12.4 %: below the 13 % asked, above the 10 % enough for less risk.
    options = {"O1": (100_000, 28_000), "O2": (40_000, 20_000)}
    terms = {"discount_rate": "13", "minimum_irr": "13"}
    lowers = [{"option": "O1", "lowers_risk": True, "risk_reason": "Spills"}]
    for budget, fate in ((150_000, Fate.RECOMMENDED), (120_000, Fate.NOT_RECOMMENDED)):
        evaluation = works(options, terms={**terms, "capital_budget": f"{budget} USD"}, option_terms=lowers)
        assert option_of(evaluation, "O1").fate is fate
        assert option_of(evaluation, "O2").fate is Fate.RECOMMENDED
        assert any("O1" in str(note) for note in budget_of(evaluation).notes)


def test_an_impossible_budget_is_a_finding_and_limits_nothing() -> None:
    evaluation = works({"O1": (1000, 900)}, terms={"capital_budget": "-5 USD"})
    assert evaluation.choosing.budget is None
    assert finding(evaluation, "out-of-limits").where.path == "financial_terms.capital_budget"
    assert option_of(evaluation, "O1").fate is Fate.RECOMMENDED


def test_alternatives_are_held_against_each_other_step_by_step() -> None:
    # The small one earns 31 %, the difference of 50,000 earns 15 %: at 10 % the large one is better.
    evaluation = works({"O1": (50_000, 19_000), "O2": (100_000, 34_000)}, {"O2": {"alternative_to": ["O1"]}})
    (found,) = evaluation.choosing.alternatives
    assert found.options == ("O1", "O2")
    assert found.best == "O2"
    first, second = found.steps
    assert (first.against, second.against) == (None, "O1")
    assert value(second.capital) == 50_000
    assert value(second.annual_saving) == 15_000
    assert value(second.npv) == pytest.approx(15_000 * annuity(5) - 50_000)
    assert second.worth_it
    assert found.trap is not None
    assert "O1" in str(found.trap)
    assert option_of(evaluation, "O1").fate is Fate.NOT_RECOMMENDED


def test_without_alternatives_there_is_nothing_to_compare() -> None:
    found = works({"O1": (1000, 900), "O2": (1000, 800)}).choosing
    assert found.alternatives == ()
    assert "alternatives" in found.missing


def test_an_abatement_curve_with_its_trap_and_the_ranking_beside_it() -> None:
    # O1 and O2 gain the same; O2 avoids three times as much, so its cost looks worse. O3 costs money.
    evaluation = works(
        {"O1": (50_000, 20_000), "O2": (50_000, 20_000), "O3": (90_000, 1_000)},
        avoided_quantities=[
            {"option": "O1", "kind": "greenhouse-gas", "amount": "1 t/yr"},
            {"option": "O2", "kind": "greenhouse-gas", "amount": "3000 kg/yr"},
            {"option": "O3", "kind": "greenhouse-gas", "amount": "5 t/yr"},
        ],
    )
    (curve,) = evaluation.choosing.abatement
    assert (curve.key, curve.unit) == ("greenhouse-gas", "t CO2e/yr")
    assert [bar.number for bar in curve.bars] == ["O1", "O2", "O3"]
    assert value(curve.total) == 9
    assert curve.trapped == ("O1", "O2")
    assert "O2" in str(curve.trap)
    npv = 20_000 * annuity(5) - 50_000
    assert value(curve.bars[1].cost) == pytest.approx(-npv / (3 * annuity(5)))
    levelised = {
        number: next(
            each.figure for each in economics_of(evaluation, number).merits if each.key == "levelised-cost"
        )
        for number in ("O1", "O2", "O3")
    }
    assert [value(bar.cost) for bar in curve.bars] == pytest.approx(
        [value(each) for each in levelised.values()]
    )
    assert set(curve.by_value) == {"O1", "O2", "O3"}
    assert value(curve.bars[0].npv_per_capital) == pytest.approx(npv / 50_000)


def test_waste_has_a_curve_for_each_stream_without_options_on_several() -> None:
    evaluation = works(
        {"O1": (50_000, 20_000), "O2": (50_000, 21_000), "O3": (50_000, 22_000)},
        {number: {"reduction": "20"} for number in ("O1", "O2", "O3")},
        waste_streams=[
            {"number": "W1", "name": "Rinse water", "generation": "1000 m³/yr"},
            {"number": "W2", "name": "Sludge", "generation": "10 t/yr"},
        ],
        options=[
            {"number": "O1", "name": "One", "streams": ["W1"]},
            {"number": "O2", "name": "Two", "streams": ["W1"]},
            {"number": "O3", "name": "Three", "streams": ["W1", "W2"]},
        ],
    )
    (curve,) = evaluation.choosing.abatement
    assert (curve.key, curve.unit) == ("waste:W1", "m³/yr")
    assert {bar.number for bar in curve.bars} == {"O1", "O2"}
    (left,) = curve.left_out
    assert left.number == "O3"
    assert "several streams" in str(left.reason)


def test_parts_and_dropped_options_stand_on_no_curve() -> None:
    water = [{"option": number, "kind": "water", "amount": "10 m³/yr"} for number in ("O1", "O2", "O3", "O4")]
    evaluation = works(
        {"O1": (1000, 900), "O2": (2000, 1900), "O3": (3000, 2000), "O4": (10, 9)},
        {"O2": {"contains": ["O1"]}, "O4": {"accepted": False, "decision_reason": "No space"}},
        avoided_quantities=water,
    )
    (curve,) = evaluation.choosing.abatement
    assert {bar.number for bar in curve.bars} == {"O2", "O3"}

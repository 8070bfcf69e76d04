"""The best set: published, against all sets, under every condition, and why the others are left out."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from choice_sample import candidate, kept_sets, npv_of, portfolios
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.choice import (
    BestSet,
    Candidate,
    LoadShare,
    Proof,
    Reason,
    best_set,
    branching,
    budget_curve,
    bundles,
    conditions,
    program,
    relaxation,
    solver,
)
from openrecp.economics.choice.portfolio import portfolio_of
from openrecp.texts import render

NEWNAN = published("choice_newnan_2004")
PETERSEN = published("choice_petersen_1967")["problems"]


def reasons(found: BestSet) -> dict[str, Reason]:
    for each in found.left_out:
        assert render(each.explanation, "zh-hant") != render(each.explanation, "en")
    return {each.key: each.reason for each in found.left_out}


def why_not(found: BestSet) -> list[str]:
    assert found.proof is Proof.INFEASIBLE
    assert found.value is None
    assert found.bound.value is None
    assert found.bound.reason is not None
    for issue in found.issues:
        assert render(issue, "zh-hant") != render(issue, "en")
    return [issue.code for issue in found.issues]


def alternatives() -> list[Candidate]:
    return [
        candidate(
            each["key"],
            each["capital"],
            each["npv"],
            excludes=tuple(other["key"] for other in proposal if other is not each),
        )
        for proposal in NEWNAN["exclusive"]["proposals"]
        for each in proposal
    ]


def test_published_choice_of_independent_projects() -> None:
    given_ = NEWNAN["independent"]
    options = [candidate(each["key"], each["capital"], each["npv"]) for each in given_["projects"]]
    found = best_set(options, given_["budget"])
    assert list(found.chosen) == given_["chosen"]
    assert found.proof is Proof.OPTIMAL


def test_published_choice_among_alternatives_at_three_budgets() -> None:
    points = NEWNAN["exclusive"]["budgets"]
    curve = budget_curve(alternatives(), [point["budget"] for point in reversed(points)])
    assert [list(point.best.chosen) for point in curve] == [point["chosen"] for point in points]
    assert [point.budget for point in curve] == [point["budget"] for point in points]


@pytest.mark.parametrize("problem", PETERSEN, ids=lambda problem: str(len(problem["npv"])))
def test_published_selections_of_research_projects(problem: dict[str, Any]) -> None:
    options = [
        candidate(
            f"p{number}",
            sum(row[number] for row in problem["spending"]),
            npv,
            capital_by_year=tuple(float(row[number]) for row in problem["spending"]),
        )
        for number, npv in enumerate(problem["npv"])
    ]
    found = best_set(options, None, budgets_by_year=problem["limits"])
    assert found.value is not None
    assert found.value.npv.value == pytest.approx(problem["best"], abs=1e-6)
    assert found.proof is Proof.OPTIMAL
    assert found.bound.value == pytest.approx(problem["best"], rel=1e-8)
    for figure, limit in zip(found.yearly_capital, problem["limits"], strict=True):
        assert figure.value is not None
        assert figure.value <= limit


BUDGETS = st.none() | st.integers(0, 80).map(float)
YEARS = st.just(()) | st.tuples(st.integers(0, 40).map(float), st.integers(0, 40).map(float))
LEAST: st.SearchStrategy[dict[str, float]] = st.just({}) | st.fixed_dictionaries(
    {"t": st.integers(1, 30).map(float)}
)


def check_against_all_sets(
    options: list[Candidate], budget: float | None, by_year: tuple[float, ...], least: dict[str, float]
) -> None:
    values = [npv_of(chosen) for chosen in kept_sets(options, budget, by_year, least)]
    found = best_set(options, budget, budgets_by_year=by_year, minimum_quantities=least)
    if not values:
        assert why_not(found)
        return
    assert found.proof is Proof.OPTIMAL
    assert found.value is not None
    assert found.value.npv.value == pytest.approx(max(values), abs=1e-7)
    assert found.bound.value == pytest.approx(max(values), abs=1e-6)
    chosen = tuple(each for each in options if each.key in found.chosen)
    assert chosen in set(kept_sets(options, budget, by_year, least))
    assert {each.key for each in found.left_out} == {each.key for each in options} - set(found.chosen)
    assert Reason.NOT_PROVEN not in reasons(found).values()


@given(portfolios(), BUDGETS, YEARS, LEAST)
def test_the_best_set_is_the_best_of_all_sets(
    options: list[Candidate], budget: float | None, by_year: tuple[float, ...], least: dict[str, float]
) -> None:
    check_against_all_sets(options, budget, by_year, least)


@given(portfolios(), BUDGETS, YEARS, LEAST)
def test_clusters_that_are_not_listed_are_exact_too(
    options: list[Candidate], budget: float | None, by_year: tuple[float, ...], least: dict[str, float]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "MOST_BUNDLES", 2)
        check_against_all_sets(options, budget, by_year, least)


@given(portfolios(), BUDGETS)
def test_branch_and_bound_agrees_with_the_lists(options: list[Candidate], budget: float | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "undominated_best", _refuse)
        check_against_all_sets(options, budget, (), {})


def _refuse(core: object) -> None:
    raise MemoryError(core)


@given(portfolios(), st.integers(0, 60).map(float), st.floats(0.0, 5.0))
def test_the_bound_holds_at_any_price(options: list[Candidate], budget: float, price: float) -> None:
    values = [npv_of(chosen) for chosen in kept_sets(options, budget, (), {})]
    portfolio = portfolio_of(options)
    made = program.program_of(portfolio, program.Limits(budget))
    if values and made.choices and not (made.starts == made.stops).any():
        bound = relaxation.bound_at(made, np.array([price]))
        assert bound.total >= max(values) - 1e-6


@given(portfolios(), st.lists(st.integers(0, 60).map(float), min_size=2, max_size=4))
def test_more_budget_never_gains_less(options: list[Candidate], budgets: list[float]) -> None:
    values = [
        float(point.best.value.npv.value or 0.0)
        for point in budget_curve(options, budgets)
        if point.best.value is not None
    ]
    assert values == pytest.approx(sorted(values))


def test_twelve_and_more_savings_on_one_load_are_exact() -> None:
    for count in (12, 14):
        options = [
            candidate(
                f"c{number}",
                10.0 + 7 * number % 13,
                900.0 * fraction - 11.0 * number,
                loads=(LoadShare("air", fraction, 1000.0 * fraction),),
            )
            for number, fraction in ((n, 0.06 + 0.3 * (n * 5 % count) / count) for n in range(count))
        ]
        found = best_set(options, 60.0)
        assert found.value is not None
        assert found.value.npv.value == pytest.approx(
            max(npv_of(chosen) for chosen in kept_sets(options, 60.0, (), {}))
        )
        assert found.proof is Proof.OPTIMAL


def test_reasons_of_those_left_out() -> None:
    options = [
        candidate("good", 50.0, 100.0, excludes=("rival",)),
        candidate("rival", 40.0, 60.0),
        candidate("loser", 1.0, -50.0),
        candidate("even", 1.0, 0.0),
        candidate("dear", 60.0, 70.0),
        candidate("needy", 1.0, 3.0, requires=("loser",)),
        candidate("caught", 1.0, 9.0, requires=("rival",)),
        candidate("choosy", 1.0, 9.0, requires_any=("rival", "loser")),
        candidate("farther", 1.0, 9.0, requires=("choosy",)),
        candidate("dear-too", 30.0, 31.0, requires=("base",)),
        candidate("base", 25.0, -1.0),
        candidate("first", 5.0, 40.0, loads=(LoadShare("heat", 0.9, 45.0),)),
        candidate("second", 5.0, 20.0, loads=(LoadShare("heat", 0.5, 25.0),)),
    ]
    found = best_set(options, 100.0)
    assert found.chosen == ("good", "first")
    assert reasons(found) == {
        "rival": Reason.EXCLUDED,
        "loser": Reason.LOSES,
        "even": Reason.LOSES,
        "dear": Reason.BUDGET,
        "needy": Reason.REQUIRES,
        "caught": Reason.EXCLUDED,
        "choosy": Reason.REQUIRES,
        "farther": Reason.REQUIRES,
        "dear-too": Reason.BUDGET,
        "base": Reason.LOSES,
        "second": Reason.OVERLAP,
    }
    said = {each.key: str(each.explanation) for each in found.left_out}
    assert said["dear"].startswith("It takes 60 TWD, more than the 45")
    assert said["dear-too"].startswith("With BASE, which it requires, it takes 55 TWD")
    assert said["caught"] == "It requires RIVAL, and together they cannot be done with GOOD."
    assert said["farther"].startswith("It requires CHOOSY, which needs one of RIVAL, LOSER")


def test_a_year_and_a_least_amount_can_be_the_reason() -> None:
    options = [
        candidate("a", 10.0, 30.0, capital_by_year=(5.0, 5.0), quantities={"t": 5.0}),
        candidate("b", 8.0, 10.0, capital_by_year=(0.0, 8.0), quantities={"t": 1.0}),
        candidate("c", 1.0, 9.0, quantities={"t": -3.0}),
    ]
    found = best_set(options, 50.0, budgets_by_year=(20.0, 6.0), minimum_quantities={"t": 4.0})
    assert found.chosen == ("a",)
    assert reasons(found) == {"b": Reason.BUDGET, "c": Reason.MINIMUM}
    assert [figure.value for figure in found.yearly_capital] == [5.0, 5.0]


def test_what_adds_nothing_is_not_chosen() -> None:
    found = best_set([candidate("a", 0.0, 0.0), candidate("b", 0.0, 5.0)], None)
    assert found.chosen == ("b",)
    assert found.unspent.value is None
    assert found.budget_price.reason is not None


def test_what_the_law_requires_is_done_though_it_loses() -> None:
    options = [
        candidate("law", 30.0, -20.0, required_by_law=True, requires=("base",)),
        candidate("base", 10.0, -1.0),
        candidate("good", 65.0, 90.0),
    ]
    found = best_set(options, 100.0)
    assert found.chosen == ("law", "base")
    assert reasons(found) == {"good": Reason.BUDGET}
    assert found.unspent.value == 60.0


def test_an_empty_set_is_an_answer() -> None:
    found = best_set([candidate("a", 5.0, -1.0)], 10.0)
    assert (found.proof, found.chosen) == (Proof.OPTIMAL, ())
    assert found.relative_gap.value == 0.0


def test_the_law_over_the_budget_is_said_with_what_is_missing() -> None:
    options = [
        candidate("law", 70.0, -1.0, required_by_law=True, requires_any=("x", "y")),
        candidate("x", 50.0, 1.0),
        candidate("y", 40.0, -1.0),
    ]
    found = best_set(options, 100.0)
    assert why_not(found) == ["law-over-budget"]
    assert "at least 110 TWD" in render(found.issues[0], "en")
    assert "Raise it by 10." in render(found.issues[0], "en")


def test_each_budget_that_the_law_breaks_is_said() -> None:
    law = candidate("law", 70.0, -1.0, required_by_law=True, capital_by_year=(30.0, 40.0))
    found = best_set([law], 60.0, budgets_by_year=(30.0, 35.0))
    assert why_not(found) == ["law-over-budget", "law-over-budget-of-year"]
    assert "in year 2" in render(found.issues[1], "en")


def test_contradictions_of_the_law_are_all_said() -> None:
    options = [
        candidate("a", 1.0, 1.0, required_by_law=True, excludes=("b", "c", "d"), requires_any=("c", "d")),
        candidate("b", 1.0, 1.0, required_by_law=True, quantities={"t": 1.0}),
        candidate("c", 1.0, 1.0),
        candidate("d", 1.0, 1.0),
    ]
    found = best_set(options, 10.0, minimum_quantities={"t": 5.0})
    assert why_not(found) == ["law-excludes", "law-lacks-alternative", "minimum-out-of-reach"]


def test_a_least_amount_out_of_reach_or_over_the_budget_is_said() -> None:
    options = [
        candidate("a", 50.0, 10.0, quantities={"t": 10.0}),
        candidate("b", 30.0, -5.0, quantities={"t": 8.0}, excludes=("a",)),
        candidate("c", 25.0, -5.0, quantities={"t": 4.0}),
    ]
    far = best_set(options, 60.0, minimum_quantities={"t": 15.0})
    assert why_not(far) == ["minimum-out-of-reach"]
    assert "avoid at most 14 t a year" in render(far.issues[0], "en")
    dear = best_set(options, 54.0, minimum_quantities={"t": 11.0})
    assert why_not(dear) == ["minimum-over-budget"]
    assert "at least 55 TWD" in render(dear.issues[0], "en")


def test_conditions_that_clash_only_together_are_said_to() -> None:
    options = [
        candidate("a", 10.0, 1.0, quantities={"t": 5.0, "kWh": 0.0}, excludes=("b",)),
        candidate("b", 10.0, 1.0, quantities={"t": 0.0, "kWh": 5.0}),
    ]
    found = best_set(options, 100.0, minimum_quantities={"t": 5.0, "kWh": 5.0})
    assert why_not(found) == ["conditions-together"]


def test_a_budget_is_kept_to_the_last_cent() -> None:
    tenths = [candidate(f"c{number}", 0.1, 1.0) for number in range(3)]
    assert len(best_set(tenths, 0.3).chosen) == 3
    dear = [candidate("a", 500_000.0, 5.0), candidate("b", 500_000.01, 5.0)]
    assert best_set(dear, 1_000_000.0).chosen in {("a",), ("b",)}


def test_the_price_of_the_budget_is_what_a_little_more_gains() -> None:
    options = [candidate(f"c{number}", 1.0, 10.0 - 0.01 * number) for number in range(500)]
    found = best_set(options, 100.5)
    assert found.budget_price.value == pytest.approx(10.0 - 0.01 * 100, abs=0.011)


def test_a_choice_out_of_time_says_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = branching.Branched((0,), 5.0, 7.0, in_time=False)
    monkeypatch.setattr(solver, "branched", lambda *_: cut)
    options = [candidate("a", 5.0, 5.0, capital_by_year=(5.0,)), candidate("b", 5.0, 4.0)]
    found = best_set(options, 6.0, budgets_by_year=(6.0,), time_limit=1e-9)
    assert found.proof is Proof.TIME_LIMIT
    assert found.chosen == ("a",)
    assert found.bound.value is not None
    assert found.gap.value == pytest.approx(float(found.bound.value) - 5.0)
    assert float(found.relative_gap.value or 0.0) > 0.0


def test_no_set_in_time_is_no_claim_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = branching.Branched(None, -float("inf"), float("inf"), in_time=False)
    monkeypatch.setattr(solver, "branched", lambda *_: cut)
    found = best_set([candidate("a", 5.0, 5.0)], 6.0, budgets_by_year=(6.0,), time_limit=1e-9)
    assert found.proof is Proof.TIME_LIMIT
    assert [issue.code for issue in found.issues] == ["no-set-in-time"]
    assert found.bound.value is not None
    assert found.bound.value >= 5.0


def test_what_only_a_tolerance_allows_is_not_found_again() -> None:
    options = [candidate("a", 5.0, 5.0), candidate("b", 4.0, 4.0)]
    made = program.program_of(portfolio_of(options), program.Limits(6.0, (6.0,)))
    refused: list[tuple[int, ...]] = []

    def keeps(columns: tuple[int, ...]) -> bool:
        refused.append(columns)
        return made.places(columns) != {0}

    found = solver.optimum(made, 1e-9, 10.0, keeps)
    assert made.places(found.columns or ()) == {1}
    assert refused.count((0,)) == 1


def test_different_values_of_one_load_are_noted() -> None:
    options = [
        candidate("a", 1.0, 50.0, loads=(LoadShare("water", 0.5, 50.0),)),
        candidate("b", 1.0, 30.0, loads=(LoadShare("water", 0.5, 40.0),)),
    ]
    assert [issue.code for issue in best_set(options, 10.0).issues] == ["load-valued-differently"]
    assert best_set(options[:1], 10.0).issues == ()


def test_figures_of_the_result_show_where_they_come_from() -> None:
    found = best_set(alternatives(), 250.0)
    for figure in (found.bound, found.gap, found.relative_gap, found.unspent, found.budget_price):
        assert figure.formula is not None
        assert render(figure.name, "zh-hant") != render(figure.name, "en")
    assert found.value is not None
    assert found.gap.inputs == (found.bound, found.value.npv)


def test_conditions_are_checked_in_plain_arithmetic() -> None:
    portfolio = portfolio_of(
        [candidate("a", 5.0, requires=("b",)), candidate("b", 5.0, quantities={"t": 1.0})]
    )
    limits = program.Limits(9.0, (), {"t": 1.0})
    assert not conditions.keeps_all(portfolio, limits, [0, 1])
    assert not conditions.keeps_all(portfolio, limits, [0])
    assert not conditions.keeps_all(portfolio, limits, [])
    assert conditions.keeps_all(portfolio, limits, [1])


NOISY = """
import random
from openrecp.economics.choice import Candidate, best_set
source = random.Random(1)
options = [
    Candidate(f"m{n}", f"m{n}", "TWD", cost, cost * 0.3 + source.gauss(0, 1e4), capital_by_year=(cost / 2, cost / 2))
    for n, cost in enumerate(source.uniform(1e4, 1e6) for _ in range(400))
]
total = sum(each.capital for each in options)
print("before", flush=True)
found = best_set(options, 0.3 * total, budgets_by_year=[0.16 * total, 0.16 * total], gap=1e-6)
print(found.proof)
"""


def test_the_solver_prints_nothing_among_what_a_program_prints() -> None:
    done = subprocess.run([sys.executable, "-c", NOISY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["before", "optimal"]


def test_what_others_print_meanwhile_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    import os

    with branching.quiet_stdout():
        os.write(1, b"HighsMipSolverData::something\nkept\n")
    assert capfd.readouterr().out == "kept\n"

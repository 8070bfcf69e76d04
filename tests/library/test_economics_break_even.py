"""Break-even values of every input, and two-way tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from economics_sample import appendix_8, plain_project, published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    ZERO_NPV,
    BreakEven,
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Loan,
    Measure,
    OperatingClass,
    OperatingItem,
    Project,
    Replacement,
    Target,
    TaxCredit,
    after_tax_cash_flow,
    break_even,
    break_evens,
    evaluate_project,
    project_inputs,
    two_way_table,
)
from openrecp.errors import UnusableInput
from openrecp.texts import render

BEGUN_WITH_CAPITAL = [
    case for case in published("economics_several_rates")["several"] if case["flows"][0] <= 0
]


def saving_project(saving: float, **changes: Any) -> Project:
    item = OperatingItem("saving", "Saving", OperatingClass.UTILITIES, saving)
    return plain_project(operating=(item,), **changes)


def values_of(found: BreakEven) -> list[float]:
    return [float(point.value.value or 0) for point in found.points]


def entered(project: Project, key: str, shown: float) -> Project:
    """The project with an input at a value as it is shown."""
    each = project_inputs(project)[key]
    return each.put(project, shown / 100.0 if each.unit == "%" else shown)


# The numbers of a textbook


def test_break_even_of_a_plain_project_by_hand() -> None:
    project = plain_project()
    factor = (1 - 1.1**-5) / 0.1
    assert values_of(break_even(project, "saving")) == pytest.approx([1000 / factor], rel=1e-12)
    assert values_of(break_even(project, "capital")) == pytest.approx([300 * factor], rel=1e-12)
    assert values_of(break_even(project, "salvage")) == pytest.approx([(1000 - 300 * factor) * 1.1**5])
    rate = evaluate_project(project).irr.value
    assert values_of(break_even(project, "discount_rate")) == pytest.approx([rate], rel=1e-12)
    # 4 years of 300 at 10 % are worth 951, 5 years 1,137.
    assert values_of(break_even(project, "life")) == [5]


def test_margins_are_distances_from_the_base_value() -> None:
    found = break_even(plain_project(), "capital")
    (point,) = found.points
    assert point.margin.value == pytest.approx(300 * (1 - 1.1**-5) / 0.1 / 10 - 100)
    assert (found.reached, point.reached_above, found.is_total) == (True, False, False)
    assert point.margin.inputs[0].value == point.value.value
    assert point.margin.inputs[1].value == found.base.value == 1000
    assert render(point.statement, "en") == (
        "Capital may go from 1,000 TWD to 1,137 TWD (+13.7 %) before the project misses a net present value of at "
        "least zero."
    )


def test_what_misses_the_target_must_change() -> None:
    found = break_even(saving_project(250.0), "saving")
    assert not found.reached
    assert found.nearest is not None
    assert render(found.nearest.statement, "en").startswith("Saving must go from 250 TWD to 264 TWD (+5.5 %)")


def test_a_zero_in_the_base_case_has_a_break_even_value_but_no_margin() -> None:
    found = break_even(plain_project(), "salvage")
    assert found.nearest is not None
    assert found.nearest.margin.value is None
    assert render(found.nearest.margin.reason, "en") == "the base value is zero"
    assert "(" not in render(found.nearest.statement, "en")


@pytest.mark.parametrize("case", BEGUN_WITH_CAPITAL, ids=lambda case: case["name"])
def test_every_internal_rate_is_a_break_even_of_the_discount_rate(case: dict[str, Any]) -> None:
    first, *later = case["flows"]
    operating = tuple(
        OperatingItem(f"{year}", "Amount", OperatingClass.UTILITIES, amount, first_year=year, last_year=year)
        for year, amount in enumerate(later, 1)
    )
    project = plain_project(
        capital=(CapitalItem("Capital", float(-first)),),
        operating=operating,
        life=len(later),
        discount_rate=0.11,
    )
    rates = [rate * 100 for rate in case["rates"] if -0.99 < rate < 10]
    assert values_of(break_even(project, "discount_rate")) == pytest.approx(rates, rel=1e-9)


# Other targets


def test_break_even_for_an_internal_rate_and_a_payback() -> None:
    project = appendix_8(0.4)
    for key in ("disposal", "capital", "tax_rate", "interest_rate", "escalation"):
        found = break_even(project, key, Target(Measure.IRR, 0.12))
        for value in values_of(found):
            rate = evaluate_project(entered(project, key, value)).irr.value
            assert rate == pytest.approx(12.0, rel=1e-9), key
    for key in ("disposal", "capital"):
        (value,) = values_of(break_even(project, key, Target(Measure.PAYBACK, 3.0)))
        years = evaluate_project(entered(project, key, value)).payback.value
        assert years == pytest.approx(3.0, rel=1e-9), key


def test_what_makes_no_difference_says_so() -> None:
    found = break_even(appendix_8(0.4), "discount_rate", Target(Measure.IRR, 0.12))
    assert found.points == ()
    assert render(found.reason, "en") == (
        "Discount rate makes no difference to whether the project reaches an internal rate of return of at least 12 %"
    )
    found = break_even(appendix_8(0.4), "life", Target(Measure.PAYBACK, 3.0))
    assert "makes no difference" in render(found.reason, "en")


def test_why_there_is_no_break_even() -> None:
    reached = break_even(appendix_8(0.4), "loan_share")
    assert render(reached.reason, "en") == (
        "the project reaches a net present value of at least zero at any Loan share between 0 % and 100 %"
    )
    poor = saving_project(-10.0)
    missed = break_even(poor, "capital")
    assert render(missed.reason, "en") == (
        "the project misses a net present value of at least zero whatever Capital is"
    )
    assert missed.nearest is None


@pytest.mark.parametrize(
    "target", [(Measure.IRR, -1.0), (Measure.PAYBACK, -1.0), (Measure.NPV, float("nan"))]
)
def test_impossible_targets_are_refused(target: tuple[Measure, float]) -> None:
    with pytest.raises(UnusableInput):
        Target(*target)


def test_an_unknown_input_is_named_with_those_there_are() -> None:
    with pytest.raises(UnusableInput) as caught:
        break_even(plain_project(), "steam")
    (issue,) = caught.value.issues
    assert issue.code == "unknown-sensitivity-input"
    assert "saving" in render(issue, "en")


# Jumps, lives and impossible values


def test_the_threshold_of_a_credit_is_found_where_the_result_jumps() -> None:
    project = saving_project(
        165_000.0,
        capital=(CapitalItem("Equipment", 550_000.0),),
        tax_rate=0.2,
        depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 5),
        tax_credits=(TaxCredit(0.3, threshold=600_000.0),),
    )
    below, threshold, above = values_of(break_even(project, "capital"))
    assert below < threshold < above
    assert threshold == pytest.approx(600_000.0, rel=1e-12)
    for value in (below, above):
        flow = after_tax_cash_flow(entered(project, "capital", value))
        assert flow.net_present_value == pytest.approx(0.0, abs=1e-6)
    assert after_tax_cash_flow(entered(project, "capital", 599_999.0)).net_present_value < -1000
    assert after_tax_cash_flow(entered(project, "capital", 600_000.0)).net_present_value > 1000


def test_lives_that_are_impossible_are_left_out() -> None:
    """A part that is replaced at the end of year 4 asks for a fifth."""
    parts = (Replacement(50.0, 4),)
    assert values_of(break_even(saving_project(260.0, life=8, replacements=parts), "life")) == [6]
    always = break_even(plain_project(life=8, replacements=parts), "life")
    assert "at any Project life between 5 yr and 100 yr" in render(always.reason, "en")


def test_where_no_other_value_is_possible_it_says_what_stands_against_it() -> None:
    found = break_even(plain_project(), "tax_rate")
    assert render(found.reason, "en") == (
        "no other value of Income tax rate is possible: There is an income tax but no depreciation; say how the "
        "capital is written off."
    )


def test_a_project_that_may_also_last_too_long() -> None:
    """Repairs grow by 30 % a year and in the end eat up what the project saves."""
    repairs = OperatingItem("repairs", "Repairs", OperatingClass.SUPPLIES, -20.0, escalation=0.30)
    project = plain_project(operating=(*plain_project().operating, repairs), life=7)
    first, last = break_even(project, "life").points
    assert (first.reached_above, last.reached_above) == (True, False)
    for life in range(1, 30):
        npv = after_tax_cash_flow(replace(project, life=life)).net_present_value
        assert (npv >= 0) == (float(first.value.value or 0) <= life <= float(last.value.value or 0))


# Properties


PROJECTS = st.builds(
    lambda capital, saving, cost, life, rate, tax, share, interest: plain_project(
        capital=(CapitalItem("Equipment", capital),),
        operating=(
            OperatingItem("saving", "Saving", OperatingClass.UTILITIES, saving),
            OperatingItem("cost", "Cost", OperatingClass.LABOUR, -cost),
        ),
        life=life,
        discount_rate=rate,
        tax_rate=tax,
        depreciation=Depreciation(DepreciationMethod.DECLINING_BALANCE, 5),
        financing=Financing((Loan(share, interest, 4),)),
    ),
    st.floats(1e4, 1e6),
    st.floats(1e3, 5e5),
    st.floats(1e2, 1e5),
    st.integers(3, 12),
    st.floats(0.01, 0.3),
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.8),
    st.floats(0.01, 0.2),
)


@given(PROJECTS)
def test_break_evens_come_smallest_margin_first_and_make_the_net_present_value_zero(project: Project) -> None:
    every = break_evens(project)
    distances = [found.distance for found in every]
    assert distances == sorted(distances)
    assert {found.key for found in every} == set(project_inputs(project))
    for found in every:
        assert (found.reason is None) == bool(found.points)
        for point in found.points:
            value = float(point.value.value or 0)
            flow = after_tax_cash_flow(entered(project, found.key, value))
            if found.key == "life":
                before = replace(project, life=int(value) - (1 if point.reached_above else -1))
                assert flow.net_present_value >= 0
                assert after_tax_cash_flow(before).net_present_value < 0
            else:
                # At rates near −100 % the present values are far larger than the amounts.
                size = sum(map(abs, flow.cash)) + sum(map(abs, flow.present_value))
                assert flow.net_present_value == pytest.approx(0.0, abs=1e-8 * size)


def test_break_even_holds_in_the_conventions_of_appendix_8() -> None:
    project = appendix_8(0.4)
    found = break_even(project, "discount_rate", ZERO_NPV, EPA_1988)
    assert values_of(found) == pytest.approx([float(evaluate_project(project, EPA_1988).irr.value or 0)])
    (value,) = values_of(break_even(project, "disposal", ZERO_NPV, EPA_1988))
    # Every line is rounded to whole money, so the result moves in steps.
    assert after_tax_cash_flow(entered(project, "disposal", value), EPA_1988).net_present_value >= 0
    assert after_tax_cash_flow(entered(project, "disposal", value - 2), EPA_1988).net_present_value < 0


# Two-way tables


def test_every_cell_is_the_project_with_both_values() -> None:
    project = appendix_8(0.4)
    for measure in Measure:
        for rows, columns in (("disposal", "discount_rate"), ("life", "tax_rate"), ("capital", "life")):
            table = two_way_table(project, rows, columns, measure=measure, conventions=EPA_1988)
            for row, line in zip(table.rows.values, table.cells, strict=True):
                for column, cell in zip(table.columns.values, line, strict=True):
                    changed = entered(project, rows, float(row.value or 0))
                    changed = entered(changed, columns, float(column.value or 0))
                    alone = getattr(evaluate_project(changed, EPA_1988), measure.value)
                    assert cell.value == pytest.approx(alone.value, rel=1e-9, abs=1e-6)
                    assert (cell.unit, cell.inputs[0].value) == (alone.unit, row.value)


def test_values_of_a_table_are_around_the_base_value_where_that_is_possible() -> None:
    table = two_way_table(replace(appendix_8(0.4), tax_rate=0.9), "tax_rate", "life")
    assert [each.value for each in table.rows.values] == pytest.approx([63, 72, 81, 90, 99, 100])
    assert [each.value for each in table.columns.values] == [6, 7, 8, 9, 10]
    given_values = two_way_table(appendix_8(0.4), "salvage", "life", [0, 1e4], [5, 10, 15])
    assert (len(given_values.cells), len(given_values.cells[0])) == (2, 3)


def test_cells_without_a_rate_or_a_payback_say_why() -> None:
    table = two_way_table(plain_project(), "saving", "capital", [-100, 300], [1000], measure=Measure.IRR)
    (none,), (one,) = table.cells
    assert none.value is None
    assert none.reason is not None
    assert one.value == pytest.approx(evaluate_project(plain_project()).irr.value)
    table = two_way_table(plain_project(), "saving", "capital", [-100, 300], [1000], measure=Measure.PAYBACK)
    assert "never" in render(table.cells[0][0].reason, "en")
    same = two_way_table(plain_project(), "discount_rate", "salvage", [0.1], [0.0], measure=Measure.IRR)
    assert same.cells[0][0].value == pytest.approx(one.value)


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("steam", "heat"), ["unknown-sensitivity-input"] * 2),
        (("capital", "capital"), ["same-input-twice"]),
        (("salvage", "life", [], [4.5]), ["no-values", "life-not-whole"]),
        (("discount_rate", "life", [-1.5]), ["out-of-range"]),
    ],
)
def test_impossible_tables_are_refused_with_every_reason(arguments: Any, codes: list[str]) -> None:
    with pytest.raises(UnusableInput) as caught:
        two_way_table(plain_project(), *arguments)
    assert [issue.code for issue in caught.value.issues] == codes


def test_textbook_is_what_is_taken_when_nothing_is_said() -> None:
    project = appendix_8(0.4)
    assert break_even(project, "disposal") == break_even(project, "disposal", ZERO_NPV, TEXTBOOK)

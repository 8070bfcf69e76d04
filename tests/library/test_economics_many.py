"""The cash flow of many options at once is that of each alone, with every way to pay for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from economics_sample import appendix_8
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    CapitalItem,
    Conventions,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grace,
    Grant,
    Loan,
    Losses,
    Milestone,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    Project,
    Repayment,
    Replacement,
    TaxCredit,
    after_tax_cash_flow,
    project_inputs,
)

METHODS = st.sampled_from(
    [
        Depreciation(DepreciationMethod.STRAIGHT_LINE, 5),
        Depreciation(DepreciationMethod.DECLINING_BALANCE, 7),
        Depreciation(DepreciationMethod.SUM_OF_YEARS, 4),
        Depreciation(DepreciationMethod.TWO_YEAR),
        Depreciation(DepreciationMethod.TABLE, shares=(0.3333, 0.4445, 0.1481, 0.0741)),
    ]
)
LOANS = st.builds(
    Loan,
    share=st.floats(0, 0.45),
    interest_rate=st.floats(0, 0.3),
    years=st.integers(4, 12),
    repayment=st.sampled_from(Repayment),
    grace_years=st.integers(0, 3),
    grace=st.sampled_from(Grace),
    limit=st.none() | st.floats(0, 5e5),
)
GRANTS = st.builds(
    Grant,
    share=st.floats(0, 0.5),
    limit=st.none() | st.floats(0, 4e5),
    milestones=st.sampled_from(((Milestone(0, 1.0),), (Milestone(0, 0.4), Milestone(1, 0.6)))),
    taxable=st.booleans(),
    lowers_depreciation=st.booleans(),
)
CREDITS = st.builds(
    TaxCredit,
    rate=st.floats(0, 0.5),
    threshold=st.sampled_from((0.0, 600_000.0)),
    year=st.integers(0, 2),
    carry_forward_years=st.integers(0, 5),
    limit_share=st.floats(0.3, 1),
)
PARTS = st.builds(
    Replacement,
    amount=st.floats(0, 1e5),
    year=st.integers(1, 3),
    every=st.none() | st.integers(1, 3),
    depreciation=st.none() | METHODS,
)
PROJECTS = st.builds(
    Project,
    name=st.just("Recovery unit"),
    currency=st.just("TWD"),
    capital=st.tuples(
        st.builds(CapitalItem, st.just("Equipment"), st.floats(1e5, 1e6)),
        st.builds(
            CapitalItem,
            st.just("Building"),
            st.floats(0, 1e6),
            depreciation=st.none() | METHODS,
            residual=st.floats(0, 1e5),
        ),
    ),
    operating=st.tuples(
        st.builds(
            OperatingItem,
            st.just("saving"),
            st.just("Saving"),
            st.just(OperatingClass.WASTE_MANAGEMENT),
            st.floats(-2e5, 8e5),
        ),
        st.builds(
            OperatingItem,
            st.just("fine"),
            st.just("Fine avoided"),
            st.just(OperatingClass.INSURANCE),
            st.floats(0, 1e5),
            first_year=st.just(2),
            last_year=st.just(3),
        ),
    ),
    life=st.integers(4, 10),
    discount_rate=st.floats(0.01, 0.4),
    tax_rate=st.floats(0, 0.5),
    depreciation=METHODS,
    financing=st.builds(
        Financing, st.lists(LOANS, max_size=2).map(tuple), interest_depreciable=st.booleans()
    ),
    escalation=st.floats(-0.02, 0.1),
    working_capital=st.floats(0, 1e5),
    salvage=st.floats(-1e4, 2e5),
    construction_years=st.integers(0, 3),
    replacements=st.lists(PARTS, max_size=2).map(tuple),
    grants=st.lists(GRANTS, max_size=2).map(tuple),
    tax_credits=st.lists(CREDITS, max_size=2).map(tuple),
    losses=st.sampled_from(Losses),
    loss_years=st.none() | st.integers(1, 6),
    other_tax=st.floats(0, 5e4),
    prices=st.builds(Prices, st.sampled_from(PriceBasis), st.floats(0, 0.05)),
)


@given(PROJECTS, st.sampled_from((TEXTBOOK, EPA_1988)))
def test_the_lines_hold_together(project: Project, conventions: Conventions) -> None:
    flow = after_tax_cash_flow(project, conventions)
    scale = pytest.approx
    # A loan is drawn once, and what is drawn with the interest added to it is repaid.
    assert sum(flow.principal) == scale(float(flow.funding.loan), abs=1e-3)
    assert flow.loan_balance[-1] == scale(0.0, abs=1e-3)
    assert sum(flow.loan_drawn) == scale(float(flow.funding.loan), abs=1e-3)
    assert sum(flow.total_capital) == scale(float(flow.funding.capital), rel=1e-9)
    # Credits never exceed the tax, of the project and of other income.
    for used, tax, sale in zip(flow.credit_used, flow.tax, flow.sale_tax, strict=True):
        assert -1e-6 <= used <= max(tax + sale + project.other_tax, 0.0) + 1e-6
    # What is written off, and what is left, is what was bought.
    bought = flow.book_value[0] + sum(flow.replacements_capitalised)
    assert sum(flow.depreciation) + flow.book_value[-1] == scale(float(bought), abs=30.0)
    # Cash is what comes in less what goes out, counted without the lines that move no money.
    for year in range(len(flow.years)):
        cash = (
            flow.net_savings[year]
            + flow.loan_drawn[year]
            + flow.grants_taxed[year]
            + flow.grants_free[year]
            + flow.salvage[year]
            + flow.credit_used[year]
            - flow.total_capital[year]
            - flow.interest[year]
            - flow.principal[year]
            - flow.tax[year]
            - flow.sale_tax[year]
            - flow.replacements_deducted[year]
            - flow.replacements_capitalised[year]
        )
        assert flow.cash[year] == scale(cash, abs=1e-3)


@given(PROJECTS, st.sampled_from((TEXTBOOK, EPA_1988)), st.integers(0, 2**32 - 1))
def test_many_options_are_each_alone(project: Project, conventions: Conventions, seed: int) -> None:
    draws = np.random.default_rng(seed)
    inputs = project_inputs(project)
    many = project
    values = {}
    for key in inputs:
        if key == "life" or key.startswith("capital:") or key in ("savings", "costs"):
            continue
        base = inputs[key].value
        values[key] = base * draws.uniform(0.8, 1.0, 3)
        many = inputs[key].put(many, values[key])
    together = after_tax_cash_flow(many, conventions)
    for place in range(3):
        one = project
        for key, drawn in values.items():
            one = inputs[key].put(one, float(drawn[place]))
        alone = after_tax_cash_flow(one, conventions)
        for year, amount in enumerate(alone.cash):
            found = np.broadcast_to(together.cash[year], 3)[place]
            # A limit, a threshold or a rounding may fall on the other side by a bit.
            assert found == pytest.approx(amount, abs=1e-4 if conventions is TEXTBOOK else 2.0)
        assert np.broadcast_to(together.net_present_value, 3)[place] == pytest.approx(
            float(alone.net_present_value), abs=1e-3 if conventions is TEXTBOOK else 20.0
        )


def test_a_constant_array_is_the_case_itself() -> None:
    project = appendix_8(0.4)
    capital = tuple(replace(item, amount=np.full(2, item.amount)) for item in project.capital)
    for conventions in (TEXTBOOK, EPA_1988):
        alone = after_tax_cash_flow(project, conventions)
        both = after_tax_cash_flow(replace(project, capital=capital), conventions)
        for one, many in zip(alone.cash, both.cash, strict=True):
            assert np.array_equal(np.broadcast_to(many, 2), [one, one])

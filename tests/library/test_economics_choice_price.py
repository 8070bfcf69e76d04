"""The price of a single budget is that of the linear relaxation, found without a solver."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.choice import Candidate
from openrecp.economics.choice.one_price import has_one_price, price_of_budget
from openrecp.economics.choice.portfolio import portfolio_of
from openrecp.economics.choice.program import Limits, Program, program_of
from openrecp.economics.choice.relaxation import allowed_limits, bound_at, matrix_of

_MONEY = st.integers(0, 60)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Options under one budget, some of which exclude each other or are required."""
    count = draw(st.integers(1, 12))
    candidates = [
        Candidate(
            f"O{number}",
            f"Option {number}",
            "TWD",
            float(draw(_MONEY)),
            float(draw(st.integers(-20, 80))),
            excludes=() if number == 0 or not draw(st.booleans()) else (f"O{number - 1}",),
            required_by_law=draw(st.integers(0, 9)) == 0,
        )
        for number in range(count)
    ]
    return program_of(portfolio_of(candidates), Limits(float(draw(st.integers(0, 300)))))


def relaxed_value(program: Program) -> float | None:
    """The linear relaxation by scipy, in the same units; None if it has no solution."""
    from scipy.optimize import linprog

    matrix, low, high, _ = matrix_of(program)
    equal = low == high
    found = linprog(
        -program.value,
        A_ub=matrix[~equal],
        b_ub=high[~equal],
        A_eq=matrix[equal] if equal.any() else None,
        b_eq=high[equal] if equal.any() else None,
        bounds=(0.0, 1.0),
        method="highs-ds",
    )
    return None if found.fun is None else -float(found.fun)


@given(programs())
def test_the_bound_at_the_price_is_the_value_of_the_linear_relaxation(program: Program) -> None:
    if not program.choices or (program.starts == program.stops).any() or not has_one_price(program):
        return
    price = price_of_budget(program, float(allowed_limits(program)[0]))
    expected = relaxed_value(program)
    assert (price is None) == (expected is None)
    if price is not None and expected is not None:
        assert bound_at(program, np.array([price])).total == pytest.approx(expected, rel=1e-7, abs=1e-4)


def test_a_choice_under_one_budget_waits_for_no_solver() -> None:
    code = (
        "import sys\n"
        "from openrecp.economics.choice import Candidate, best_set\n"
        "found = best_set([Candidate('a', 'A', 'TWD', 3.0, 4.0), Candidate('b', 'B', 'TWD', 2.0, 3.0)], 4.0)\n"
        "assert found.chosen == ('a',), found.chosen\n"
        "assert 'scipy.optimize' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

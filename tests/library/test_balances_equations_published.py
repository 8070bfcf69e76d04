"""Published balances, drawn as flowsheets, give the published answers through the equations."""

from __future__ import annotations

import numpy as np
import pytest
from dense_reconciliation import solve
from drawn_flowsheets import PUBLISHED, published_flowsheet

from openrecp.balances.equations import equations_of
from openrecp.balances.flowsheet import Quantity, Ref


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_published_balance_is_answered_as_published(name: str) -> None:
    case = PUBLISHED[name]
    system = equations_of(published_flowsheet(case))
    found = solve(system.problem)
    positions, values, sds = [], [], []
    for kind, key, component, value, sd in case["expected"]:
        position = system.position(Ref(Quantity(kind), key, component))
        assert position is not None
        positions.append(position)
        values.append(np.nan if value is None else value)
        sds.append(np.nan if sd is None else sd)
    np.testing.assert_allclose(found.values[positions], values, rtol=1e-8)
    np.testing.assert_allclose(found.sds[positions], sds, rtol=1e-7)
    assert found.chi2 == pytest.approx(case["chi2"], rel=1e-8)
    assert found.redundancy == case["redundancy"]


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_search_starts_near_enough_to_end_in_a_few_steps(name: str) -> None:
    assert solve(equations_of(published_flowsheet(PUBLISHED[name])).problem).iterations <= 6


def test_no_row_follows_from_the_others_so_that_redundancy_is_counted_right() -> None:
    """At the distillation column of 9 variables, total and two components say 2 things, not 3."""
    system = equations_of(published_flowsheet(PUBLISHED["distillation_percent"]))
    assert system.polynomials.shape == (5, 9)

"""Published and analytic balances, reconciled by the library: values, deviations, classes and statistics to 1e-6."""

from __future__ import annotations

import numpy as np
import pytest
from balance_cases import Case, contents, linear_cases, nonlinear_cases, numbers, reactor
from balance_comparison import compare_with_expected, compare_with_reference, trace_identity
from reference_balances import solve

from openrecp.balances.problems import LinearProblem, NonlinearProblem
from openrecp.balances.reconciling import reconcile


@pytest.mark.parametrize("case", linear_cases() + nonlinear_cases(), ids=lambda case: case.name)
def test_the_answer_is_the_known_one(case: Case) -> None:
    compare_with_expected(reconcile(case.problem), case.expected)


@pytest.mark.parametrize("case", linear_cases() + nonlinear_cases(), ids=lambda case: case.name)
def test_everything_else_agrees_with_a_dense_solution(case: Case) -> None:
    compare_with_reference(reconcile(case.problem), solve(case.problem))


@pytest.mark.parametrize("case", nonlinear_cases(), ids=lambda case: case.name)
def test_a_search_says_that_it_has_ended_where_the_balances_hold(case: Case) -> None:
    assert isinstance(case.problem, NonlinearProblem)
    found = reconcile(case.problem)
    assert found.convergence is not None
    assert found.convergence.converged
    assert found.convergence.largest_residual <= 1e-8
    if not np.isnan(found.values).any():
        gaps = np.abs(case.problem.residuals(found.values)) / case.problem.scale
        assert gaps.max() <= 1e-8


@pytest.mark.parametrize(
    "case",
    [case for case in linear_cases() if not case.problem.correlations],
    ids=lambda case: case.name,
)
def test_variances_add_up_to_measurements_less_redundancy(case: Case) -> None:
    total, must_be = trace_identity(reconcile(case.problem))
    assert total == pytest.approx(must_be, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "without",
    contents("balances_ripps_1965.yaml")["without"],
    ids=lambda one: f"without {one['measurement']}",
)
def test_the_statistic_of_the_reactor_falls_with_the_measurement_that_is_wrong(
    without: dict[str, object],
) -> None:
    problem = reactor()[0].problem
    assert isinstance(problem, LinearProblem)
    measured, sds = problem.measured.copy(), problem.sds.copy()
    gone = int(str(without["measurement"])) - 1
    measured[gone] = sds[gone] = np.nan
    found = reconcile(LinearProblem(problem.matrix, problem.constants, measured, sds))
    np.testing.assert_allclose(found.values, numbers(without["values"]), rtol=1e-6)  # type: ignore[arg-type]
    assert found.chi2 == pytest.approx(without["chi2"], rel=1e-6)
    assert found.redundancy == without["redundancy"]

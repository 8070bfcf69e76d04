"""How often the measurement test finds a single gross error, against the published study and the maximum test.

python tests/library/detection_power.py CASE     a case of balances_linear_published.yaml

The error is 2 to 7 standard deviations of its meter, and 0.1 of the runs without any error alarm. Published powers come
from 2,500 runs and are met within 0.05. The maximum test is simulated here from the balances by another way than in the
library, at the critical value of its own 200,000 runs, and is met within 0.02.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from balance_cases import Case, published_linear

from openrecp.balances.gross_errors import checks_of, critical_value, identification_power
from openrecp.balances.problems import LinearProblem

Array = Any
LEVEL: Final = 0.1
SIZES: Final = (2.0, 7.0)
RUNS: Final = 40_000
OF_THE_STUDY, OF_THE_MAXIMUM_TEST = 0.05, 0.02


def studied() -> Mapping[str, Case]:
    """Cases with published powers by their names."""
    return {case.name: case for case in published_linear() if case.power is not None}


def found_by_the_library(problem: LinearProblem) -> tuple[float, Array]:
    """Critical value and power of each stream."""
    checks = checks_of(problem)
    lengths = np.linalg.norm(checks.meters, axis=0)
    directions = checks.meters / lengths
    critical = critical_value(directions, LEVEL).value
    return critical, identification_power(directions, lengths * problem.sds, critical, SIZES, RUNS)


def simulated(problem: LinearProblem, seed: int) -> tuple[float, Array]:
    """The same from adjustments, with the critical value from simulation as well."""
    draw = np.random.default_rng(seed)
    matrix, sds = problem.matrix.toarray(), problem.sds
    scaled = matrix * sds
    # From errors in standard deviations to adjustments in standard deviations.
    onto = scaled.T @ np.linalg.solve(scaled @ scaled.T, scaled)
    test = onto / np.sqrt(np.diag(onto))[:, None]
    largest = [np.max(np.abs(draw.standard_normal((RUNS, len(sds))) @ test.T), axis=1) for _ in range(5)]
    critical = float(np.quantile(np.concatenate(largest), 1.0 - LEVEL))
    powers = np.zeros(len(sds))
    for own in range(len(sds)):
        alike = np.abs(test @ test[own]) > (1.0 - 1e-8) * np.linalg.norm(test, axis=1)
        if alike.sum() > 1:  # no test tells them apart
            continue
        errors = draw.standard_normal((RUNS, len(sds)))
        errors[:, own] += draw.uniform(*SIZES, RUNS)
        z = np.abs(errors @ test.T)
        powers[own] = np.mean((np.argmax(z, axis=1) == own) & (z[:, own] > critical))
    return critical, powers


def main(name: str) -> int:
    case = studied()[name]
    assert isinstance(case.problem, LinearProblem)
    critical, powers = found_by_the_library(case.problem)
    exact, others = simulated(case.problem, seed=3)
    study, maximum = np.max(np.abs(powers - case.power)), np.max(np.abs(powers - others))
    print(  # noqa: T201
        f"{name}: off by {study:.4f} from the study and {maximum:.4f} from the maximum test, of {len(powers)} streams; "
        f"critical value {critical:.4f}, simulated {exact:.4f}"
    )
    return 0 if study <= OF_THE_STUDY and maximum <= OF_THE_MAXIMUM_TEST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

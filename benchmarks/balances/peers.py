"""Reconciliation by others, each in a process of its own: difflow (JAX, dense) and neqsim (Java, dense).

    python benchmarks/balances/peers.py NAME PROBLEM.npz ANSWER.npz REPEATS

is what runs there. The interpreter that has ``difflow`` and ``neqsim`` (and, for neqsim, a Java 17 or later) is named by
the environment variable OPENRECP_BALANCE_PEERS; nothing is installed. A peer is given arrays and measured by the
clock on the wall around its own call alone: difflow from its function ``reconcile`` to the arrays of values and
covariances, without its gross-error tests; neqsim around ``reconcile()`` of its engine, without filling it. Its first call
is told apart, because difflow compiles then.

The dense solution with numpy stands here too: the textbook's formulas, with Cholesky's factors from scipy.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

INTERPRETER = "OPENRECP_BALANCE_PEERS"
NAMES = ("difflow", "neqsim")
PATIENCE = 900
"""Seconds a peer gets for a size."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a peer finds, and how long it took: the first call and the later ones [s]; NaN where it does not say."""

    values: Any
    sds: Any
    chi2: float
    first: float
    later: Any


def incidence(nodes: int, tails: Any, heads: Any) -> Any:
    """Dense balances, shape (nodes, streams)."""
    found = np.zeros((nodes, len(tails)))
    streams = np.arange(len(tails))
    np.add.at(found, (heads[heads >= 0], streams[heads >= 0]), 1.0)
    np.add.at(found, (tails[tails >= 0], streams[tails >= 0]), -1.0)
    return found


def missing_peers() -> list[str]:
    """Lines that say which peers cannot run, and why."""
    interpreter = os.environ.get(INTERPRETER)
    if not interpreter:
        return [f"{INTERPRETER} is not set: no peers are compared"]
    found = []
    for name in NAMES:
        ended = subprocess.run([interpreter, "-c", f"import {name}"], capture_output=True, check=False)
        if ended.returncode:
            found.append(f"{name} cannot be imported by {interpreter}: not compared")
    return found


def peer_answer(name: str, network: Any, repeats: int) -> Answer | None:
    """A peer's answer to a network whose streams are all measured; None with a line printed if there is none."""
    with tempfile.TemporaryDirectory() as folder:
        problem, answer = Path(folder, "problem.npz"), Path(folder, "answer.npz")
        matrix = incidence(network.nodes, network.tails, network.heads)
        np.savez(problem, matrix=matrix, measured=network.measured, sds=network.sds)
        command = [os.environ[INTERPRETER], __file__, name, str(problem), str(answer), str(repeats)]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            print(f"  {name}: not done in {PATIENCE} s")
            return None
        if ended.returncode:
            print(f"  {name} failed: {(ended.stderr.strip().splitlines() or ['without a word'])[-1]}")
            return None
        with np.load(answer) as found:
            return Answer(
                found["values"], found["sds"], float(found["chi2"]), float(found["first"]), found["later"]
            )


def dense_answer(network: Any, repeats: int) -> Answer:
    """The textbook's formulas on full matrices: values, standard deviations and chi-square."""
    from scipy.linalg import cho_factor, cho_solve  # the peers' interpreter need not have it

    matrix = incidence(network.nodes, network.tails, network.heads)

    def solve() -> tuple[Any, Any, float]:
        variances = network.sds**2
        weighted = matrix * variances
        factor = cho_factor(weighted @ matrix.T)
        gaps = matrix @ network.measured
        multipliers = cho_solve(factor, gaps)
        shared = cho_solve(factor, weighted)
        return (
            network.measured - weighted.T @ multipliers,
            np.sqrt(variances - np.einsum("ij,ij->j", weighted, shared)),
            float(gaps @ multipliers),
        )

    (values, sds, chi2), first, later = timed(solve, repeats)
    return Answer(values, sds, chi2, first, later)


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, float, Any]:
    """What it gives, seconds of the first call, seconds of the later ones."""
    seconds, found = [], None
    for _ in range(repeats + 1):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return found, seconds[0], np.array(seconds[1:])


def run_difflow(matrix: Any, measured: Any, sds: Any, repeats: int) -> Answer:
    """Inside the peers' interpreter."""
    import jax

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - how its interface is
    import jax.numpy as jnp
    from difflow.reconciliation import reconcile

    balances = jnp.asarray(matrix)

    def residuals(x: Any, _: Any) -> Any:
        return balances @ x

    def solve() -> Any:
        result = reconcile(residuals, measured, sds)
        result.x.block_until_ready()
        result.covariance.block_until_ready()
        return result

    found, first, later = timed(solve, repeats)
    deviations = np.sqrt(np.diag(np.asarray(found.covariance)))
    return Answer(np.asarray(found.x), deviations, float(found.objective), first, later)


def run_neqsim(matrix: Any, measured: Any, sds: Any, repeats: int) -> Answer:
    """Inside the peers' interpreter."""
    import jpype
    from neqsim.neqsimpython import jneqsim

    package = jneqsim.process.util.reconciliation
    engine = package.DataReconciliationEngine()
    for number, (value, sd) in enumerate(zip(measured, sds, strict=True)):
        engine.addVariable(package.ReconciliationVariable(f"x{number}", float(value), float(sd)))
    for row in matrix:
        engine.addConstraint(jpype.JArray(jpype.JDouble)(row))
    found, first, later = timed(engine.reconcile, repeats)
    values = np.array([variable.getReconciledValue() for variable in found.getVariables()])
    return Answer(values, np.full(len(values), np.nan), float(found.getChiSquareStatistic()), first, later)


def main() -> None:
    """Answer one problem as a peer."""
    name, problem, answer, repeats = sys.argv[1:5]
    run = {"difflow": run_difflow, "neqsim": run_neqsim}[name]
    with np.load(problem) as given:
        found = run(given["matrix"], given["measured"], given["sds"], int(repeats))
    np.savez(
        answer, values=found.values, sds=found.sds, chi2=found.chi2, first=found.first, later=found.later
    )


if __name__ == "__main__":
    main()

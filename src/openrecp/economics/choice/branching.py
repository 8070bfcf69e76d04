"""Branch and bound by the solver that scipy ships (HiGHS), for cores that more than one budget links."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.choice.program import Program
from openrecp.economics.choice.relaxation import matrix_of, value_size

_ONE_AT_A_TIME = threading.Lock()
_OWN_LINE = b"HighsMipSolverData"


@dataclass(frozen=True, slots=True)
class Branched:
    """What branch and bound found: choice columns, their value, an upper bound, and whether it ended in time."""

    columns: tuple[int, ...] | None
    value: float
    bound: float
    in_time: bool


def branched(
    program: Program,
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
    forbidden: Sequence[tuple[int, ...]],
    gap: float,
    time_limit: float,
) -> Branched:
    """The best choice with every column between its lowest and highest value.

    Parameters
    ----------
    program : Program
    lowest, highest : ndarray, shape (columns,)
        0 and 1; equal where a column is fixed.
    forbidden : sequence of tuple of int
        Choices of columns that are not to be found again.
    gap : float
        Relative.
    time_limit : float
        [s]
    """
    # scipy.optimize takes most of a second to import; only a choice needs it.
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, low, high, _ = matrix_of(program)
    rows = [LinearConstraint(matrix, low, high)]
    integer = np.zeros(len(program.value), np.int8)
    integer[: program.choices] = 1
    for columns in forbidden:
        # At least one of those taken is not, or one of the others is.
        factors = integer.astype(float)
        factors[list(columns)] = -1.0
        rows.append(LinearConstraint(factors[None, :], 1.0 - len(columns), np.inf))
    size = value_size(program)
    with quiet_stdout():
        found = milp(
            -program.value / size,
            integrality=integer,
            bounds=Bounds(lowest, highest),
            constraints=rows,
            options={"mip_rel_gap": gap, "time_limit": time_limit},
        )
    if found.status == 2:
        return Branched(None, -np.inf, -np.inf, in_time=True)
    bound = np.inf if found.mip_dual_bound is None else -found.mip_dual_bound * size
    if found.x is None:
        return Branched(None, -np.inf, bound, in_time=False)
    taken = tuple(np.flatnonzero(found.x[: program.choices] > 0.5).tolist())
    return Branched(taken, -found.fun * size, bound, in_time=found.status == 0)


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Keep HiGHS from standard output, where it prints a line about itself in spite of its options.

    It would spoil what a program prints for others to read. Whatever else is printed meanwhile, by another
    thread perhaps, follows when the solver is done.
    """
    with _ONE_AT_A_TIME:
        try:
            kept = os.dup(1)
        except OSError:  # no standard output at all: nothing to keep clean
            yield
            return
        with tempfile.TemporaryFile() as aside:
            _flush_native()
            os.dup2(aside.fileno(), 1)
            try:
                yield
            finally:
                _flush_native()
                os.dup2(kept, 1)
                os.close(kept)
                aside.seek(0)
                others = b"".join(line for line in aside if not line.startswith(_OWN_LINE))
                while others:
                    others = others[os.write(1, others) :]


def _flush_native() -> None:
    """Empty the buffers of native code, so that every line goes where it belongs at its time."""
    library = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
    library.fflush(None)

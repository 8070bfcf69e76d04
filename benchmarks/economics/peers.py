"""What the benchmarks of economics share: cash flows to count with, peers, and a clock."""

from __future__ import annotations

import importlib
import os
import platform
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

SEED = 1988


def peer(name: str) -> ModuleType | None:
    """The peer's module, or None with a line that says it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed here: not compared")
        return None


def wall_time(work: Callable[[], object], repeats: int = 7) -> float:
    """Seconds by the clock on the wall, best of several."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def surroundings() -> str:
    """What the figures depend on."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} processors{load}"


def projects(rows: int, periods: int) -> Any:
    """Seeded cash flows of shape (rows, periods): an outlay, then inflows; rates from below 0 to 1,000 %."""
    source = np.random.default_rng(SEED)
    outlay = source.uniform(1e4, 1e6, (rows, 1))
    return np.hstack([-outlay, source.uniform(0.05, 0.4, (rows, periods - 1)) * 1e6])


def projects_of_many_signs(rows: int, periods: int) -> dict[str, Any]:
    """The same with more than one change of sign, by what makes the second."""
    source = np.random.default_rng(SEED)
    dismantled, replaced, mixed = (projects(rows, periods) for _ in range(3))
    dismantled[:, -1] = -source.uniform(0.05, 0.3, rows) * 1e6
    replaced[:, periods // 2] -= source.uniform(0.3, 0.6, rows) * 1e6
    mixed[:, 1:] -= source.uniform(0.0, 0.5, (rows, periods - 1)) * 1e6
    return {"dismantled at a cost": dismantled, "part replaced midway": replaced, "any year may lose": mixed}

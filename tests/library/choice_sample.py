"""Candidates that the tests of choosing share, and the best set found by trying all sets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from openrecp.economics.choice import Candidate, LoadShare

MONEY = "TWD"


def candidate(key: str, capital: float = 0.0, npv: float = 0.0, **more: Any) -> Candidate:
    return Candidate(key, key.upper(), MONEY, float(capital), float(npv), **more)


def kept_sets(
    candidates: Sequence[Candidate],
    budget: float | None,
    by_year: Sequence[float],
    least: Mapping[str, float],
) -> Iterator[tuple[Candidate, ...]]:
    """Every set that keeps all conditions, checked one by one."""
    for size in range(len(candidates) + 1):
        for chosen in combinations(candidates, size):
            keys = {each.key for each in chosen}
            if (
                all(each.key in keys for each in candidates if each.required_by_law)
                and all(fits(each, keys) for each in chosen)
                and (budget is None or sum(each.capital for each in chosen) <= budget + 1e-9)
                and all(spent(chosen, year) <= most + 1e-9 for year, most in enumerate(by_year))
                and all(quantity_of(chosen, name) >= most - 1e-9 for name, most in least.items())
            ):
                yield chosen


def fits(each: Candidate, keys: set[str]) -> bool:
    return (
        not keys & set(each.excludes)
        and set(each.requires) <= keys
        and (not each.requires_any or bool(keys & set(each.requires_any)))
    )


def spent(chosen: Sequence[Candidate], year: int) -> float:
    parts = [each.capital_by_year or (each.capital,) for each in chosen]
    return sum(part[year] for part in parts if year < len(part))


def npv_of(chosen: Sequence[Candidate]) -> float:
    return sum(each.npv for each in chosen) - lost(chosen, lambda share: share.value)


def quantity_of(chosen: Sequence[Candidate], name: str) -> float:
    alone = sum(each.quantities.get(name, 0.0) for each in chosen)
    return alone - lost(chosen, lambda share: share.quantities.get(name, 0.0))


def lost(chosen: Sequence[Candidate], amount: Any) -> float:
    """What the savings of a set have in common, load by load, counted from the definition."""
    total = 0.0
    for load in {share.load for each in chosen for share in each.loads}:
        users = [(share, each) for each in chosen for share in each.loads if share.load == load]
        users.sort(key=lambda user: (-user[0].value / user[0].fraction, -user[0].fraction, user[1].key))
        for place, (share, _) in enumerate(users):
            left = math.prod(1.0 - before.fraction for before, _ in users[:place])
            total += amount(share) * (1.0 - left)
    return total


@st.composite
def portfolios(draw: st.DrawFn) -> list[Candidate]:
    """Up to nine candidates with every kind of relation, small whole numbers, and two loads."""
    keys = [f"k{number}" for number in range(draw(st.integers(1, 9)))]
    return [draw(candidates_of(key, [other for other in keys if other != key])) for key in keys]


def candidates_of(key: str, others: list[str]) -> st.SearchStrategy[Candidate]:
    rare = st.lists(st.sampled_from(others), max_size=1, unique=True).map(tuple) if others else st.just(())
    shares = st.builds(
        LoadShare,
        load=st.sampled_from(["water", "air"]),
        fraction=st.sampled_from([0.1, 0.25, 0.5, 0.75, 1.0]),
        value=st.integers(0, 15).map(float),
        annual_saving=st.integers(0, 3).map(float),
        quantities=st.fixed_dictionaries({"t": st.integers(0, 5).map(float)}),
    )
    return st.builds(
        built,
        st.just(key),
        st.tuples(st.integers(0, 12), st.integers(0, 12)),
        st.integers(-10, 25).map(float),
        st.integers(0, 9).map(float),
        rare,
        rare,
        rare,
        st.booleans(),
        st.integers(0, 11).map(lambda number: number == 0),
        st.lists(shares, max_size=2, unique_by=lambda share: share.load).map(tuple),
    )


def built(
    key: str,
    capital: tuple[int, int],
    npv: float,
    avoided: float,
    excludes: tuple[str, ...],
    requires: tuple[str, ...],
    requires_any: tuple[str, ...],
    in_two_years: bool,
    law: bool,
    loads: tuple[LoadShare, ...],
) -> Candidate:
    return candidate(
        key,
        sum(capital),
        npv,
        quantities={"t": avoided},
        excludes=tuple(other for other in excludes if other not in requires),
        requires=requires,
        requires_any=requires_any,
        required_by_law=law,
        capital_by_year=(float(capital[0]), float(capital[1])) if in_two_years else (),
        loads=loads,
    )

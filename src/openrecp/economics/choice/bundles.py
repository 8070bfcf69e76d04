"""Small groups of dependent options, with every combination of each that can be done.

Options that exclude or require one another or save on the same load form a cluster. All possible
combinations of a cluster are listed, each with its exact value; of each cluster one combination is
chosen. What depends on one another is thereby exact without any approximation, and the clusters are
linked by nothing but budgets. A cluster with too many combinations is left to the rows of an integer
program, which is exact as well, only slower.
"""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.economics.choice.portfolio import Portfolio

# Twelve options that save on one load have 4,096 combinations.
MOST_BUNDLES = 4096


def clusters(portfolio: Portfolio) -> list[list[int]]:
    """Places of options that depend on one another, group by group; most stand alone."""
    count = len(portfolio.candidates)
    root = list(range(count))

    def find(each: int) -> int:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    for one, other in _links(portfolio):
        root[find(one)] = find(other)
    found: dict[int, list[int]] = {}
    for each in range(count):
        found.setdefault(find(each), []).append(each)
    return list(found.values())


def _links(portfolio: Portfolio) -> Iterator[tuple[int, int]]:
    for number, each in enumerate(portfolio.candidates):
        for key in (*each.excludes, *each.requires, *each.requires_any):
            yield number, portfolio.place[key]
    for load in portfolio.loads:
        for member in load.members[1:]:
            yield member, load.members[0]


def bundles(portfolio: Portfolio, cluster: list[int]) -> list[tuple[int, ...]] | None:
    """Every set of a cluster's options that can be done, the empty one included if it can.

    None if there are more than can be listed.
    """
    ordered = _needed_first(portfolio, cluster)
    bit = {each: 1 << number for number, each in enumerate(ordered)}
    sets = [0]
    for number, each in enumerate(ordered):
        candidate = portfolio.candidates[each]
        rivals = sum(bit[other] for other in portfolio.rivals[each])
        before = (1 << number) - 1
        # What it requires from further on, in a circle, is checked at the end.
        needed = sum(bit[portfolio.place[key]] for key in set(candidate.requires)) & before
        added = [old | bit[each] for old in sets if not old & rivals and old & needed == needed]
        sets = added if candidate.required_by_law else sets + added
        if len(sets) > MOST_BUNDLES:
            return None
    possible = [made for made in sets if _complete(portfolio, ordered, bit, made)]
    return [tuple(each for each in cluster if made & bit[each]) for made in possible]


def _complete(portfolio: Portfolio, ordered: list[int], bit: dict[int, int], made: int) -> bool:
    for each in ordered:
        if not made & bit[each]:
            continue
        candidate = portfolio.candidates[each]
        if any(not made & bit[portfolio.place[key]] for key in candidate.requires):
            return False
        if candidate.requires_any and not any(
            made & bit[portfolio.place[key]] for key in candidate.requires_any
        ):
            return False
    return True


def _needed_first(portfolio: Portfolio, cluster: list[int]) -> list[int]:
    """The cluster with required options before those that require them, as far as they form no circle."""
    done: dict[int, None] = {}
    for start in cluster:
        ahead = [start]
        entered: set[int] = set()
        while ahead:
            each = ahead[-1]
            missing = [
                portfolio.place[key]
                for key in portfolio.candidates[each].requires
                if portfolio.place[key] not in done and portfolio.place[key] not in entered
            ]
            entered.add(each)
            if missing and each not in done:
                ahead += missing
            else:
                ahead.pop()
                done[each] = None
    return list(done)

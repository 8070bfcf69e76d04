"""Which streams of a flowsheet run back: a light set of arcs without which there is no loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

Arc = tuple[int, int, float]
"""From, to, weight."""

_PASSES: Final = 4


def feedback_arcs(count: int, arcs: Sequence[Arc]) -> set[int]:
    """Indexes of arcs to be drawn backwards, so that the others have no loop.

    In every knot of loops the nodes are put in a line, first by the greedy rule (Eades, Lin and Smyth 1993, with
    weights), then each is moved to where the least weight runs back. As more flows forward in a loop than
    back, what is found are the recycles.

    Parameters
    ----------
    count : int
        Number of nodes.
    arcs : sequence of (int, int, float)

    Examples
    --------
    >>> feedback_arcs(3, [(0, 1, 10.0), (1, 2, 10.0), (2, 0, 3.0)])
    {2}
    """
    knot = _knots(count, arcs)
    inside: dict[int, list[int]] = {}
    for index, (start, end, _) in enumerate(arcs):
        if start != end and knot[start] == knot[end]:
            inside.setdefault(knot[start], []).append(index)
    backward = {index for index, (start, end, _) in enumerate(arcs) if start == end}
    for members in inside.values():
        part = [arcs[index] for index in members]
        place = {node: at for at, node in enumerate(_sifted(_greedy_line(part), part))}
        against = {index for index in members if place[arcs[index][0]] > place[arcs[index][1]]}
        backward |= _needed(against, members, arcs)
    return backward


def _needed(against: set[int], members: Sequence[int], arcs: Sequence[Arc]) -> set[int]:
    """Of the arcs against the line those that close a loop with the rest; the heaviest others go forward again."""
    ahead: dict[int, list[int]] = {}
    for index in members:
        if index not in against:
            ahead.setdefault(arcs[index][0], []).append(arcs[index][1])
    needed = set()
    for index in sorted(against, key=lambda each: (-arcs[each][2], each)):
        start, end, _ = arcs[index]
        if _reaches(end, start, ahead):
            needed.add(index)
        else:
            ahead.setdefault(start, []).append(end)
    return needed


def _reaches(start: int, end: int, ahead: Mapping[int, Sequence[int]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for other in ahead.get(waiting.pop(), ()):
            if other == end:
                return True
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def _knots(count: int, arcs: Sequence[Arc]) -> list[int]:
    """The strongly connected component of each node (Tarjan 1972, without recursion)."""
    ahead: list[list[int]] = [[] for _ in range(count)]
    for start, end, _ in arcs:
        ahead[start].append(end)
    seen, low, knot = [-1] * count, [0] * count, [-1] * count
    clock, stack = 0, []
    for root in range(count):
        if seen[root] >= 0:
            continue
        work = [(root, iter(ahead[root]))]
        while work:
            node, rest = work[-1]
            if seen[node] < 0:
                seen[node] = low[node] = clock
                clock += 1
                stack.append(node)
            for other in rest:
                if seen[other] < 0:
                    work.append((other, iter(ahead[other])))
                    break
                if knot[other] < 0:
                    low[node] = min(low[node], low[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == seen[node]:
                    while knot[node] < 0:
                        knot[stack.pop()] = node
    return knot


def _greedy_line(arcs: Sequence[Arc]) -> list[int]:
    """Nodes in a line: what nothing enters first, what nothing leaves last, else the largest surplus first."""
    surplus: dict[int, list[float]] = {}
    touching: dict[int, list[Arc]] = {}
    for arc in arcs:
        start, end, weight = arc
        for node, side in ((start, 1), (end, 0)):
            surplus.setdefault(node, [0.0, 0.0])[side] += weight
            touching.setdefault(node, []).append(arc)
    first: list[int] = []
    last: list[int] = []
    left = dict.fromkeys(sorted(surplus))
    while left:
        sink = next((node for node in left if surplus[node][1] <= 1e-12), None)
        source = next((node for node in left if surplus[node][0] <= 1e-12), None)
        if sink is not None and source is None:
            last.append(sink)
            taken = sink
        else:
            taken = (
                source
                if source is not None
                else max(left, key=lambda node: surplus[node][1] - surplus[node][0])
            )
            first.append(taken)
        del left[taken]
        for start, end, weight in touching[taken]:
            surplus[start][1] -= weight
            surplus[end][0] -= weight
    return first + last[::-1]


def _sifted(line: list[int], arcs: Sequence[Arc]) -> list[int]:
    """The line with every node moved to where the least weight runs back past it, a few times over."""
    touching: dict[int, list[tuple[int, float]]] = {node: [] for node in line}
    for start, end, weight in arcs:
        # Standing after a node that it flows to costs the weight; standing after one that feeds it saves it.
        touching[start].append((end, weight))
        touching[end].append((start, -weight))
    for _ in range(_PASSES):
        moved = False
        for node in list(line):
            place = {each: at for at, each in enumerate(line)}
            home = place[node]
            gains = sorted((place[other], weight) for other, weight in touching[node])
            cost, here = 0.0, sum(weight for at, weight in gains if at < home)
            best, target = here - 1e-9, home
            for at, weight in [(-1, 0.0), *gains]:
                cost += weight
                if cost < best:
                    best, target = cost, at + 1
            if target != home and best < here - 1e-9:
                line.pop(home)
                line.insert(target - (target > home), node)
                moved = True
        if not moved:
            break
    return line

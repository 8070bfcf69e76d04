"""Which column each box stands in: after all that feeds it, and near what it is connected with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openrecp.reports.charts.flows.level import Item, Link

_ROUNDS: Final = 6


def column_numbers(items: Sequence[Item], links: Sequence[Link], backward: set[int]) -> list[int]:
    """The column of each item: the longest way to it, then moved to where its links are short.

    Moving goes on within the slack that the links leave, to the side with more weight, as the network simplex
    of layered drawings does in the end (Gansner et al. 1993), without its tree.
    """
    number = {item.key: index for index, item in enumerate(items)}
    into: list[list[tuple[int, float]]] = [[] for _ in items]
    out_of: list[list[tuple[int, float]]] = [[] for _ in items]
    for index, link in enumerate(links):
        if index not in backward:
            start, end = number[link.start], number[link.end]
            out_of[start].append((end, 1.0 + link.slot))
            into[end].append((start, 1.0 + link.slot))
    line = _topological(into, out_of)
    columns = [0] * len(items)
    first = 1 if any(item.column == "first" for item in items) else 0
    for node in line:
        least = 0 if items[node].column == "first" else first
        columns[node] = max([least, *(columns[other] + 1 for other, _ in into[node])])
    _pull(items, columns, line, into, out_of, first)
    last = max(columns, default=0)
    inner = [columns[node] for node, item in enumerate(items) if item.column != "last"]
    last = max([last, *(at + 1 for at in inner)]) if len(inner) < len(items) else last
    for node, item in enumerate(items):
        if item.column == "last":
            columns[node] = last
    return columns


def _topological(
    into: Sequence[Sequence[tuple[int, float]]], out_of: Sequence[Sequence[tuple[int, float]]]
) -> list[int]:
    waiting = [len(each) for each in into]
    line = [node for node, count in enumerate(waiting) if count == 0]
    for node in line:
        for other, _ in out_of[node]:
            waiting[other] -= 1
            if waiting[other] == 0:
                line.append(other)
    return line


def _pull(
    items: Sequence[Item],
    columns: list[int],
    line: Sequence[int],
    into: Sequence[Sequence[tuple[int, float]]],
    out_of: Sequence[Sequence[tuple[int, float]]],
    first: int,
) -> None:
    for round_number in range(_ROUNDS):
        moved = False
        for node in line[::-1] if round_number % 2 == 0 else line:
            if items[node].column != "free":
                continue
            drawn = [other for other, _ in out_of[node] if items[other].column != "last"]
            low = max([first, *(columns[other] + 1 for other, _ in into[node])])
            high = min([columns[other] - 1 for other in drawn], default=columns[node] if into[node] else low)
            behind = sum(weight for _, weight in into[node])
            ahead = sum(weight for other, weight in out_of[node] if items[other].column != "last")
            target = low if behind > ahead else high if ahead > behind else columns[node]
            if low <= target <= high and target != columns[node]:
                columns[node] = target
                moved = True
        if not moved:
            break

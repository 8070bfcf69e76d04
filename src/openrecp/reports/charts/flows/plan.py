"""The whole picture planned: sections arranged inside, then the sections among each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from openrecp.reports.charts.flows.arranging import Arrangement, Part, Rect, arranged
from openrecp.reports.charts.flows.level import Item, Link, Spacing
from openrecp.reports.charts.flows.loops import feedback_arcs

_PAD: Final = 12.0
_TITLE: Final = 24.0
_ON_TOP: Final = -1000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes and ways by their keys, frames by the key of their section, and the size of it all [px]."""

    boxes: dict[str, Rect]
    ways: dict[str, tuple[Part, ...]]
    frames: dict[str, Rect]
    width: float
    height: float


def planned(items: Sequence[Item], links: Sequence[Link], section_of: Mapping[str, str], spacing: Spacing) -> Plan:
    """Places for all items and ways for all links.

    Parameters
    ----------
    items : sequence of Item
    links : sequence of Link
    section_of : Mapping[str, str]
        Section of each item by its key; items without one stand for themselves among the sections.
    spacing : Spacing
    """
    if not any(section_of.get(item.key) for item in items):
        flat = arranged(items, links, spacing)
        return Plan(flat.boxes, flat.ways, {}, flat.width, flat.height)
    group = {item.key: section_of.get(item.key) or f"\x00{item.key}" for item in items}
    keys = list(dict.fromkeys(group.values()))
    crossing = [link for link in links if group[link.start] != group[link.end]]
    inner = _inner(items, links, group, keys, _backward(crossing, group, keys), spacing)
    outer = arranged(
        [_box(key, inner[key]) for key in keys],
        [
            replace(
                link,
                start=group[link.start],
                end=group[link.end],
                leave=_port(inner[group[link.start]], group[link.start], f"{link.key}\x00out"),
                enter=_port(inner[group[link.end]], group[link.end], f"{link.key}\x00in"),
            )
            for link in crossing
        ],
        replace(spacing, between=30.0),
    )
    return _joined(links, group, inner, outer)


def _backward(crossing: Sequence[Link], group: Mapping[str, str], keys: Sequence[str]) -> set[str]:
    number = {key: index for index, key in enumerate(keys)}
    arcs = [(number[group[link.start]], number[group[link.end]], link.weight) for link in crossing]
    return {crossing[index].key for index in feedback_arcs(len(keys), arcs)}


def _inner(
    items: Sequence[Item],
    links: Sequence[Link],
    group: Mapping[str, str],
    keys: Sequence[str],
    backward: set[str],
    spacing: Spacing,
) -> dict[str, Arrangement]:
    """Each section by itself, with a gate in its sides for every stream that comes from or goes to another."""
    parts: dict[str, tuple[list[Item], list[Link]]] = {key: ([], []) for key in keys}
    for item in items:
        parts[group[item.key]][0].append(item)
    for link in links:
        here, there = group[link.start], group[link.end]
        if here == there:
            parts[here][1].append(link)
            continue
        bias = _ON_TOP if link.key in backward else 0.0
        leaving, coming = f"{link.key}\x00out", f"{link.key}\x00in"
        parts[here][0].append(Item(leaving, 0.0, link.slot, "last", bias))
        parts[here][1].append(replace(link, end=leaving))
        parts[there][0].append(Item(coming, 0.0, link.slot, "first", bias))
        parts[there][1].append(replace(link, start=coming))
    return {key: arranged(inside, ways, spacing) for key, (inside, ways) in parts.items()}


def _pads(key: str) -> tuple[float, float, float]:
    """Room at the sides, above and below what is in a frame."""
    return (0.0, 0.0, 0.0) if key.startswith("\x00") else (_PAD, _TITLE, _PAD)


def _box(key: str, inside: Arrangement) -> Item:
    side, above, below = _pads(key)
    return Item(key, inside.width + 2 * side, inside.height + above + below)


def _port(inside: Arrangement, key: str, gate: str) -> float:
    box = inside.boxes[gate]
    return _pads(key)[1] + box.y + box.height / 2


def _joined(
    links: Sequence[Link], group: Mapping[str, str], inner: Mapping[str, Arrangement], outer: Arrangement
) -> Plan:
    boxes: dict[str, Rect] = {}
    offsets: dict[str, tuple[float, float]] = {}
    for key, inside in inner.items():
        side, above, _ = _pads(key)
        offsets[key] = dx, dy = outer.boxes[key].x + side, outer.boxes[key].y + above
        boxes |= {name: box.moved(dx, dy) for name, box in inside.boxes.items() if "\x00" not in name}
    ways: dict[str, tuple[Part, ...]] = {}
    for link in links:
        here, there = group[link.start], group[link.end]
        way = tuple(part.moved(*offsets[here]) for part in inner[here].ways[link.key])
        if here != there:
            rest = tuple(part.moved(*offsets[there]) for part in inner[there].ways[link.key])
            way = (*way, *outer.ways[link.key], *rest)
        ways[link.key] = way
    frames = {key: outer.boxes[key] for key in inner if not key.startswith("\x00")}
    return Plan(boxes, ways, frames, outer.width, outer.height)

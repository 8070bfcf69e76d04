"""The whole picture planned: sections inside, sections in rows, and rows one below the other as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from openrecp.reports.charts.flows.arranging import Arrangement, Part, Rect, arranged
from openrecp.reports.charts.flows.columns import column_numbers
from openrecp.reports.charts.flows.level import FREE, Item, Link, Spacing
from openrecp.reports.charts.flows.loops import feedback_arcs
from openrecp.reports.charts.flows.rows import Passage, stacked

_PAD: Final = 12.0
_TITLE: Final = 24.0
_LONE: Final = "\x00"
"""Begins the key of a group that holds one item and has no frame."""
_FAR: Final = 1000.0
_SPARE: Final = 1.3


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes and ways by their keys, frames by the key of their section, the size of it all [px], and its rows."""

    boxes: dict[str, Rect]
    ways: dict[str, tuple[Part, ...]]
    frames: dict[str, Rect]
    width: float
    height: float
    rows: int


def planned(
    items: Sequence[Item],
    links: Sequence[Link],
    section_of: Mapping[str, str],
    spacing: Spacing,
    rows: int = 1,
) -> Plan:
    """Places for all items and ways for all links.

    Parameters
    ----------
    items : sequence of Item
    links : sequence of Link
    section_of : Mapping[str, str]
        Section of each item by its key; items without one stand for themselves among the sections.
    spacing : Spacing
    rows : int
        In how many rows the picture goes on, if it has so many columns.
    """
    if not any(section_of.get(item.key) for item in items):
        return _stacked_rows(items, links, _rows(items, links, _own_breadths(items), spacing, rows), spacing)
    group, boxes, between = _grouped(items, links, section_of)
    row = _rows(boxes, between, _breadths(items, links, group, spacing), spacing, rows)
    backward = _backward(boxes, between)
    keys = list(dict.fromkeys(group.values()))
    bias = {link.key: _FAR if row[link.start] != row[link.end] else -_FAR for link in between}
    bias = {key: far for key, far in bias.items() if far > 0 or key in backward}
    inner = _inside(items, links, group, spacing, lambda key: bias.get(key, 0.0))
    outer = _stacked_rows(
        [_box(key, inner[key]) for key in keys],
        [
            replace(
                link,
                leave=_port(inner[link.start], link.start, _gate(link.key, out=True)),
                enter=_port(inner[link.end], link.end, _gate(link.key, out=False)),
            )
            for link in between
        ],
        row,
        replace(spacing, between=26.0),
    )
    return _joined(links, group, inner, outer)


def rows_needed(
    items: Sequence[Item],
    links: Sequence[Link],
    section_of: Mapping[str, str],
    spacing: Spacing,
    width: float,
) -> int:
    """In how many rows of about this width [px] the picture should go on; none for a little more than one."""
    if not any(section_of.get(item.key) for item in items):
        whole = sum(_column_widths(items, links, _own_breadths(items), spacing)[1])
    else:
        group, boxes, between = _grouped(items, links, section_of)
        whole = sum(_column_widths(boxes, between, _breadths(items, links, group, spacing), spacing)[1])
    return 1 if whole <= width * _SPARE else round(whole / width + 0.3)


def _own_breadths(items: Sequence[Item]) -> dict[str, float]:
    return {item.key: item.width for item in items}


def _grouped(
    items: Sequence[Item], links: Sequence[Link], section_of: Mapping[str, str]
) -> tuple[dict[str, str], list[Item], list[Link]]:
    """Group of each item, one box for each group, and the links between groups."""
    group = {item.key: section_of.get(item.key) or f"{_LONE}{item.key}" for item in items}
    boxes = [Item(key, 0.0, 0.0) for key in dict.fromkeys(group.values())]
    crossing = [link for link in links if group[link.start] != group[link.end]]
    return group, boxes, [replace(link, start=group[link.start], end=group[link.end]) for link in crossing]


def _gate(link: str, *, out: bool) -> str:
    return f"\x00{'out' if out else 'in'} {link}"


def _backward(items: Sequence[Item], links: Sequence[Link]) -> set[str]:
    return {links[index].key for index in _feedback(items, links)}


def _feedback(items: Sequence[Item], links: Sequence[Link]) -> set[int]:
    number = {item.key: index for index, item in enumerate(items)}
    return feedback_arcs(len(items), [(number[link.start], number[link.end], link.weight) for link in links])


def _breadths(
    items: Sequence[Item], links: Sequence[Link], group: Mapping[str, str], spacing: Spacing
) -> dict[str, float]:
    """About how wide each section will be [px]."""
    found: dict[str, float] = {}
    for key, (inside, ways) in _parts(
        items, [each for each in links if group[each.start] == group[each.end]], group
    ):
        count = max(column_numbers(inside, ways, _feedback(inside, ways)), default=0) + 1
        found[key] = count * (max(item.width for item in inside) + spacing.gap + 16)
    return found


def _parts(
    items: Sequence[Item], links: Sequence[Link], group: Mapping[str, str]
) -> list[tuple[str, tuple[list[Item], list[Link]]]]:
    parts: dict[str, tuple[list[Item], list[Link]]] = {}
    for item in items:
        parts.setdefault(group[item.key], ([], []))[0].append(item)
    for link in links:
        parts[group[link.start]][1].append(link)
    return list(parts.items())


def _column_widths(
    items: Sequence[Item], links: Sequence[Link], breadths: Mapping[str, float], spacing: Spacing
) -> tuple[list[int], list[float]]:
    """The column of each item, and about how wide each column will be [px]."""
    columns = column_numbers(items, links, _feedback(items, links))
    wide = [0.0] * (max(columns, default=-1) + 1)
    for item, column in zip(items, columns, strict=True):
        wide[column] = max(wide[column], breadths[item.key] + spacing.gap + 16)
    return columns, wide


def _rows(
    items: Sequence[Item], links: Sequence[Link], breadths: Mapping[str, float], spacing: Spacing, rows: int
) -> dict[str, int]:
    """Row of each item: columns from left to right, rows about equally wide."""
    columns, wide = _column_widths(items, links, breadths, spacing)
    rows_of_columns = _broken(wide, rows)
    row = {item.key: rows_of_columns[column] for item, column in zip(items, columns, strict=True)}
    for link in links:
        for end, box in ((link.start, link.end), (link.end, link.start)):
            if end.removeprefix(_LONE).startswith(FREE):
                row[end] = row[box]
    return row


def _broken(wide: Sequence[float], count: int) -> list[int]:
    """Row of each column, so that rows are about equally wide."""
    whole = sum(wide)
    rows, at, row = [], 0.0, 0
    for each in wide:
        if at + each / 2 > whole * (row + 1) / count and row + 1 < count:
            row += 1
        rows.append(row)
        at += each
    return rows


def _inside(
    items: Sequence[Item],
    links: Sequence[Link],
    group: Mapping[str, str],
    spacing: Spacing,
    bias: Callable[[str], float],
) -> dict[str, Arrangement]:
    """Each group by itself, with a gate in its sides for every link that comes from or goes to another."""
    gates: list[Item] = []
    ways: list[Link] = []
    place = dict(group)
    for link in links:
        here, there = group[link.start], group[link.end]
        if here == there:
            ways.append(link)
            continue
        leaving, coming = _gate(link.key, out=True), _gate(link.key, out=False)
        place[leaving], place[coming] = here, there
        gates.append(Item(leaving, 0.0, link.slot, "last", bias(link.key)))
        gates.append(Item(coming, 0.0, link.slot, "first", min(bias(link.key), 0.0)))
        ways.append(replace(link, end=leaving, enter=None))
        ways.append(replace(link, start=coming, leave=None))
    return {
        key: arranged(inside, within, spacing)
        for key, (inside, within) in _parts([*items, *gates], ways, place)
    }


def _stacked_rows(
    items: Sequence[Item], links: Sequence[Link], row: Mapping[str, int], spacing: Spacing
) -> Plan:
    """Rows arranged one by one, and what goes from one to the other led around their ends."""
    names = {key: f"{number:04d}" for key, number in row.items()}
    rows = _inside(items, links, names, spacing, lambda _: _FAR)
    whole = stacked([(key, rows[key]) for key in sorted(rows)], _between_rows(links, names, rows), spacing)
    boxes: dict[str, Rect] = {}
    for key, inside in rows.items():
        boxes |= {name: box.moved(*whole.offsets[key]) for name, box in inside.boxes.items()}
    ways: dict[str, tuple[Part, ...]] = {}
    for link in links:
        here, there = names[link.start], names[link.end]
        way = tuple(part.moved(*whole.offsets[here]) for part in rows[here].ways[link.key])
        if here != there:
            rest = tuple(part.moved(*whole.offsets[there]) for part in rows[there].ways[link.key])
            way = (*way, whole.loops[link.key], *rest)
        ways[link.key] = way
    return Plan(_without_gates(boxes), ways, {}, whole.width, whole.height, len(rows))


def _without_gates(boxes: Mapping[str, Rect]) -> dict[str, Rect]:
    return {key: box for key, box in boxes.items() if not key.startswith(("\x00in ", "\x00out "))}


def _between_rows(
    links: Sequence[Link], names: Mapping[str, str], rows: Mapping[str, Arrangement]
) -> list[Passage]:
    found = []
    for link in links:
        here, there = names[link.start], names[link.end]
        if here != there:
            leave = rows[here].boxes[_gate(link.key, out=True)]
            enter = rows[there].boxes[_gate(link.key, out=False)]
            found.append(
                Passage(
                    link.key, link.slot, here, leave.y + leave.height / 2, there, enter.y + enter.height / 2
                )
            )
    return found


def _pads(key: str) -> tuple[float, float, float]:
    """Room at the sides, above and below what is in a frame."""
    return (0.0, 0.0, 0.0) if key.startswith(_LONE) else (_PAD, _TITLE, _PAD)


def _box(key: str, inside: Arrangement) -> Item:
    side, above, below = _pads(key)
    return Item(key, inside.width + 2 * side, inside.height + above + below)


def _port(inside: Arrangement, key: str, gate: str) -> float:
    box = inside.boxes[gate]
    return _pads(key)[1] + box.y + box.height / 2


def _joined(
    links: Sequence[Link], group: Mapping[str, str], inner: Mapping[str, Arrangement], outer: Plan
) -> Plan:
    boxes: dict[str, Rect] = {}
    offsets: dict[str, tuple[float, float]] = {}
    for key, inside in inner.items():
        side, above, _ = _pads(key)
        offsets[key] = dx, dy = outer.boxes[key].x + side, outer.boxes[key].y + above
        boxes |= {name: box.moved(dx, dy) for name, box in _without_gates(inside.boxes).items()}
    ways: dict[str, tuple[Part, ...]] = {}
    for link in links:
        here, there = group[link.start], group[link.end]
        way = tuple(part.moved(*offsets[here]) for part in inner[here].ways[link.key])
        if here != there:
            rest = tuple(part.moved(*offsets[there]) for part in inner[there].ways[link.key])
            way = (*way, *outer.ways[link.key], *rest)
        ways[link.key] = way
    frames = {key: outer.boxes[key] for key in inner if not key.startswith(_LONE)}
    return Plan(boxes, ways, frames, outer.width, outer.height, outer.rows)

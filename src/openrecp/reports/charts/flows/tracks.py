"""Ways as lines with rounded corners, and the band of any width along them.

A band is as wide around a corner as it is on the straight, because both its edges are true offsets: lines and
arcs about the same centres. That keeps widths proportional where a slanted band would look thinner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.reports.charts.flows.arranging import Leg, Loop, Part

Corner = tuple[float, float, float]
"""A corner of a way and the radius it is rounded with [px]; the ends have radius 0."""

_STRAIGHT: Final = 0.05
_SHORTEST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Line:
    """A straight piece."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A piece around ``(cx, cy)``; ``turn`` is 1 for clockwise on the screen and -1 for the other way."""

    cx: float
    cy: float
    radius: float
    x1: float
    y1: float
    x2: float
    y2: float
    turn: int


Piece = Line | Arc


def curved_corners(way: Sequence[Part], half: float) -> list[Corner]:
    """Corners of a ribbon: swung from one height to the other, loops with round corners.

    Parameters
    ----------
    way : sequence of Part
    half : float
        Half the width of the ribbon [px]; no corner is tighter.
    """
    corners: list[Corner] = [(*_start(way), 0.0)]
    for part in way:
        corners += _swing(part, half) if isinstance(part, Leg) else _around(part, half + 5.0)
    return [*corners, (*_end(way), 0.0)]


def square_corners(way: Sequence[Part], turns: Sequence[float], radius: float) -> list[Corner]:
    """Corners of a line that turns at right angles: each leg at the place given for it, with small radii."""
    corners: list[Corner] = [(*_start(way), 0.0)]
    legs = iter(turns)
    for part in way:
        if isinstance(part, Loop):
            corners += _around(part, radius)
            continue
        turn = next(legs)
        if abs(part.y2 - part.y1) > _STRAIGHT:
            small = min(radius, abs(part.y2 - part.y1) / 2)
            corners += [(turn, part.y1, small), (turn, part.y2, small)]
    return [*corners, (*_end(way), 0.0)]


def _start(way: Sequence[Part]) -> tuple[float, float]:
    return way[0].x1, way[0].y1


def _end(way: Sequence[Part]) -> tuple[float, float]:
    return way[-1].x2, way[-1].y2


def _swing(leg: Leg, half: float) -> list[Corner]:
    """Two arcs from one height to the other, with a straight piece between them where it is steep."""
    across, rise = leg.b - leg.a, leg.y2 - leg.y1
    if abs(rise) < _STRAIGHT:
        return []
    angle = min(2 * math.atan2(abs(rise), across), math.pi / 2)
    inset = (across - abs(rise) / math.tan(angle)) / 2
    slant = abs(rise) / math.sin(angle)
    radius = min(inset, slant / 2) / math.tan(angle / 2)
    radius = max(radius, min(half, 1.0))
    return [(leg.a + inset, leg.y1, radius), (leg.b - inset, leg.y2, radius)]


def _around(loop: Loop, radius: float) -> list[Corner]:
    return [
        (loop.out, loop.y1, radius),
        (loop.out, loop.lane, radius),
        (loop.back, loop.lane, radius),
        (loop.back, loop.y2, radius),
    ]


def pieces(corners: Sequence[Corner]) -> list[Piece]:
    """Lines and arcs through the corners."""
    found: list[Piece] = []
    x, y = corners[0][:2]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        arc = _fillet(before, corner, after)
        if arc is None:
            continue
        if math.hypot(arc.x1 - x, arc.y1 - y) > _SHORTEST:
            found.append(Line(x, y, arc.x1, arc.y1))
        found.append(arc)
        x, y = arc.x2, arc.y2
    found.append(Line(x, y, *corners[-1][:2]))
    return found


def _fillet(before: Corner, corner: Corner, after: Corner) -> Arc | None:
    ux, uy, first = _direction(before, corner)
    vx, vy, second = _direction(corner, after)
    cross, dot = ux * vy - uy * vx, ux * vx + uy * vy
    angle = abs(math.atan2(cross, dot))
    if angle < 1e-4 or min(first, second) < _SHORTEST:
        return None
    # A straight piece between two corners is shared by both of them; an end belongs to one alone.
    room = min(first * (1.0 if before[2] == 0 else 0.5), second * (1.0 if after[2] == 0 else 0.5))
    reach = min(corner[2] * math.tan(angle / 2), room)
    radius = reach / math.tan(angle / 2)
    turn = 1 if cross > 0 else -1
    x1, y1 = corner[0] - ux * reach, corner[1] - uy * reach
    x2, y2 = corner[0] + vx * reach, corner[1] + vy * reach
    return Arc(x1 - uy * radius * turn, y1 + ux * radius * turn, radius, x1, y1, x2, y2, turn)


def _direction(start: Corner, end: Corner) -> tuple[float, float, float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length, length) if length > _SHORTEST else (1.0, 0.0, 0.0)


def number(value: float) -> str:
    """A coordinate with a tenth of a pixel.

    >>> number(3.04), number(-0.02), number(12.25)
    ('3', '0', '12.2')
    """
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def edge(found: Sequence[Piece], offset: float) -> tuple[list[str], list[tuple[float, float]]]:
    """Path commands along the pieces at a distance to their right [px], and the points passed."""
    commands: list[str] = []
    points: list[tuple[float, float]] = []
    for piece in found:
        if isinstance(piece, Line):
            ux, uy, _ = _direction((piece.x1, piece.y1, 0), (piece.x2, piece.y2, 0))
            x1, y1 = piece.x1 - uy * offset, piece.y1 + ux * offset
            x2, y2 = piece.x2 - uy * offset, piece.y2 + ux * offset
            if not points:
                points.append((x1, y1))
            commands.append(f"L{number(x2)} {number(y2)}")
        else:
            radius = max(piece.radius - piece.turn * offset, 0.0)
            x1, y1 = _on(piece, piece.x1, piece.y1, radius)
            x2, y2 = _on(piece, piece.x2, piece.y2, radius)
            if not points:
                points.append((x1, y1))
            sweep = 1 if piece.turn > 0 else 0
            commands.append(f"A{number(radius)} {number(radius)} 0 0 {sweep} {number(x2)} {number(y2)}")
        points.append((x2, y2))
    return commands, points


def _on(arc: Arc, x: float, y: float, radius: float) -> tuple[float, float]:
    if arc.radius < _SHORTEST:
        return x, y
    share = radius / arc.radius
    return arc.cx + (x - arc.cx) * share, arc.cy + (y - arc.cy) * share


def reversed_pieces(found: Sequence[Piece]) -> list[Piece]:
    """The same way walked from its end."""
    turned: list[Piece] = []
    for piece in reversed(found):
        if isinstance(piece, Line):
            turned.append(Line(piece.x2, piece.y2, piece.x1, piece.y1))
        else:
            turned.append(
                Arc(piece.cx, piece.cy, piece.radius, piece.x2, piece.y2, piece.x1, piece.y1, -piece.turn)
            )
    return turned


def line_path(found: Sequence[Piece], offset: float = 0.0) -> str:
    """A line along the pieces as path data."""
    commands, points = edge(found, offset)
    return f"M{number(points[0][0])} {number(points[0][1])}{''.join(commands)}"


def band_path(found: Sequence[Piece], half: float, head: float = 0.0, flare: float = 0.0) -> str:
    """A band along the pieces as path data, with a pointed end.

    Parameters
    ----------
    half : float
        Half its width [px].
    head : float
        Length of the point [px], within the last straight piece.
    flare : float
        Half the width of the point where it begins [px], if that is more.

    Raises
    ------
    TypeError
        If the way does not end in a straight piece.
    """
    last = found[-1]
    if not isinstance(last, Line):
        raise TypeError(last)
    ux, uy, length = _direction((last.x1, last.y1, 0), (last.x2, last.y2, 0))
    head = min(head, length)
    body = [*found[:-1], Line(last.x1, last.y1, last.x2 - ux * head, last.y2 - uy * head)]
    there, points = edge(body, half)
    back, others = edge(reversed_pieces(body), half)
    tip = ""
    if head:
        x, y, wide = last.x2 - ux * head, last.y2 - uy * head, max(flare, half)
        corners = [(x - uy * wide, y + ux * wide), (last.x2, last.y2), (x + uy * wide, y - ux * wide)]
        tip = "".join(f"L{number(px)} {number(py)}" for px, py in corners)
    start = f"M{number(points[0][0])} {number(points[0][1])}"
    return f"{start}{''.join(there)}{tip}L{number(others[0][0])} {number(others[0][1])}{''.join(back)}Z"


def extent(found: Sequence[Piece], half: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the band [px]."""
    points = [point for side in (-half, half) for point in edge(found, side)[1]]
    return (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )

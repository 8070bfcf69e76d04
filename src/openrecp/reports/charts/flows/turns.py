"""Where lines of a flow diagram turn: each in a track of its own in the gap between two columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openrecp.reports.charts.flows.arranging import Leg, Part

Place = tuple[str, int]
"""A leg by the key of its stream and its number on the way."""


def turning_places(ways: Mapping[str, Sequence[Part]]) -> dict[str, list[float]]:
    """For every way, the place of the turn in each of its legs [px], so that upright pieces do not lie on another.

    In one gap, what goes down turns the earlier the lower it starts, what goes up the earlier the higher it
    starts; two that go the same way then do not cross.
    """
    gaps: dict[tuple[float, float], list[tuple[Place, Leg]]] = {}
    places: dict[str, list[float]] = {}
    for key, way in ways.items():
        legs = [part for part in way if isinstance(part, Leg)]
        places[key] = [(leg.a + leg.b) / 2 for leg in legs]
        for order, leg in enumerate(legs):
            if abs(leg.y2 - leg.y1) > 0.05:
                gaps.setdefault((round(leg.a, 1), round(leg.b, 1)), []).append(((key, order), leg))
    for (left, right), members in gaps.items():
        tracks = _tracks(members)
        count = max(tracks.values()) + 1
        for (key, order), track in tracks.items():
            places[key][order] = left + (track + 1) * (right - left) / (count + 1)
    return places


def _tracks(members: Sequence[tuple[Place, Leg]]) -> dict[Place, int]:
    def rank(member: tuple[Place, Leg]) -> tuple[bool, float]:
        leg = member[1]
        return (True, -leg.y1) if leg.y2 > leg.y1 else (False, leg.y1)

    tracks: dict[Place, int] = {}
    done: list[tuple[float, float, int]] = []
    for place, leg in sorted(members, key=rank):
        low, high = sorted((leg.y1, leg.y2))
        beside = [track for first, last, track in done if first < high + 6 and low - 6 < last]
        tracks[place] = max(beside, default=-1) + 1
        done.append((low, high, tracks[place]))
    return tracks

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from balance_charts import CHARTS, N, S, as_flow, diagrams
from balance_plant import RECYCLES, large_plant, small_plant
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from openrecp.reports.charts.drawing import chart_svg
from openrecp.reports.charts.flow_diagram.drawing import FlowSketch, flow_sketch
from openrecp.reports.charts.flow_specs import (
    INTERVAL,
    Detail,
    SankeyDiagram,
    SankeySection,
)
from openrecp.reports.charts.flows.arranging import Loop, Rect
from openrecp.reports.charts.flows.boxes import free_end
from openrecp.reports.charts.flows.heights import separated
from openrecp.reports.charts.flows.loops import feedback_arcs
from openrecp.reports.charts.flows.tracks import Arc, Line, Piece, band_path, pieces
from openrecp.reports.charts.sankey.drawing import Sketch, sankey_sketch
from openrecp.reports.charts.sankey.ribbons import THINNEST
from openrecp.texts import LANGUAGES, Language


def band_samples(track: Sequence[Piece], half: float) -> Iterator[tuple[float, float]]:
    """Points of a band, across and along it."""
    for piece in track:
        steps = max(2, int(math.hypot(piece.x2 - piece.x1, piece.y2 - piece.y1) // 6))
        for at in range(steps + 1):
            share = at / steps
            x, y = piece.x1 + (piece.x2 - piece.x1) * share, piece.y1 + (piece.y2 - piece.y1) * share
            if isinstance(piece, Arc):
                reach = math.hypot(x - piece.cx, y - piece.cy) or 1.0
                nx, ny = (x - piece.cx) / reach, (y - piece.cy) / reach
                x, y = piece.cx + nx * piece.radius, piece.cy + ny * piece.radius
            else:
                length = math.hypot(piece.x2 - piece.x1, piece.y2 - piece.y1) or 1.0
                nx, ny = -(piece.y2 - piece.y1) / length, (piece.x2 - piece.x1) / length
            for side in (-0.98, -0.5, 0, 0.5, 0.98):
                yield x + side * half * nx, y + side * half * ny


def crossed(track: Sequence[Piece], half: float, boxes: Sequence[Rect]) -> list[Rect]:
    points = list(band_samples(track, half))
    return [
        box
        for box in boxes
        if any(box.x + 0.5 < x < box.right - 0.5 and box.y + 0.5 < y < box.bottom - 0.5 for x, y in points)
    ]


def overlap(one: Rect, other: Rect, by: float = 0.01) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > by and down > by


def boxes_of(sketch: Sketch | FlowSketch) -> list[Rect]:
    return [sketch.plan.boxes[node.key] for node in sketch.chart.nodes if node.kind != "environment"]


def assert_sound(sketch: Sketch | FlowSketch) -> None:
    """What has to hold of every picture."""
    boxes = boxes_of(sketch)
    labels = list(sketch.labels) + (list(sketch.tags) if isinstance(sketch, FlowSketch) else [])
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other)
    for label in labels:
        assert all(map(math.isfinite, (label.rect.x, label.rect.y, label.rect.right, label.rect.bottom)))
        assert label.rect.x >= sketch.canvas.x - 0.01
        assert label.rect.y >= sketch.canvas.y - 0.01
        assert label.rect.right <= sketch.canvas.right + 0.01
        assert label.rect.bottom <= sketch.canvas.bottom + 0.01
        assert not any(overlap(label.rect, box) for box in boxes), label
    for one_label, other_label in combinations(labels, 2):
        assert not overlap(one_label.rect, other_label.rect), (one_label, other_label)
    tracks = (
        [(each.track, each.width / 2) for each in sketch.ribbons]
        if isinstance(sketch, Sketch)
        else [(track, 0.5) for track in sketch.tracks.values()]
    )
    for track, half in tracks:
        assert not crossed(track, half, boxes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_nothing_stands_over_anything_it_should_not(name: str, language: Language) -> None:
    assert_sound(sankey_sketch(CHARTS[name], language))
    assert_sound(flow_sketch(as_flow(CHARTS[name]), language))


@given(diagrams())
def test_any_diagram_is_drawn_soundly(chart: SankeyDiagram) -> None:
    assert_sound(sankey_sketch(chart, "en"))
    assert_sound(flow_sketch(as_flow(chart), "zh-hant"))
    for drawn in (chart, as_flow(chart)):
        svg = chart_svg(drawn, "en", "t", "d")
        fromstring(svg)
        assert "nan" not in svg
        assert "inf" not in svg


def test_a_wide_ribbon_that_changes_its_height_a_little_has_room_to_turn() -> None:
    unknown = tuple(S(str(place), "unknown", None, "box", None) for place in range(7))
    chart = SankeyDiagram((N("box", "Box"),), (*unknown, S("wide", "wide", None, "box", 1.0)), "t/yr")
    sketch = sankey_sketch(chart, "en")
    assert_sound(sketch)
    (wide,) = (each for each in sketch.ribbons if each.flow.key == "wide")
    arcs = [piece for piece in wide.track if isinstance(piece, Arc)]
    assert len(arcs) == 2
    assert all(arc.radius >= wide.high / 2 for arc in arcs)


@pytest.mark.parametrize("name", CHARTS)
def test_ribbons_are_as_wide_as_what_flows_in_them(name: str) -> None:
    sketch = sankey_sketch(CHARTS[name], "en")
    for ribbon in sketch.ribbons:
        amount = ribbon.flow.amount
        if amount is None:
            continue
        assert ribbon.true_width == pytest.approx(amount * sketch.scale)
        assert ribbon.width == pytest.approx(max(ribbon.true_width, THINNEST))
        assert ribbon.thin == (amount * sketch.scale < THINNEST)


def test_the_interval_is_drawn_in_the_same_scale() -> None:
    sketch = sankey_sketch(CHARTS["loop at one box"], "en")
    feed = next(each for each in sketch.ribbons if each.flow.key == "1")
    assert feed.high - feed.width == pytest.approx(INTERVAL * 1 * sketch.scale)
    assert feed.width - feed.low == pytest.approx(INTERVAL * 1 * sketch.scale)


def test_ribbons_of_a_box_stand_side_by_side() -> None:
    sketch = sankey_sketch(replace(large_plant(), detail="full"), "en")
    ends: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for ribbon in sketch.ribbons:
        last = ribbon.track[-1]
        where = ribbon.flow.end or free_end(ribbon.flow)
        ends.setdefault((where, round(last.x2, 1)), []).append(
            (last.y2 - ribbon.high / 2, last.y2 + ribbon.high / 2)
        )
    for spans in ends.values():
        spans.sort()
        for (_, lower), (upper, _) in pairwise(spans):
            assert upper >= lower - 0.01


def test_three_nested_recycles_go_around_one_another() -> None:
    nodes = tuple(N(key, key) for key in "abcdef")
    main = tuple(S(f"{one}{other}", "on", one, other, 30.0, 1) for one, other in pairwise("abcdef"))
    recycles = (
        S("inner", "r", "d", "c", 4, 1),
        S("middle", "r", "e", "b", 4, 1),
        S("outer", "r", "f", "a", 4, 1),
    )
    sketch = sankey_sketch(SankeyDiagram(nodes, (*main, *recycles), "t/yr", detail="full"), "en")
    loops = [part for each in sketch.ribbons for part in each.way if isinstance(part, Loop)]
    assert len(loops) == 3
    for inner, outer in pairwise(loops):
        assert outer.back < inner.back
        assert outer.lane < inner.lane
        assert outer.out > inner.out


@pytest.mark.parametrize("detail", ["full", "sections"])
def test_the_recycles_of_a_large_plant_are_drawn_as_loops(detail: Detail) -> None:
    sketch = sankey_sketch(replace(large_plant(), detail=detail), "en")
    recycles = [each for each in sketch.ribbons if each.flow.label == "Recycle"]
    assert len(recycles) == len(RECYCLES)
    assert all(each.returns for each in recycles)


def test_lanes_of_loops_do_not_lie_on_one_another() -> None:
    sketch = sankey_sketch(replace(large_plant(), detail="full"), "en")
    lanes = [
        Rect(min(part.back, part.out), part.lane - each.high / 2, abs(part.out - part.back), each.high)
        for each in sketch.ribbons
        for part in each.way
        if isinstance(part, Loop)
    ]
    assert len(lanes) > 20
    for one, other in combinations(lanes, 2):
        assert not overlap(one, other)


def test_sections_are_frames_around_their_boxes_and_do_not_overlap() -> None:
    chart = replace(large_plant(), detail="full")
    sketch = sankey_sketch(chart, "en")
    frames = sketch.plan.frames
    assert len(frames) == 18
    for one, other in combinations(frames.values(), 2):
        assert not overlap(one, other)
    for node in chart.nodes:
        box, frame = sketch.plan.boxes[node.key], frames[node.section]
        assert frame.x < box.x
        assert box.right < frame.right
        assert frame.y < box.y
        assert box.bottom < frame.bottom


def test_what_comes_in_is_left_of_its_box_and_what_goes_out_is_right_of_it() -> None:
    for chart in CHARTS.values():
        sketch = sankey_sketch(chart, "en")
        for flow in sketch.flows:
            if flow.start is None and flow.end is not None:
                assert sketch.plan.boxes[free_end(flow)].right < sketch.plan.boxes[flow.end].x
            if flow.end is None and flow.start is not None:
                assert sketch.plan.boxes[free_end(flow)].x > sketch.plan.boxes[flow.start].right


def test_most_streams_of_a_large_plant_are_labelled_with_name_and_amount() -> None:
    sketch = sankey_sketch(replace(large_plant(), detail="full"), "en")
    said = {label.key: label for label in sketch.labels}
    assert len(said) == len(sketch.flows)
    named = [label for label in said.values() if len(label.lines) > 1]
    assert len(named) >= 0.8 * len(sketch.flows)


def test_bands_keep_their_width_around_corners() -> None:
    track = pieces([(0, 0, 0), (50, 0, 20), (50, 80, 20), (120, 80, 0)])
    assert [type(piece) for piece in track] == [Line, Arc, Line, Arc, Line]
    first, second = track[1], track[3]
    assert isinstance(first, Arc)
    assert isinstance(second, Arc)
    assert (first.cx, first.cy, first.turn) == pytest.approx((30, 20, 1))
    assert (second.cx, second.cy, second.turn) == pytest.approx((70, 60, -1))
    path = band_path(track, 6.0)
    assert "A14 14" in path
    assert "A26 26" in path


# Loops and heights


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.01, 100)), max_size=30))
def test_without_the_feedback_arcs_there_is_no_loop(arcs: list[tuple[int, int, float]]) -> None:
    backward = feedback_arcs(8, arcs)
    for each in backward:  # each closes a loop with those ahead
        forward = [arcs[index] for index in range(len(arcs)) if index not in backward]
        assert feedback_arcs(8, [*forward, arcs[each]])
    ahead = {(start, end) for index, (start, end, _) in enumerate(arcs) if index not in backward}
    left = set(range(8))
    while free := {node for node in left if not any(end == node and start in left for start, end in ahead)}:
        left -= free
    assert not left
    loops = sum(weight for start, end, weight in arcs if start != end)
    back = sum(arcs[index][2] for index in backward if arcs[index][0] != arcs[index][1])
    assert back <= loops / 2 + 1e-6, "no more than half of it runs back"


def test_nothing_runs_back_that_closes_no_loop() -> None:
    ends = [("n1", "n0"), ("n1", "n4"), ("n1", "n4"), ("n4", "n1"), ("n0", "n4"), ("n4", "n1"), ("n1", "n3")]
    nodes = tuple(N(f"n{place}", f"Box {place}", "process", "s" * (place in (1, 2))) for place in range(6))
    inside = [S(str(place), "on", start, end, None) for place, (start, end) in enumerate(ends)]
    fed = [S(str(place), "fed", None, "n0", None) for place in range(7, 22)]
    chart = SankeyDiagram(nodes, (*inside, *fed), "t/yr", (SankeySection("s", "Section"),))
    assert_sound(sankey_sketch(chart, "en"))
    assert_sound(flow_sketch(as_flow(chart), "en"))


def test_what_runs_back_in_a_plant_are_its_recycles() -> None:
    chart = small_plant()
    number = {node.key: index for index, node in enumerate(chart.nodes)}
    inner = [each for each in chart.streams if each.start and each.end and each.end != "sewer"]
    arcs = [(number[each.start or ""], number[each.end or ""], each.value or 0.0) for each in inner]
    assert {inner[index].label for index in feedback_arcs(len(number), arcs)} == {"Recycled water", "Rework"}


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 10), st.floats(0, 20)), min_size=1, max_size=12))
def test_places_are_apart_and_as_near_to_the_wished_ones_as_can_be(
    cells: list[tuple[float, float, float]],
) -> None:
    wishes, weights, rooms = (list(each) for each in zip(*cells, strict=True))
    places = separated(wishes, weights, rooms)
    for at in range(len(places) - 1):
        assert places[at + 1] - places[at] >= rooms[at] - 1e-6
    # Optimal: the forces cancel, and between any two neighbours they press together or not at all.
    forces = [weight * (wish - place) for wish, weight, place in zip(wishes, weights, places, strict=True)]
    pressing = 0.0
    for at, force in enumerate(forces):
        pressing += force
        assert pressing >= -1e-5
        if at < len(places) - 1 and places[at + 1] - places[at] > rooms[at] + 1e-4:
            assert abs(pressing) < 1e-3
    assert abs(pressing) < 1e-5

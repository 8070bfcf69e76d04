from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from balance_plant import RECYCLES, large_plant, small_plant
from defusedxml.ElementTree import fromstring
from docx.image.image import Image
from hypothesis import given
from hypothesis import strategies as st
from report_sample import NASTY

from openrecp.reports.balance_pictures import (
    balance_picture,
    picture_description,
    picture_title,
    stream_table,
)
from openrecp.reports.blocks import MISSING, Report, Section
from openrecp.reports.charts.drawing import chart_svg, printed_width, svg_png, write_svg
from openrecp.reports.charts.flow_diagram.drawing import FlowSketch, flow_sketch
from openrecp.reports.charts.flow_specs import (
    INTERVAL,
    BalancePicture,
    Detail,
    FlowDiagram,
    SankeyDiagram,
    SankeyNode,
    SankeySection,
    SankeyStream,
    State,
)
from openrecp.reports.charts.flows.arranging import Loop, Rect
from openrecp.reports.charts.flows.boxes import free_end
from openrecp.reports.charts.flows.collapsing import collapsed
from openrecp.reports.charts.flows.heights import separated
from openrecp.reports.charts.flows.loops import feedback_arcs
from openrecp.reports.charts.flows.tracks import Arc, Line, Piece, band_path, length_of, pieces
from openrecp.reports.charts.sankey.drawing import Sketch, sankey_sketch
from openrecp.reports.charts.sankey.ribbons import THINNEST, colour_of
from openrecp.reports.look import ACCENT, ACCENT_MID, INK, LOSS, NEUTRAL_BAR, PANEL, PAPER
from openrecp.reports.wording import speak
from openrecp.reports.writers import WRITERS, Format
from openrecp.texts import LANGUAGES, Language, render

N, S = SankeyNode, SankeyStream
LONG = "第一生產線鍍鎳槽帶出液與後續三道溢流水洗所產生之含鎳混合廢水源流"
FORMATS: tuple[Format, ...] = ("docx", "pdf", "html", "xlsx")


def as_flow(chart: SankeyDiagram) -> FlowDiagram:
    return FlowDiagram(chart.nodes, chart.streams, chart.unit, chart.sections, chart.detail)


CHARTS: dict[str, SankeyDiagram] = {
    "small plant": small_plant(),
    "plant in full": replace(large_plant(), detail="full"),
    "plant in sections": large_plant(),
    "long names": SankeyDiagram(
        (N("a", LONG), N("b", "Three-stage counter-current rinsing with conductivity control")),
        (
            S("1", LONG, None, "a", 10, 0.3),
            S("2", "A stream whose name never seems to come to its end at all", "a", "b", 9.5, 0.3),
            S("3", LONG, "b", None, 9, 0.2, loss=True),
        ),
        "kg/d",
    ),
    "tiny beside large": SankeyDiagram(
        (N("a", "Mixer"), N("b", "Reactor")),
        (
            S("1", "Feed", None, "a", 1000, 5),
            S("2", "Catalyst", None, "a", 0.02, 0.001),
            S("3", "Mix", "a", "b", 1000, 5),
            S("4", "Trace", "b", None, 1e-5, 1e-6, loss=True),
            S("5", "Product", "b", None, 1000, 9, product=True),
        ),
        "t/yr",
    ),
    "loop at one box": SankeyDiagram(
        (N("a", "Mill"), N("b", "Sieve")),
        (
            S("1", "Feed", None, "a", 10, 1),
            S("2", "Circulation", "a", "a", 5, 1),
            S("3", "Milled", "a", "b", 10, 1),
            S("4", "Oversize", "b", "a", 3, 0.5),
            S("5", "Fines", "b", None, 10, 1, product=True),
        ),
        "t/d",
    ),
    "side by side": SankeyDiagram(
        (N("a", "Boiler"), N("b", "Plant")),
        (
            S("1", "Fuel", None, "a", 30, 1),
            S("2", "Steam 1", "a", "b", 10, 1),
            S("3", "Steam 2", "a", "b", 8, 2, "computed"),
            S("4", "Steam 3", "a", "b", None, None, "unobservable"),
            S("5", "Condensate", "b", "a", 8, 0.5),
            S("6", "Heat lost", "b", None, 12, 4, "estimated", loss=True),
        ),
        "GWh/yr",
    ),
    "only a loop of two": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (S("1", "there", "a", "b", 10, 1), S("2", "back", "b", "a", 10, 1)),
        "t/yr",
    ),
    "parts apart": SankeyDiagram(
        (N("a", "A"), N("b", "B"), N("c", "C"), N("d", "D"), N("e", "Lonely store", "stock")),
        (
            S("1", "in", None, "a", 10, 1),
            S("2", "on", "a", "b", 10, 1),
            S("3", "out", "b", None, 10, 1, product=True),
            S("4", "in", None, "c", 4, 1),
            S("5", "on", "c", "d", 4, 1),
            S("6", "out", "d", None, 4, 1, loss=True),
        ),
        "t/yr",
    ),
    "nothing flows": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (S("1", "in", None, "a", 0, 0), S("2", "on", "a", "b", 0, 1), S("3", "out", "b", None, 0, 0)),
        "t/yr",
    ),
    "against its direction": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", 10, 1),
            S("2", "on", "a", "b", 12, 1),
            S("3", "leak", "a", None, -2, 1.5, "computed", loss=True),
            S("4", "back", "b", "a", -1, 0.1),
        ),
        "t/yr",
    ),
    "one stream": SankeyDiagram((N("a", "A"),), (S("1", "in", None, "a", 10, 1),), "t/yr"),
    "nothing known": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", None, None, "unobservable"),
            S("2", "on", "a", "b", None, None, "unobservable"),
            S("3", "out", "b", None, math.nan, None, "measured"),
        ),
        "t/yr",
    ),
    "empty": SankeyDiagram((), (), "t/yr"),
    "less sure than large": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", 10, 8),
            S("2", "on", "a", "b", 10, 3),
            S("3", "x", "b", None, 1, 300, loss=True),
        ),
        "t/yr",
    ),
    "nasty words": SankeyDiagram(
        (N("a", NASTY, section="s"), N("e", NASTY, "environment")),
        (S('<&">', NASTY, "e", "a", 3, 1), S("]]>", "{x} ![](y)", "a", None, 3, 1, loss=True)),
        NASTY,
        (SankeySection("s", NASTY),),
    ),
}
STATES: tuple[State, ...] = ("measured", "estimated", "computed", "unobservable")


@st.composite
def diagrams(draw: st.DrawFn) -> SankeyDiagram:
    count = draw(st.integers(1, 9))
    sections = tuple(
        SankeySection(f"s{index}", f"Section {index}") for index in range(draw(st.integers(0, 3)))
    )
    keys = st.sampled_from([f"n{index}" for index in range(count)])
    places = st.sampled_from(["", *(section.key for section in sections)])
    nodes = tuple(
        N(f"n{index}", f"Box {index}", draw(st.sampled_from(("process", "stock"))), draw(places))
        for index in range(count)
    )
    value = st.one_of(st.none(), st.floats(-5, 100), st.floats(0, 1e-3), st.floats(0))
    streams = tuple(
        S(
            str(index),
            "水 stream",
            draw(st.one_of(st.none(), keys)),
            draw(keys),
            draw(value),
            draw(st.one_of(st.none(), st.floats(0, 20), st.floats(0))),
            draw(st.sampled_from(STATES)),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for index in range(draw(st.integers(0, 24)))
    )
    return SankeyDiagram(
        nodes, streams, "t/yr", sections, draw(st.sampled_from(("auto", "full", "sections")))
    )


# Geometry


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
    assert length_of(track) == pytest.approx(30 + 10 * math.pi + 40 + 10 * math.pi + 50)
    path = band_path(track, 6.0)
    assert "A14 14" in path
    assert "A26 26" in path


# Loops and heights


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.01, 100)), max_size=30))
def test_without_the_feedback_arcs_there_is_no_loop(arcs: list[tuple[int, int, float]]) -> None:
    backward = feedback_arcs(8, arcs)
    ahead = {(start, end) for index, (start, end, _) in enumerate(arcs) if index not in backward}
    left = set(range(8))
    while free := {node for node in left if not any(end == node and start in left for start, end in ahead)}:
        left -= free
    assert not left
    loops = sum(weight for start, end, weight in arcs if start != end)
    back = sum(arcs[index][2] for index in backward if arcs[index][0] != arcs[index][1])
    assert back <= loops / 2 + 1e-6, "no more than half of it runs back"


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


# The drawing


def every_chart() -> Iterator[tuple[str, BalancePicture]]:
    for name, chart in CHARTS.items():
        yield f"sankey of {name}", chart
        yield f"flow diagram of {name}", as_flow(chart)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", [pytest.param(chart, id=name) for name, chart in every_chart()])
def test_every_picture_is_a_well_formed_accessible_svg(chart: BalancePicture, language: Language) -> None:
    svg = chart_svg(chart, language, "Title <b> & more", "What it shows", "figure-7")
    root = fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "figure-7-title figure-7-desc"
    assert [child.tag.rpartition("}")[2] for child in root[:2]] == ["title", "desc"]
    assert "<script" not in svg
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<(text|title|desc)\b.*?</\1>", "", svg))
    identities = re.findall(r'\bid="([^"]+)"', svg)
    assert len(set(identities)) == len(identities)
    assert all(identity.startswith("figure-7-") for identity in identities)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(identities)


@pytest.mark.parametrize("kind", ["sankey", "flow diagram"])
def test_a_picture_is_drawn_the_same_twice(kind: str) -> None:
    chart = small_plant() if kind == "sankey" else as_flow(small_plant())
    first = chart_svg.__wrapped__(chart, "en", "t", "d")
    sankey_sketch.cache_clear()
    flow_sketch.cache_clear()
    assert chart_svg.__wrapped__(chart, "en", "t", "d") == first


@pytest.mark.parametrize("kind", ["sankey", "flow diagram"])
def test_pictures_become_images_with_words_in_them(kind: str) -> None:
    chart = SankeyDiagram((N("a", "鍍鎳"),), (S("1", "清洗水", None, "a", 3.0, 0.1),), "t/yr")
    drawn = chart if kind == "sankey" else as_flow(chart)
    svg = chart_svg(drawn, "zh-hant", "t", "d")
    assert "鍍鎳" in svg
    image = svg_png(svg)
    assert Image.from_blob(image).px_width > 700
    without = svg_png(svg.replace("鍍鎳", "").replace("清洗水", ""))
    assert image != without


def test_an_svg_file_is_written_for_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "balance.svg"
    write_svg(small_plant(), path, "zh-hant", "題目", "說明")
    assert fromstring(path.read_text("utf-8"))[0].text == "題目"


def words_in(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in fromstring(svg).iter() if each.tag.endswith("}text")]


def test_labels_say_name_amount_interval_and_unit() -> None:
    words = words_in(chart_svg(small_plant(), "en", "t", "d"))
    assert "Nickel salts" in words
    assert "38.0 ± 2.9 t/yr" in words
    assert "≈ 440 ± 24 t/yr" in words
    assert "?" in words


def test_what_flows_against_its_direction_is_drawn_the_way_it_flows_and_keeps_its_sign() -> None:
    sketch = sankey_sketch(CHARTS["against its direction"], "en")
    leak = next(flow for flow in sketch.flows if flow.key == "3")
    assert (leak.start, leak.end, leak.amount, leak.turned) == (None, "a", 2, True)
    words = words_in(chart_svg(CHARTS["against its direction"], "en", "t", "d"))
    assert "-2.0 ± 2.9 t/yr" in words
    assert any("against the direction" in each for each in words)


def test_what_is_too_thin_is_marked_as_not_to_scale() -> None:
    words = words_in(chart_svg(CHARTS["tiny beside large"], "en", "t", "d"))
    assert any("not to scale" in each for each in words)
    assert not any(
        "not to scale" in each for each in words_in(chart_svg(CHARTS["one stream"], "en", "t", "d"))
    )


def test_losses_are_marked_by_shape_as_well_as_by_colour() -> None:
    loss = CHARTS["long names"].streams[2]
    plain = replace(loss, loss=False)
    chart = CHARTS["long names"]
    without = chart_svg(replace(chart, streams=(*chart.streams[:2], plain)), "en", "t", "d")
    marked = chart_svg(chart, "en", "t", "d")
    triangle = re.compile(r'd="M[\d.]+ [\d.]+h8l-4 6.5Z"')
    assert len(triangle.findall(marked)) == 2, "at the label and in the legend"
    assert not triangle.findall(without)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, WCAG 2.2, success criterion 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, share: float) -> str:
    """A colour laid over paper."""
    parts = [int(colour[at : at + 2], 16) * share + 255 * (1 - share) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part):02X}" for part in parts)


def test_words_can_be_read_on_every_ribbon() -> None:
    for colour in (ACCENT_MID, NEUTRAL_BAR):
        for share in (0.92, 0.6, 0.34):
            assert contrast(INK, mixed(colour, share)) >= 4.5
    for colour in (LOSS, ACCENT):
        assert contrast(PAPER, mixed(colour, 0.92)) >= 4.5
        for share in (0.6, 0.34):
            assert contrast(INK, mixed(colour, share)) >= 4.5
    assert contrast(LOSS, PANEL) >= 4.5


def test_loss_and_product_differ_without_red_against_green() -> None:
    flows = {flow.key: flow for flow in sankey_sketch(small_plant(), "en").flows}
    assert colour_of(flows["13"]) == LOSS
    assert colour_of(flows["8"]) == ACCENT
    assert colour_of(flows["1"]) == NEUTRAL_BAR
    assert colour_of(flows["11"]) == ACCENT_MID


# Size and speed


def test_a_large_plant_is_collapsed_on_paper_and_drawn_in_full_where_asked() -> None:
    paper = sankey_sketch(large_plant(), "en")
    full = sankey_sketch(replace(large_plant(), detail="full"), "en")
    assert len(paper.flows) < 90
    assert len(full.flows) == 300
    assert {node.key for node in paper.chart.nodes} == {f"s{index}" for index in range(18)}
    assert full.canvas.width < 5000, "it goes on in rows instead of growing without end"


def test_pictures_of_balances_fit_a_page() -> None:
    for _, chart in every_chart():
        width = printed_width(chart, "en")
        assert 0 < width <= 162
    assert printed_width(CHARTS["one stream"], "en") < 162, "a small one is not blown up"


@pytest.mark.parametrize("count", [50, 300])
def test_drawing_is_fast(count: int) -> None:
    # Measured at 0.02 s and 0.15 s; the bound leaves room for a machine that is busy with other things.
    chart = replace(large_plant(7, count), detail="full")
    best = math.inf
    for _ in range(3):
        sankey_sketch.cache_clear()
        started = time.process_time()
        sankey_sketch(chart, "en")
        best = min(best, time.process_time() - started)
    assert best < (1.0 if count == 300 else 0.5)


# Sections as boxes


def test_collapsing_keeps_what_comes_in_and_what_goes_out() -> None:
    whole = large_plant()
    known = replace(whole, streams=tuple(replace(each, value=each.value or 1.0) for each in whole.streams))
    few = collapsed(known)
    for side in ("start", "end"):
        before = math.fsum(each.value or 0.0 for each in known.streams if getattr(each, side) is None)
        after = math.fsum(each.value or 0.0 for each in few.streams if getattr(each, side) is None)
        assert after == pytest.approx(before)
    assert not few.sections


def test_a_sum_with_something_unknown_in_it_is_not_known() -> None:
    chart = SankeyDiagram(
        (N("a", "A", section="s"), N("b", "B", section="s")),
        (S("1", "Water", None, "a", 3.0, 0.4), S("2", "Steam", None, "b", None, None, "unobservable")),
        "t/yr",
        (SankeySection("s", "Section"),),
    )
    (stream,) = collapsed(chart).streams
    assert (stream.value, stream.sd, stream.state) == (3.0, None, "unobservable")
    assert speak(stream.label, "en") == "Water and 1 more"


# Words and table


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_description_are_sentences(language: Language) -> None:
    title = speak(picture_title(small_plant()), language)
    assert "97 %" in title
    description = speak(picture_description(small_plant()), language)
    assert "1,358" in description
    assert "2" in description


def test_the_title_says_what_can_be_said() -> None:
    assert (
        render(picture_title(CHARTS["long names"]), "en") == "90 % of what comes in leaves as waste or loss"
    )
    assert "the largest flow" in speak(picture_title(CHARTS["only a loop of two"]), "en")
    assert render(picture_title(CHARTS["nothing known"]), "en") == "None of these flows is known yet"
    assert render(picture_title(CHARTS["empty"]), "en") == "None of these flows is known yet"


def test_the_table_has_every_stream_with_its_interval_and_how_it_is_known() -> None:
    table = stream_table(small_plant(), "Streams", "streams")
    assert len(table.rows) == 19
    number, name, start, end, flow, half, known = table.rows[1].cells
    assert (number, name, end) == ("2", "City water", "Three-stage rinsing")
    assert render(start, "en") == "outside the plant"
    assert getattr(flow, "value", None) == 900
    assert getattr(half, "value", None) == pytest.approx(25 * 1.959964)
    assert render(known, "en") == "measured"
    assert table.rows[8].cells[4] is MISSING


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_holds_pictures_of_balances(form: Format, language: Language) -> None:
    blocks = (
        balance_picture(small_plant(), "sankey"),
        balance_picture(as_flow(small_plant()), "diagram"),
        balance_picture(CHARTS["nasty words"], "nasty"),
    )
    report = Report("Balance", "Plant", language, (Section("Flows", blocks),), day=date(2026, 5, 1))
    assert len(WRITERS[form](report)) > 20_000

"""What the drawing means: the scale, and every style that occurs in it, each with its words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openrecp.reports.charts.flows.keys import SAMPLE, Sample, key_rows
from openrecp.reports.charts.flows.svg import element, words
from openrecp.reports.charts.sankey.ribbons import DASHES, THINNEST, Ribbon
from openrecp.reports.look import ACCENT, ACCENT_MID, INK, LOSS, MUTED, NEUTRAL_BAR, PAPER
from openrecp.texts import Language, Text, format_significant, text


def legend(
    ribbons: Sequence[Ribbon],
    scale: tuple[str, float],
    width: float,
    language: Language,
    name: str,
    numbered: str = "",
) -> tuple[list[str], float]:
    """The legend from the origin downwards, and its height [px].

    Parameters
    ----------
    scale : (str, float)
        Unit of the picture, already scaled, and the width of a ribbon for one unit [px].
    width : float
        Room [px].
    name : str
        Begins the ids in the picture.
    numbered : str
        A stream that has only room for its number, if there is one.
    """
    unit, per_unit = scale
    entries: list[tuple[Sample, Text]] = []
    if per_unit > 0:
        entries.append(_scale(unit, per_unit))
    entries += _styles(ribbons, name)
    if per_unit > 0 and any(ribbon.thin for ribbon in ribbons):
        least = format_significant(THINNEST / per_unit, 1)
        entries.append((_thin, text("below {amount} {unit}: not to scale", amount=least, unit=unit)))
    if numbered:
        entries.append((_number(numbered), text("only a number: see the table")))
    return key_rows(entries, width, language)


def _scale(unit: str, per_unit: float) -> tuple[Sample, Text]:
    """A bar as high as a round amount, about 14 px."""
    wanted = 16.0 / per_unit
    power = 10.0 ** math.floor(math.log10(wanted))
    amount = next(step * power for step in (5.0, 2.0, 1.0) if step * power <= wanted * 1.0001)
    high = amount * per_unit

    def sample(x: float, y: float) -> str:
        bar = element(
            "rect", x=x + 6, y=y - high / 2, width=16.0, height=high, fill=ACCENT_MID, fill_opacity="0.92"
        )
        ends = f"M{x:.1f} {y - high / 2:.1f}h26M{x:.1f} {y + high / 2:.1f}h26"
        return bar + element("path", d=ends, fill="none", stroke=INK, stroke_width="0.8")

    return sample, text("as wide as {amount} {unit}", amount=format_significant(amount, 1), unit=unit)


def _styles(ribbons: Sequence[Ribbon], name: str) -> list[tuple[Sample, Text]]:
    flows = [ribbon.flow for ribbon in ribbons]
    states = {flow.state for flow in flows}
    entries: list[tuple[Sample, Text]] = []
    if any(flow.start is None and not flow.loss and flow.amount is not None for flow in flows):
        entries.append((_swatch(NEUTRAL_BAR, "0.92"), text("comes in")))
    if any(flow.product for flow in flows):
        entries.append((_swatch(ACCENT, "0.92"), text("product")))
    if any(flow.loss for flow in flows):
        entries.append((_loss, text("waste or loss")))
    if any(ribbon.high - ribbon.width > 0.8 for ribbon in ribbons):
        entries.append((_hatched(name), text("95 % interval")))
    if "estimated" in states:
        entries.append((_swatch(ACCENT_MID, "0.6", DASHES["estimated"]), text("estimated (≈)")))
    if "computed" in states:
        entries.append((_swatch(ACCENT_MID, "0.34", DASHES["computed"]), text("computed, not measured")))
    if "unobservable" in states:
        entries.append((_swatch(PAPER, "1", DASHES["unobservable"], MUTED), text("cannot be known (?)")))
    if any(flow.turned for flow in flows):
        entries.append((_turned, text("negative: flows against the direction it was given in")))
    return entries


def _swatch(fill: str, opacity: str, dashes: str = "", stroke: str = ACCENT) -> Sample:
    def sample(x: float, y: float) -> str:
        outline = {"stroke": stroke, "stroke-width": "1.1", "stroke-dasharray": dashes} if dashes else {}
        return element(
            "rect", x=x, y=y - 5, width=SAMPLE - 2, height=10.0, fill=fill, fill_opacity=opacity, **outline
        )

    return sample


def _hatched(name: str) -> Sample:
    def sample(x: float, y: float) -> str:
        outer = element(
            "rect",
            x=x,
            y=y - 7,
            width=SAMPLE - 2,
            height=14.0,
            fill=f"url(#{name}-hatch-plain)",
            stroke=ACCENT_MID,
        )
        return outer + element("rect", x=x, y=y - 3, width=SAMPLE - 2, height=6.0, fill=ACCENT_MID)

    return sample


def _loss(x: float, y: float) -> str:
    return element("rect", x=x, y=y - 5, width=SAMPLE - 12, height=10.0, fill=LOSS) + loss_mark(x + 23, y)


def loss_mark(x: float, y: float) -> str:
    """A small triangle that points down: what is lost, also for who cannot tell its colour."""
    return element("path", d=f"M{x - 4:.1f} {y - 3:.1f}h8l-4 6.5Z", fill=LOSS)


def _thin(x: float, y: float) -> str:
    line = element("path", d=f"M{x:.1f} {y:.1f}h28", stroke=ACCENT_MID, stroke_width="1.6")
    marks = f"M{x + 11:.1f} {y + 3.5:.1f}l2 -7M{x + 14:.1f} {y + 3.5:.1f}l2 -7"
    return line + element("path", d=marks, stroke=MUTED, stroke_width="0.9")


def _number(key: str) -> Sample:
    return lambda x, y: words([key[:6]], x + 14, y, anchor="middle", strong=0)


def _turned(x: float, y: float) -> str:
    return words(["-2"], x + 12, y, anchor="middle", colour=INK, strong=0)

"""Pictures of a balance as files."""

from __future__ import annotations

from pathlib import Path

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.cli.balance.asked import Asked
from openrecp.cli.console import Console
from openrecp.cli.saving import save_file
from openrecp.reports.balance_flows import balance_diagram, balance_flow_diagram
from openrecp.reports.balance_pictures import picture_description, picture_title
from openrecp.reports.charts.drawing import chart_size, chart_svg, paper_zoom, svg_png
from openrecp.reports.charts.flow_specs import BalancePicture
from openrecp.reports.wording import speak
from openrecp.texts import Language, text


def save_pictures(analysis: BalanceAnalysis, asked: Asked, console: Console) -> list[Path]:
    """Draw what was asked for, of the values to go by, and write it."""
    drawn: dict[Path, BalancePicture] = {}
    if asked.sankey is not None:
        drawn[asked.sankey] = balance_diagram(analysis.cleaned, asked.content, analysis.component)
    if asked.diagram is not None:
        drawn[asked.diagram] = balance_flow_diagram(analysis.cleaned, asked.content, analysis.component)
    for path, diagram in drawn.items():
        with console.step(text("Drawing {file}", file=path.name)):
            save_file(path, _content(diagram, path, console.language))
    return list(drawn)


def _content(diagram: BalancePicture, path: Path, language: Language) -> bytes:
    title = speak(picture_title(diagram), language)
    svg = chart_svg(diagram, language, title, speak(picture_description(diagram), language))
    if path.suffix.lower() == ".png":
        return svg_png(svg, paper_zoom(chart_size(diagram, language)[0]))
    return f"{svg}\n".encode()

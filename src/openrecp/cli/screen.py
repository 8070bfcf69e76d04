"""``openrecp screen``: rank options by the weighted-sum method."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openrecp import __version__
from openrecp.assessment.matrix_file import read_matrix
from openrecp.assessment.plain import issue_data, sensitivity_data
from openrecp.cli.console import Console
from openrecp.figures import figure_json
from openrecp.screening import Screening, Turn, WeightSensitivity, rank_subjects
from openrecp.texts import Language, Text, format_number, text


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The matrix and the form of the output."""
    parser.add_argument(
        "matrix",
        metavar="MATRIX",
        type=Path,
        help=words(text("criteria, weights and ratings (.csv, .tsv or .xlsx)")),
    )
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Rank and show; exit code 1 when ratings or weights are missing."""
    screening = rank_subjects(read_matrix(arguments.matrix))
    if arguments.json:
        print(json.dumps(screening_json(screening, console.language), ensure_ascii=False, indent=2))
    else:
        _show(screening, console)
    return 1 if screening.issues else 0


def _show(screening: Screening, console: Console) -> None:
    console.heading(text("Weighted-sum ranking"))
    matrix = screening.matrix
    rows = [
        (
            "–" if score.rank is None else f"{score.rank}{'=' if score.tied else ''}",
            score.subject,
            "–" if score.score.value is None else format_number(score.score.value),
            "–" if score.share.value is None else f"{format_number(score.share.value, 0)} %",
            console.say(_remark(score.subject, screening)),
        )
        for score in screening.scores
    ]
    headers = (text("Rank"), text("Option"), "Σ R×W", text("Of the most"), "")
    console.table(headers, rows, right=(2, 3))
    console.heading(text("Ratings and products"))
    table = []
    for position, criterion in enumerate(matrix.criteria):
        cells = [criterion.name, "–" if criterion.weight is None else format_number(criterion.weight)]
        for rating in matrix.ratings[position]:
            product = None if rating is None or criterion.weight is None else rating * criterion.weight
            cells.append(
                "–" if product is None else f"{format_number(rating or 0)} → {format_number(product)}"
            )
        table.append(cells)
    console.table(
        (text("Criterion"), text("Weight"), *matrix.subjects), table, right=range(1, 2 + len(matrix.subjects))
    )
    console.heading(text("How firm the order is"))
    for sensitivity in screening.sensitivity:
        console.line(f"  {console.say(firmness(sensitivity))}")
    if screening.issues:
        console.heading(text("Findings"))
        console.issues(screening.issues)


def _remark(subject: str, screening: Screening) -> Text | str:
    score = next(each for each in screening.scores if each.subject == subject)
    if score.missing:
        return text("no rating for {criteria}", criteria=list(score.missing))
    return text("close to the first: keep it for study") if score.close else ""


def firmness(sensitivity: WeightSensitivity) -> Text:
    """In a sentence: at which weight of this criterion the first place changes."""
    down, up = sensitivity.first_down, sensitivity.first_up
    name, weight = sensitivity.criterion, sensitivity.weight
    if down is None and up is None:
        return text(
            "{criterion} (weight {weight}): the first place stays, whatever its weight from 0 to 10.",
            criterion=name,
            weight=weight,
        )
    turns = [turn for turn in (down, up) if turn is not None]
    if len(turns) == 1:
        return text(
            "{criterion} (weight {weight}): at {turn} the first place changes.",
            criterion=name,
            weight=weight,
            turn=_level(turns[0]),
        )
    return text(
        "{criterion} (weight {weight}): at {low} and at {high} the first place changes.",
        criterion=name,
        weight=weight,
        low=_level(turns[0]),
        high=_level(turns[1]),
    )


def _level(turn: Turn) -> float:
    return round(turn.weight, 2)


def screening_json(screening: Screening, language: Language) -> dict[str, Any]:
    """The ranking as plain data; keys are stable and described in ``docs/json.md``."""
    return {
        "format": "openrecp-screening",
        "version": 1,
        "library": __version__,
        "scores": [
            {
                "subject": score.subject,
                "score": score.score.value,
                "share": score.share.value,
                "rank": score.rank,
                "tied": score.tied,
                "close": score.close,
                "missing": list(score.missing),
                "figure": figure_json(score.score, language),
            }
            for score in screening.scores
        ],
        "first": list(screening.first),
        "shortlist": list(screening.shortlist),
        "sensitivity": [
            {"criterion": each.criterion, "weight": each.weight, **sensitivity_data(each)}
            for each in screening.sensitivity
        ],
        "issues": [issue_data(issue, language) for issue in screening.issues],
    }

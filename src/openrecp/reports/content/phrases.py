"""Turns of phrase that every part of the report shares: names, joined sentences, tables of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal

from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.results import Evaluation, StreamResult
from openrecp.assessment.spec import Quantity
from openrecp.errors import Issue
from openrecp.figures import Figure, unit_words
from openrecp.reports.blocks import Bullets, Cell, Column, Paragraph, Part, Row, Run, Table, Words, paragraph
from openrecp.texts import Language, Text, render, text


def named(number: str, name: Words) -> Text:
    """Number and name side by side, such as “O3 Drag-out tank”; a place such as ``#2`` is no number."""
    if number.startswith("#"):
        return Text("{name}", {"name": name or number})
    return Text("{number} {name}" if name else "{number}", {"number": number, "name": name})


def option_name(option: OptionResult) -> Text:
    """Number and name of an option."""
    return named(option.number, option.name)


def stream_name(stream: StreamResult) -> Text:
    """Number and name of a waste stream."""
    return named(stream.number, stream.name)


def joined(language: Language, sentences: Iterable[Words]) -> Text:
    """Sentences one after the other, spaced as the language wants it."""
    values = {f"part{index}": sentence for index, sentence in enumerate(sentences)}
    return Text(gap(language).join(f"{{{name}}}" for name in values), values)


def listed(language: Language, items: Sequence[Words]) -> str:
    """Items in one line, with the language's own separator."""
    return render(list(items), language)


def gap(language: Language) -> str:
    """What stands between two sentences."""
    return " " if language == "en" else ""


def running(
    language: Language, *parts: Part | Run | None, style: Literal["body", "lead", "note"] = "body"
) -> Paragraph:
    """A paragraph of whole sentences; those that do not apply are None."""
    spaced: list[Part | Run] = []
    for part in parts:
        if part is None:
            continue
        if spaced and gap(language):
            spaced.append(gap(language))
        spaced.append(part)
    return paragraph(*spaced, style=style)


def bullets(items: Iterable[Part]) -> Bullets:
    """A list with one paragraph an item."""
    return Bullets(tuple(paragraph(item) for item in items))


def finding(issue: Issue) -> Text:
    """The sentence of a finding."""
    return Text(issue.message, issue.values)


def known(figure: Figure) -> bool:
    """Whether the figure has a value."""
    return figure.value is not None


def amount_of(figure: Figure) -> float:
    """The bare number of a figure for a chart or a comparison; 0 where there is none."""
    return 0.0 if figure.value is None else float(figure.value)


def currency_of(evaluation: Evaluation) -> str:
    """Code of the currency of the assessment."""
    return evaluation.assessment.currency.value


def filled_columns(
    title: Words,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    key: str = "",
    notes: tuple[Words, ...] = (),
    keep: int = 1,
) -> Table:
    """A table without the columns that hold nothing; the first ``keep`` always stay."""
    used = [
        index
        for index in range(len(columns))
        if index < keep or any(row[index] is not None and row[index] != "" for row in rows)
    ]
    return Table(
        title,
        tuple(columns[index] for index in used),
        tuple(Row(tuple(row[index] for index in used)) for row in rows),
        key=key,
        notes=notes,
    )


_ENDS: Final = "。．.!?！？…"


def bare(words: str) -> str:
    """The user's words without the full stop at their end, to stand inside a sentence of ours."""
    return words.strip().rstrip("。．.").strip()


def full_stop(words: str, language: Language) -> str:
    """The user's words as a whole sentence, so that another can follow."""
    words = words.strip()
    if not words or words[-1] in _ENDS:
        return words
    return words + ("。" if language == "zh-hant" else ".")


def quantity_words(quantity: Quantity) -> Text:
    """A quantity as entered; times in words."""
    return measure_words(quantity.value, quantity.unit)


def measure_words(value: float | Decimal, unit: str) -> Text:
    """A number and its unit as entered; times in words.

    >>> str(measure_words(Decimal(2), "d")), str(measure_words(Decimal("1.5"), "t/yr"))
    ('2 days', '1.5 t/yr')
    """
    single, several = _TIMES.get(unit, (None, None))
    named_unit = single if value == 1 else several
    if named_unit is not None:
        return Text(named_unit.message, {"count": value})
    return Text("{value} {unit}", {"value": value, "unit": unit_words(unit)})


def years_words(figure: Figure) -> Text:
    """A payback to the hundredth of a year; the figure must have a value."""
    return measure_words(round(amount_of(figure), 2), "yr")


_TIMES: Final = {
    "h": (text("{count} hour"), text("{count} hours")),
    "d": (text("{count} day"), text("{count} days")),
    "week": (text("{count} week"), text("{count} weeks")),
    "month": (text("{count} month"), text("{count} months")),
    "yr": (text("{count} year"), text("{count} years")),
}

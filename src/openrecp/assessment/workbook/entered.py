"""From a cell to words, a date, a choice, a yes or no, or the numbers of other records."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from openrecp.assessment.spec import Currency, Kind
from openrecp.assessment.workbook.amounts import (
    Place,
    read_number,
    read_quantity,
    unusable,
)
from openrecp.assessment.workbook.grid import Cell, CellKind, serial_date
from openrecp.assessment.workbook.layout import label_key
from openrecp.assessment.workbook.money import read_money, read_price
from openrecp.assessment.workbook.tables import Entry
from openrecp.entries import EntryError, parse_date
from openrecp.errors import Severity, UnitError, problem
from openrecp.texts import LANGUAGES, Choice, render
from openrecp.units import parse_unit

_LONGEST_WORDS = 8000
_LONGEST_SHOWN = 60
_CODE: Final = re.compile(r"[^\s,;:、，；|/]{1,24}")
# Dates as bare numbers, from 2000 to 2100; earlier or later ones are more likely something else.
_LIKELY_DAYS: Final = (36_526, 73_415)

_YES: Final = frozenset(
    re.split("/", "yes/y/true/1/v/✓/✔/☑/√/○/◯/是/有/對/可/可以/可行/能/會/需/需要/要/已/同意")
)
_NO: Final = frozenset(
    re.split(
        "/", "no/n/false/0/✗/✘/×/☐/否/無/不/不是/沒有/不可/不可以/不可行/不能/不會/不需/不需要/不要/未/不同意"
    )
)


@dataclass(slots=True)
class Numbers:
    """The numbers and names that records of a collection bear, by which other records refer to them."""

    known: set[str] = field(default_factory=set)
    folded: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)

    def add(self, number: str, name: str) -> None:
        """Note a record; what cannot be a number is no number to refer to."""
        if not _CODE.fullmatch(number):
            return
        self.known.add(number)
        self.folded.setdefault(_folded(number), set()).add(number)
        if label_key(name):
            self.names.setdefault(label_key(name), set()).add(number)

    def meant(self, words: str) -> str | None:
        """The number that words other than a known number can only mean; None where there is no such."""
        for found in (self.folded.get(_folded(words)), self.names.get(label_key(words))):
            if found is not None and len(found) == 1:
                return next(iter(found))
        first = re.split(r"[\s:：、,，(（]", words, maxsplit=1)[0]
        found = self.folded.get(_folded(first))
        return next(iter(found)) if first != words and found is not None and len(found) == 1 else None


def _folded(number: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number).casefold())


def read_entry(entry: Entry, place: Place, numbers: Mapping[str, Numbers]) -> Any:
    """The value of a field; None, with findings, where the cell holds nothing that can be one."""
    kind = place.field.kind
    if entry.value is None:
        return None
    if kind in {Kind.NUMBER, Kind.INTEGER}:
        value = read_number(entry, place)
        return int(value) if value is not None and kind is Kind.INTEGER else value
    if kind is Kind.QUANTITY:
        return read_quantity(entry, place)
    if kind is Kind.PRICE:
        return read_price(entry, place)
    if kind is Kind.MONEY:
        return read_money(entry, place)
    issue = unusable(entry.value)
    if issue is not None:
        place.say(issue)
        return None
    return _read_words(entry.value, place, numbers)


def _read_words(cell: Cell, place: Place, numbers: Mapping[str, Numbers]) -> Any:
    kind = place.field.kind
    if kind is Kind.DATE:
        return read_date(cell, place)
    if kind is Kind.YES_NO:
        return read_yes_no(cell, place)
    if kind is Kind.CHOICE:
        return read_choice(cell, place)
    if kind is Kind.CHOICES:
        return read_choices(cell, place)
    if kind in {Kind.CODE, Kind.CODES}:
        referred = numbers.get(place.field.spec.refers_to or "", Numbers())
        return read_code(cell, place, referred) if kind is Kind.CODE else read_codes(cell, place, referred)
    return read_words(cell, place)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"


def read_words(cell: Cell, place: Place) -> str | None:
    """Words as they stand in the cell."""
    words = cell.words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in words if char in "\n\t" or _is_printable(char)).strip()
    if len(kept) < len(words.strip()):
        place.say(
            problem(
                "control-characters",
                "Characters that cannot be shown were left out of “{label}”.",
                severity=Severity.NOTE,
                label=place.label,
            )
        )
    if len(kept) > _LONGEST_WORDS:
        place.say(
            problem(
                "words-too-long",
                "“{label}” has {found} characters; the first {limit} were kept. Shorten it, or put the rest into a "
                "document of its own.",
                label=place.label,
                found=len(kept),
                limit=_LONGEST_WORDS,
            )
        )
    return kept[:_LONGEST_WORDS].strip() or None


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs"} and char not in "\ufffe\uffff"


def read_date(cell: Cell, place: Place) -> date | None:
    """A date, from a date cell, as text, or as the number behind a date whose format was lost."""
    if isinstance(cell.value, date):
        return cell.value
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, Decimal):
        first, last = _LIKELY_DAYS
        day = serial_date(float(cell.value)) if first <= cell.value <= last else None
        if day is not None:
            place.say(
                problem(
                    "date-as-number",
                    "The number {found} was read as the date {day}, as Excel counts days. Format the cell as a date.",
                    severity=Severity.NOTE,
                    found=str(cell.value),
                    day=day,
                )
            )
            return day
    if cell.kind in {CellKind.TRUTH, CellKind.TIME, CellKind.PERCENT}:
        place.say(
            problem(
                "date-unreadable",
                "“{found}” is not a date that can be read; write it as 2026-03-05 or 115/3/5.",
                found=cell.words,
            )
        )
        return None
    try:
        return parse_date(cell.words)
    except EntryError as error:
        place.say(error.issues[0])
        return None


def read_yes_no(cell: Cell, place: Place) -> bool | None:
    """Yes or no, in words or marks."""
    if cell.kind is CellKind.TRUTH and isinstance(cell.value, bool):
        return cell.value
    word = unicodedata.normalize("NFKC", cell.words).casefold().strip(" .。!,，")
    if word in _YES:
        return True
    if word in _NO:
        return False
    place.say(
        problem(
            "yes-or-no-expected",
            "“{found}” cannot be read as yes or no; choose “{yes}” or “{no}” for “{label}”.",
            found=_short(cell.words),
            yes=True,
            no=False,
            label=place.label,
        )
    )
    return None


@cache
def _choice_words(choices: type[Choice]) -> tuple[dict[str, Choice], dict[str, set[Choice]]]:
    """What is written for each choice, exactly, and as people shorten it."""
    exact: dict[str, Choice] = {}
    loose: dict[str, set[Choice]] = {}
    for choice in choices:
        for words in (choice.value, *(render(choice, language) for language in LANGUAGES)):
            exact.setdefault(words.casefold(), choice)
            loose.setdefault(label_key(words), set()).add(choice)
            # “Source reduction: technology change” is often cut to what stands behind the colon.
            for part in re.split(r"[:：]", words)[1:]:
                loose.setdefault(label_key(part), set()).add(choice)
        if choice.value == "other":
            for words in ("其他", "其它", "other", "others"):
                loose.setdefault(words, set()).add(choice)
    return exact, loose


def _chosen(words: str, choices: type[Choice]) -> Choice | None:
    if issubclass(choices, Currency):
        return _currency(words)
    exact, loose = _choice_words(choices)
    found = exact.get(words.casefold().strip())
    if found is None:
        near = loose.get(label_key(words), set())
        found = next(iter(near)) if len(near) == 1 else None
    return found


def _currency(words: str) -> Currency | None:
    exact, loose = _choice_words(Currency)
    near = exact.get(words.casefold()) or next(iter(loose.get(label_key(words), ())), None)
    if isinstance(near, Currency):
        return near
    try:
        symbol = parse_unit(words).symbol
    except UnitError:
        return None
    return Currency.__members__.get(symbol)


def _say_no_choice(words: str, place: Place, choices: type[Choice]) -> None:
    known, loose = _choice_words(choices)
    near = difflib.get_close_matches(label_key(words), loose, n=1, cutoff=0.6)
    if near and len(loose[near[0]]) == 1:
        place.say(
            problem(
                "choice-unknown",
                "“{found}” is not one of the choices for “{label}”. Did you mean “{near}”?",
                found=_short(words),
                label=place.label,
                near=next(iter(loose[near[0]])),
            )
        )
        return
    several = list(dict.fromkeys(known.values()))
    place.say(
        problem(
            "choice-unknown",
            "“{found}” is not one of the choices for “{label}”; choose one of the list, such as {choices}.",
            found=_short(words),
            label=place.label,
            choices=several[:5],
        )
    )


def read_choice(cell: Cell, place: Place) -> Choice | None:
    """One of a closed list, by its label in either language or by its value."""
    choices = place.field.choices
    if choices is None:
        return None
    found = _chosen(cell.words, choices)
    if found is None:
        _say_no_choice(cell.words, place, choices)
    return found


def read_choices(cell: Cell, place: Place) -> tuple[Choice, ...]:
    """Several of a closed list, separated as people do it."""
    choices = place.field.choices
    if choices is None:
        return ()
    found = []
    for piece in _pieces(cell.words, r"[,;，；、/|\n]"):
        choice = _chosen(piece, choices)
        if choice is None:
            _say_no_choice(piece, place, choices)
        else:
            found.append(choice)
    return tuple(found)


def _pieces(words: str, separators: str) -> list[str]:
    return [piece.strip() for piece in re.split(separators, words) if piece.strip()]


def read_code(cell: Cell, place: Place, numbers: Numbers) -> str | None:
    """The number of a record, or of another that is referred to."""
    words = _code_words(cell, place)
    return None if words is None else _referred(words, place, numbers)


def _code_words(cell: Cell, place: Place) -> str | None:
    if cell.kind in {CellKind.TEXT, CellKind.NUMBER}:
        return cell.words
    place.say(
        problem(
            "code-expected",
            "“{found}” is not a number such as W1 or P2; Excel may have changed what was typed. Format the cell as "
            "text and enter it again.",
            found=cell.words,
        )
    )
    return None


def _referred(words: str, place: Place, numbers: Numbers) -> str | None:
    """A number as it is known; what can only mean a known number is taken as that, and said."""
    if words in numbers.known:
        return words
    meant = numbers.meant(words)
    if meant is None and not _CODE.fullmatch(words):
        squeezed = re.sub(r"\s", "", words)
        meant = (
            squeezed
            if _CODE.fullmatch(squeezed) and re.fullmatch(r"[A-Za-zＡ-Ｚａ-ｚ]{1,3}\s+\d{1,4}", words)
            else None
        )
        if meant is None:
            place.say(
                problem(
                    "code-unreadable",
                    "“{found}” cannot be a number for “{label}”: write at most 24 characters without spaces or commas, "
                    "such as W1.",
                    found=_short(words),
                    label=place.label,
                )
            )
            return None
    if meant is not None:
        place.say(
            problem(
                "code-taken-as",
                "“{found}” was taken as {meant}.",
                severity=Severity.NOTE,
                found=_short(words),
                meant=meant,
            )
        )
    return meant or words


def read_codes(cell: Cell, place: Place, numbers: Numbers) -> tuple[str, ...]:
    """The numbers of several records, separated as people do it."""
    words = _code_words(cell, place)
    if words is None:
        return ()
    found: list[str | None] = []
    for piece in _pieces(words, r"[,;、，；|/\n:：]"):
        parts = piece.split()
        if len(parts) > 1 and piece not in numbers.known and _all_codes(parts, numbers):
            found += [_referred(part, place, numbers) for part in parts]
        else:
            found.append(_referred(piece, place, numbers))
    return tuple(code for code in found if code is not None)


def _all_codes(parts: Iterable[str], numbers: Numbers) -> bool:
    return all(part in numbers.known or re.fullmatch(r"[A-Za-z]{0,4}[0-9]{1,4}", part) for part in parts)

"""Reading the fields of records: choices, answers, references; and collecting what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeVar

from openrecp.assessment.flowsheets.amounts import (
    READING_ERRORS,
    Factor,
    Footing,
    Read,
    Typed,
    read_measurement,
    read_number,
)
from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.assessment.flowsheets.schema import section
from openrecp.balances.flowsheet import Measurement
from openrecp.balances.uncertainty import Scale, Statement
from openrecp.errors import Issue, OpenRecpError, Where, problem
from openrecp.figures import Basis
from openrecp.texts import LANGUAGES, Choice, render

C = TypeVar("C", bound=Choice)
T = TypeVar("T")

_YES: Final = frozenset({"yes", "true", "y", "1", "x", "✓", "是", "有"})
_NO: Final = frozenset({"no", "false", "n", "0", "否", "無"})
_LEVEL: Final = re.compile(r"[0-9]{2}\s*[%％].*±|[(（]\s*[0-9]{2}|[,，]\s*[0-9]{2}\s*[%％]")
"""An interval whose level is stated."""
OUTSIDE: Final = frozenset({"environment", "outside", "-", "環境", "外界", "廠外"})
"""Words for the environment, where an empty end would do."""


def plain_key(words: str) -> str:
    """What two spellings of a key or label have in common: width, case and spaces do not count."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", words)).strip().casefold()


@cache
def answers(kind: type[Choice]) -> dict[str, Choice]:
    """The answers by what people write for them: the value or a label, in plain letters."""
    found: dict[str, Choice] = {}
    for choice in kind:
        found[plain_key(choice.value)] = choice
        for language in LANGUAGES:
            found[plain_key(render(choice.label, language))] = choice
    return found


@dataclass(slots=True)
class Reader:
    """Reads values of a document and keeps the findings."""

    document: FlowsheetDocument
    footing: Footing
    issues: list[Issue] = field(default_factory=list)
    assumed: list[Read] = field(default_factory=list)
    intervals: list[Read] = field(default_factory=list)

    def attempt(self, where: Where, read: Callable[[], T]) -> T | None:
        """What can be read, or None and a finding at the place."""
        try:
            return read()
        except READING_ERRORS as error:
            self.refuse(error, where)
        return None

    def refuse(self, error: OpenRecpError, where: Where) -> None:
        """Keep the findings of an error at the place."""
        self.issues += [issue.at(where) for issue in error.issues]

    def number(self, name: str, row: int, column: str, values: Row) -> float | None:
        """A plain number."""
        words = values.get(column)
        if not words:
            return None
        return self.attempt(self.document.where(name, row, column), lambda: read_number(words))

    def choice(self, name: str, row: int, column: str, values: Row, kind: type[C]) -> C | None:
        """One of the answers, in either language."""
        words = values.get(column)
        if not words:
            return None
        found = answers(kind).get(plain_key(words))
        if isinstance(found, kind):
            return found
        self.issues.append(
            problem(
                "choice-unknown",
                "“{found}” is not one of the answers known here: {known}.",
                where=self.document.where(name, row, column),
                found=words,
                known=list(kind),
            )
        )
        return None

    def yes(self, name: str, row: int, column: str, values: Row) -> bool:
        """Yes, or no where it is empty."""
        words = values.get(column, "").lower()
        if words and words not in _YES | _NO:
            self.issues.append(
                problem(
                    "not-yes-or-no",
                    "“{found}” is neither yes nor no.",
                    where=self.document.where(name, row, column),
                    found=words,
                )
            )
        return words in _YES

    def measurement(
        self,
        place: tuple[str, int, str],
        values: Row,
        number: Callable[[str], tuple[float, str | None]],
        factor: Factor,
        *,
        uncertainty: str = "uncertainty",
        scale: Scale = Scale.AMOUNT,
    ) -> Measurement | None:
        """A number with its uncertainty; the column of the number is the last of the place."""
        name, row, column = place
        words = values.get(column)
        where = self.document.where(name, row, column)
        if not words:
            if values.get(uncertainty):
                self.issues.append(
                    problem(
                        "uncertainty-without-number",
                        "There is an uncertainty here but no number; enter the number or delete the uncertainty.",
                        where=self.document.where(name, row, uncertainty),
                    )
                )
            return None
        basis = self.choice(name, row, "basis", values, Basis)
        typed = Typed(words, values.get(uncertainty, ""), basis, values.get("meter", ""), where)
        found = self.attempt(where, lambda: read_measurement(typed, number, factor, scale))
        if found is None:
            return None
        self._keep(found)
        return found.measurement

    def _keep(self, found: Read) -> None:
        if found.stated.kind is Statement.ASSUMED:
            self.assumed.append(found)
        elif found.stated.kind is Statement.INTERVAL and not _LEVEL.search(found.stated.words):
            self.intervals.append(found)

    def required(self, name: str) -> list[tuple[int, Row]]:
        """The records of a section that have all required fields; what others lack is told."""
        columns = [column for column in section(name).columns if column.required]
        whole = []
        for row, values in enumerate(self.document.rows(name)):
            missing = [column.label for column in columns if not values.get(column.name)]
            if missing:
                self.issues.append(
                    problem(
                        "field-missing",
                        "This entry of “{section}” lacks {missing}.",
                        where=self.document.where(name, row),
                        section=section(name).title,
                        missing=missing,
                    )
                )
            else:
                whole.append((row, values))
        return whole

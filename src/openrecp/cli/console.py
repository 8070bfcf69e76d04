"""What the command line shows: lines, tables that line up in Chinese too, findings, progress."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TextIO

from openrecp.errors import Issue, Severity, Where
from openrecp.texts import Language, Text, join_items, render, text

PATIENCE: Final = 2.0
"""Seconds after which a running step says what it is doing."""

_WIDEST: Final = 44
"""Columns that a column of a table may take on a terminal."""

_PAGE: Final = 100
"""Columns of output that is not shown on a terminal."""

_CLOSING: Final = "，。、；：？！）」』》】％…"
_CHINESE: Final = r"\u2e80-\u9fff\uff00-\uffef"
_PIECES: Final = re.compile(
    rf"[（「『《【]*(?:(?![{_CLOSING}])[{_CHINESE}]|[^\s{_CHINESE}]+(?: %)?)?[{_CLOSING}]*\s*"
)
"""What stays together on a line: a word, or one Chinese character, with the marks around it."""

_LABELS: Final = {
    Severity.ERROR: text("mend"),
    Severity.WARNING: text("look at"),
    Severity.NOTE: text("note"),
}
_COLOURS: Final = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def shown_width(words: str) -> int:
    """Columns a string takes on a terminal; Chinese characters take two.

    >>> shown_width("鍍鎳 Ni")
    7
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words
    )


def fitted(words: str, width: int, *, right: bool = False) -> str:
    """The words in exactly ``width`` columns, cut with an ellipsis where they are longer."""
    if shown_width(words) > width:
        kept = ""
        for character in words:
            if shown_width(kept) + shown_width(character) > width - 1:
                break
            kept += character
        words = kept + "…"
    space = " " * (width - shown_width(words))
    return space + words if right else words + space


def wrapped(words: str, width: int) -> list[str]:
    """The words in lines of at most ``width`` columns, broken at spaces and between Chinese characters.

    What would stand alone at the beginning of a line, such as a full stop, stays with what it follows.

    >>> wrapped("回收期為 3.6 年，", 9), wrapped("a word too long", 6)
    (['回收期為', '3.6 年，'], ['a word', 'too', 'long'])
    """
    lines, line = [], ""
    for piece in _PIECES.findall(words):
        if line and shown_width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


class Console:
    """Output of one run, in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._step = ""
        self._since = 0.0
        self._steps_open = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._shown = False
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")

    @property
    def width(self) -> int:
        """Columns there are for a line: those of the terminal, else those of a page."""
        return shutil.get_terminal_size((_PAGE, 24)).columns if sys.stdout.isatty() else _PAGE

    def say(self, message: Text | str) -> str:
        """The message in the language of this run."""
        return render(message, self.language)

    def line(self, message: Text | str = "") -> None:
        """A line of output."""
        print(self.say(message))

    def paragraph(self, message: Text | str, *, mark: str = "") -> None:
        """A sentence or more, set in by two columns and broken where the page ends, perhaps behind a mark."""
        space = "  " + " " * shown_width(mark)
        for number, line in enumerate(wrapped(self.say(message), self.width - len(space))):
            print(f"{space}{line}" if number else f"  {mark}{line}")

    def heading(self, message: Text | str) -> None:
        """A heading with space above."""
        words = self.say(message)
        print(f"\n{self._styled(words, '1', sys.stdout)}")

    def error(self, words: str) -> None:
        """A line that says why nothing was done."""
        print(self._styled(words, "31", sys.stderr), file=sys.stderr)

    def _styled(self, words: str, code: str, stream: TextIO) -> str:
        colourful = stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        return f"\x1b[{code}m{words}\x1b[0m" if colourful else words

    def table(
        self,
        headers: Sequence[Text | str],
        rows: Iterable[Sequence[str]],
        *,
        right: Sequence[int] = (),
        whole: bool = False,
    ) -> None:
        """Columns that line up; ``right`` names the columns of numbers.

        Long words are cut for the eye only: what goes to a file or another program is whole. With ``whole``
        nothing is ever cut.
        """
        cells = [[self.say(header) for header in headers], *(list(row) for row in rows)]
        widths = [max(shown_width(row[column]) for row in cells) for column in range(len(headers))]
        if sys.stdout.isatty() and len(headers) > 2 and not whole:
            widths = [min(width, _WIDEST) for width in widths]
        for position, row in enumerate(cells):
            shown = "  ".join(
                fitted(cell, widths[column], right=column in right) for column, cell in enumerate(row)
            ).rstrip()
            print("  " + (self._styled(shown, "2", sys.stdout) if position == 0 else shown))

    def issues(self, issues: Iterable[Issue], *, stream: TextIO | None = None) -> None:
        """Findings, the gravest first, each with its place."""
        target = stream or sys.stdout
        order = list(Severity)
        for issue in sorted(issues, key=lambda each: order.index(each.severity)):
            label = fitted(self.say(_LABELS[issue.severity]), 8)
            place = self.place(issue.where)
            print(
                f"  {self._styled(label, _COLOURS[issue.severity], target)} {place + ': ' if place else ''}"
                f"{render(issue, self.language)}",
                file=target,
            )

    def place(self, where: Where) -> str:
        """Where a finding is, as a person would point to it."""
        parts = [part for part in (where.file, where.sheet, where.cell) if part]
        if where.line is not None:
            parts.append(self.say(text("line {line}", line=str(where.line))))
        if where.path and (not parts or parts == [where.file]):
            # Help must be instant; only findings about a document need to know the worksheets.
            from openrecp.reports.places import place_words

            parts.append(self.say(place_words(Where(path=where.path))))
        return " · ".join(parts)

    def counts(self, issues: Sequence[Issue]) -> str:
        """How many findings of each severity, in words."""
        wording = {
            Severity.ERROR: text("{count} to mend", count=_count(issues, Severity.ERROR)),
            Severity.WARNING: text("{count} to look at", count=_count(issues, Severity.WARNING)),
            Severity.NOTE: text("{count} for information", count=_count(issues, Severity.NOTE)),
        }
        found = [self.say(words) for severity, words in wording.items() if _count(issues, severity)]
        return join_items(found, self.language) if found else self.say(text("no findings"))

    @contextmanager
    def step(self, message: Text) -> Iterator[None]:
        """Work that may take long: after two seconds it says on stderr what is going on, and for how long."""
        self._step, self._since, self._shown = self.say(message), time.monotonic(), False
        self._steps_open += 1
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self._steps_open -= 1
            if self._shown and sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")

    def progress(self, message: Text) -> None:
        """What the running step is at now; shown when it takes long."""
        self._step = self.say(message)

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            spent = time.monotonic() - self._since
            if not self._steps_open or spent < PATIENCE:
                continue
            line = self.say(text("{step} … {seconds} s", step=self._step, seconds=int(spent)))
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{line}\x1b[K")
                sys.stderr.flush()
            elif not self._shown:
                sys.stderr.write(f"{line}\n")
            self._shown = True

    def close(self) -> None:
        """Stop the progress watch."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1)


def _count(issues: Sequence[Issue], severity: Severity) -> int:
    return sum(1 for issue in issues if issue.severity is severity)

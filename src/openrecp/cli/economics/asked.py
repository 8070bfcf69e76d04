"""What the command line asks for, checked: everything that cannot be understood is said at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openrecp.economics import Mode
from openrecp.entries import EntryError, parse_number
from openrecp.errors import Issue, UnusableInput, problem
from openrecp.texts import Text, text

_CASE_FILES: Final = frozenset({".yaml", ".yml", ".json"})
ALL: Final = "all"
_EVERY: Final = (ALL, "全部")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of one case or of several.

    Attributes
    ----------
    files : tuple of Path
    mode : Mode
    simulate : bool
    draws, seed : int or None
        None takes what the case says, or the starting values.
    break_even : tuple of str
        Names of inputs; ``all`` for every one.
    two_way : tuple of (str, str)
        Pairs of inputs: of the rows and of the columns.
    budget : float or None
        [money]
    full, explain, json : bool
    """

    files: tuple[Path, ...]
    mode: Mode
    simulate: bool
    draws: int | None
    seed: int | None
    break_even: tuple[str, ...]
    two_way: tuple[tuple[str, str], ...]
    budget: float | None
    full: bool
    explain: bool
    json: bool

    @property
    def is_choice(self) -> bool:
        """Whether cases are chosen among."""
        return len(self.files) > 1 or self.budget is not None


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The cases, how they are counted, what is examined, the form of the output."""
    parser.add_argument(
        "case",
        metavar=words(text("CASE")),
        nargs="*",
        type=Path,
        help=words(text("economics case (.yaml or .json); several are compared and chosen among")),
    )
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.TEXTBOOK.value,
        help=words(text("conventions: textbook, or those of the 1988 EPA manual; the default is textbook")),
    )
    parser.add_argument(
        "--monte-carlo",
        nargs="?",
        const="",
        metavar="N",
        help=words(
            text(
                "draw the uncertain inputs N times (10,000 unless the case or you say otherwise): how likely a gain "
                "is and what drives it"
            )
        ),
    )
    parser.add_argument(
        "--seed", metavar="S", help=words(text("start of the random numbers; the same gives the same"))
    )
    parser.add_argument(
        "--break-even",
        action="append",
        default=[],
        metavar=words(text("INPUT")),
        help=words(
            text(
                "value of this input at which the net present value is zero; “all” for every input, the most "
                "sensitive first"
            )
        ),
    )
    parser.add_argument(
        "--two-way",
        action="append",
        default=[],
        nargs=2,
        metavar=(words(text("ROWS")), words(text("COLUMNS"))),
        help=words(text("table of the net present value over two inputs")),
    )
    parser.add_argument(
        "--budget",
        metavar=words(text("AMOUNT")),
        help=words(text("choose the cases that gain the most with this capital")),
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help=words(text("every table in full: all lines of the cash flow, loans, all inputs")),
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help=words(text("open every figure: formula, inputs and their source")),
    )
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def asked_of(arguments: argparse.Namespace) -> Asked:
    """The arguments as they are used.

    Raises
    ------
    UnusableInput
        If some of them cannot be understood; carries every such finding.
    """
    issues: list[Issue] = []
    files, draws_given = list(arguments.case), arguments.monte_carlo
    if draws_given and Path(draws_given).suffix.lower() in _CASE_FILES:
        # A case file behind the option is no number of draws.
        files.append(Path(draws_given))
        draws_given = ""
    if not files:
        issues.append(problem("no-case", "No case is named; give at least one file: openrecp economics CASE"))
    draws = _number(draws_given or None, "--monte-carlo", issues, least=1, whole=True)
    seed = _number(arguments.seed, "--seed", issues, least=0, whole=True)
    budget = _number(arguments.budget, "--budget", issues, least=0, whole=False)
    if issues:
        raise UnusableInput(issues)
    return Asked(
        files=tuple(files),
        mode=Mode(arguments.mode),
        # Whoever gives the start of the random numbers wants them drawn.
        simulate=draws_given is not None or seed is not None,
        draws=None if draws is None else int(draws),
        seed=None if seed is None else int(seed),
        break_even=tuple(ALL if each.strip().casefold() in _EVERY else each for each in arguments.break_even),
        two_way=tuple((rows, columns) for rows, columns in arguments.two_way),
        budget=budget,
        full=arguments.full,
        explain=arguments.explain,
        json=arguments.json,
    )


def _number(given: str | None, option: str, issues: list[Issue], *, least: int, whole: bool) -> float | None:
    if given is None:
        return None
    try:
        found = parse_number(given)
    except EntryError as error:
        issues += [
            problem("option-number", "{option}: {reason}", option=option, reason=each)
            for each in error.issues
        ]
        return None
    if whole and found != int(found):
        issues.append(
            problem("option-whole", "{option}: {value} is not a whole number.", option=option, value=found)
        )
    elif found < least:
        issues.append(
            problem(
                "option-least",
                "{option}: {value} is too small; give {least} or more.",
                option=option,
                value=found,
                least=least,
            )
        )
    return float(found)

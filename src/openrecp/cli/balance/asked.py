"""What the command line asks of a balance, and names of streams as a person types them."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.what_if import Change
from openrecp.entries import EntryError, parse_number
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.reports.balance_flows import FlowContent, component_key
from openrecp.texts import Text, text

_PICTURES: Final = (".svg", ".png")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a balance.

    Attributes
    ----------
    file : Path
    component : str or None
        As it was typed.
    sankey, diagram : Path or None
        Pictures to write.
    content : FlowContent
        What the pictures show.
    changes, recycles : tuple of str
        As they were typed.
    mfca, full, json, force : bool
    """

    file: Path
    component: str | None
    sankey: Path | None
    diagram: Path | None
    content: FlowContent
    changes: tuple[str, ...]
    recycles: tuple[str, ...]
    mfca: bool
    full: bool
    json: bool
    force: bool

    @property
    def pictures(self) -> list[Path]:
        """The files of all pictures."""
        return [path for path in (self.sankey, self.diagram) if path is not None]


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The flowsheet, what is looked at, pictures, the form of the output."""
    parser.add_argument(
        "file",
        metavar=words(text("FILE")),
        type=Path,
        help=words(text("flowsheet (.xlsx, .yaml or .json), or an assessment (.xlsx or .json)")),
    )
    parser.add_argument(
        "--component",
        metavar=words(text("COMPONENT")),
        help=words(text("follow only this component beside the total mass; pictures then show it")),
    )
    parser.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar=words(text("STREAM=FACTOR")),
        help=words(
            text(
                "the whole plant with this stream times a factor: --what-if water=0.5; STREAM:COMPONENT=FACTOR"
            )
        ),
    )
    parser.add_argument(
        "--recycle",
        action="append",
        default=[],
        metavar=words(text("STREAM")),
        help=words(
            text(
                "for --what-if: this stream brings back what is recovered, and follows what it is recovered from"
            )
        ),
    )
    parser.add_argument(
        "--mfca",
        action="store_true",
        help=words(text("material flow costs in full: cost matrix, processes, true cost of every waste")),
    )
    for option, summary in (
        ("--sankey", text("draw the flows as ribbons; the ending decides: .svg or .png")),
        ("--diagram", text("draw the process flow diagram, .svg or .png")),
    ):
        parser.add_argument(option, metavar=words(text("FILE")), type=Path, help=words(summary))
    parser.add_argument(
        "--of",
        choices=[each.value for each in FlowContent],
        help=words(text("what the pictures show; mass unless you say otherwise")),
    )
    parser.add_argument("--full", action="store_true", help=words(text("every table and finding in full")))
    parser.add_argument("--force", action="store_true", help=words(text("replace files that exist")))
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def asked_of(arguments: argparse.Namespace) -> Asked:
    """The arguments as they are used.

    Raises
    ------
    UnusableInput
        If a picture's ending is not known.
    """
    content = FlowContent.COMPONENT if arguments.component else FlowContent.MASS
    asked = Asked(
        file=arguments.file,
        component=arguments.component,
        sankey=arguments.sankey,
        diagram=arguments.diagram,
        content=FlowContent(arguments.of) if arguments.of else content,
        changes=tuple(arguments.what_if),
        recycles=tuple(arguments.recycle),
        mfca=arguments.mfca,
        full=arguments.full,
        json=arguments.json,
        force=arguments.force,
    )
    wrong = [path for path in asked.pictures if path.suffix.lower() not in _PICTURES]
    if wrong:
        raise UnusableInput(
            problem(
                "picture-ending",
                "A picture is written to a file that ends in .svg or .png.",
                where=Where(file=str(path)),
            )
            for path in wrong
        )
    return asked


def changes_of(typed: Sequence[str], flowsheet: Flowsheet) -> tuple[Change, ...]:
    """The changes that were typed, such as ``water=0.5`` or ``Drag-out of the bath:Ni=0.5``.

    Raises
    ------
    UnusableInput
        With every one that cannot be understood.
    """
    issues: list[Issue] = []
    found = []
    for words in typed:
        try:
            found.append(_change(words, flowsheet))
        except (UnusableInput, EntryError) as error:
            issues += error.issues
    if issues:
        raise UnusableInput(issues)
    return tuple(found)


def _change(words: str, flowsheet: Flowsheet) -> Change:
    stream, sign, factor = words.rpartition("=")
    if not sign or not stream.strip():
        raise UnusableInput(
            problem(
                "what-if-form",
                "“{words}” says no stream and factor. Write it as STREAM=0.5, or STREAM:COMPONENT=0.5 for one component.",
                words=words,
            )
        )
    value = float(parse_number(factor))
    streams = {each.key: each.name for each in flowsheet.streams}
    key = _named(stream, streams)
    if key is not None:
        return Change(key, factor=value)
    before, _, component = stream.rpartition(":")
    key = _named(before, streams) if before else None
    if key is None:
        raise UnusableInput(_unknown(before or stream, streams))
    return Change(key, factor=value, component=component_key(flowsheet, component.strip()))


def streams_of(typed: Sequence[str], flowsheet: Flowsheet) -> tuple[str, ...]:
    """The keys of streams that were typed by key or name.

    Raises
    ------
    UnusableInput
        With every one that is not there.
    """
    streams = {each.key: each.name for each in flowsheet.streams}
    found = {words: _named(words, streams) for words in typed}
    unknown = [_unknown(words, streams) for words, key in found.items() if key is None]
    if unknown:
        raise UnusableInput(unknown)
    return tuple(key for key in found.values() if key is not None)


def _named(words: str, names: Mapping[str, str]) -> str | None:
    """The key of an item by its key or its name."""
    wanted = _plain(words)
    if words.strip() in names:
        return words.strip()
    return next((key for key, name in names.items() if wanted in (_plain(key), _plain(name))), None)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _unknown(words: str, names: Mapping[str, str]) -> Issue:
    near = _near(words, [*names, *names.values()])
    if near is not None:
        return problem(
            "what-if-stream-near",
            "There is no stream “{stream}” in this flowsheet; “{near}” may be meant.",
            stream=words,
            near=near,
        )
    return problem(
        "what-if-stream-none",
        "There is no stream “{stream}” in this flowsheet. It has: {known}.",
        stream=words,
        known=list(names),
    )


def _near(words: str, known: Iterable[str]) -> str | None:
    by_plain = {_plain(each): each for each in known}
    close = difflib.get_close_matches(_plain(words), by_plain, 1)
    return by_plain[close[0]] if close else None

"""The command line. A command's module is imported when that command runs, so that help is instant.

Further commands register through the entry-point group ``openrecp.commands``: a name and a module with
``summary: Text``, ``add_arguments(parser, words)`` and ``run(arguments, console) -> int``.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final, NoReturn, Protocol, cast

from openrecp import __version__
from openrecp.cli.console import Console
from openrecp.errors import OpenRecpError
from openrecp.texts import LANGUAGES, Language, Text, render, text

FINE: Final = 0
ATTENTION: Final = 1
UNUSABLE: Final = 2
BROKEN: Final = 3
INTERRUPTED: Final = 130

COMMANDS: Final[dict[str, Text]] = {
    "demo": text("evaluate the built-in plant and write its report"),
    "template": text("write an empty workbook to fill in"),
    "check": text("list everything in a workbook that needs attention"),
    "evaluate": text("rank streams, screen options and cost them"),
    "report": text("write the report as DOCX, PDF, HTML and XLSX"),
    "balance": text("where everything goes: what is lost, in mass and money, and which meters are wrong"),
    "convert": text("turn a workbook into JSON or back, into the other language, or into the full set"),
    "economics": text("what a measure returns and how sure that is, or which of several to choose"),
    "screen": text("rank options by the weighted-sum method"),
    "example": text("list the built-in examples, or write one to a folder"),
    "schema": text("print the JSON schema of the assessment document"),
}
"""The built-in commands, in the order of the work; each lives in the module of its name."""

GROUP: Final = "openrecp.commands"


class Command(Protocol):
    """What a command's module offers."""

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
        """Declare the arguments; ``words`` renders their help in the reader's language."""

    @staticmethod
    def run(arguments: argparse.Namespace, console: Console) -> int:
        """Do it and return the exit code."""


def language_of_environment(environment: dict[str, str] | None = None) -> Language:
    """The reader's language: ``OPENRECP_LANG``, else the locale; English when neither says Chinese."""
    values = os.environ if environment is None else environment
    for name in ("OPENRECP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = values.get(name, "").lower().replace("_", "-")
        if value:
            return "zh-hant" if value.startswith("zh") else "en"
    return "en"


def _language(arguments: Sequence[str]) -> Language:
    """``--lang`` wherever it stands; needed before parsing, for the help itself."""
    for position, argument in enumerate(arguments):
        value = None
        if argument == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        elif argument.startswith("--lang="):
            value = argument.partition("=")[2]
        if value in LANGUAGES:
            return value
    return language_of_environment()


# argparse says these in English only.
_REFUSALS: Final[dict[re.Pattern[str], Text]] = {
    re.compile(r"arguments are required: (?P<names>.+)"): text("still needed: {names}"),
    re.compile(r"unrecognized arguments: (?P<names>.+)"): text("not understood: {names}"),
    re.compile(r"argument (?P<name>\S+): invalid choice: (?P<found>.+) \(choose from (?P<known>.+)\)"): text(
        "{name} cannot be {found}; choose from {known}"
    ),
    re.compile(r"argument (?P<name>\S+): expected one argument"): text("{name} needs a value after it"),
}


# The operating system says these in its own language.
_SYSTEM_REASONS: Final[dict[int, Text]] = {
    errno.EACCES: text("no permission to read or write here; choose another folder or ask who owns it."),
    errno.EPERM: text("no permission to read or write here; choose another folder or ask who owns it."),
    errno.EROFS: text("this drive can only be read; choose another folder."),
    errno.ENOSPC: text("the disk is full; make room, then run this again."),
    errno.ENOENT: text("there is no such file or folder; check the name."),
    errno.ENOTDIR: text("this is a file, but a folder is needed here; choose another name."),
    errno.EEXIST: text("this is a file, but a folder is needed here; choose another name."),
    errno.EISDIR: text("this is a folder; name the file in it."),
    errno.ENAMETOOLONG: text("the name is too long; choose a shorter one."),
}


class _Parser(argparse.ArgumentParser):
    """argparse in the reader's language, with the library's exit codes."""

    def __init__(self, *, language: Language, **options: Any) -> None:
        self.language = language
        super().__init__(add_help=False, **options)
        self._positionals.title = self._word(text("arguments"))
        self._optionals.title = self._word(text("options"))
        self.add_argument("-h", "--help", action="help", help=self._word(text("show this help and stop")))

    def _word(self, message: Text) -> str:
        return render(message, self.language)

    def format_help(self) -> str:
        return self._translated(super().format_help())

    def format_usage(self) -> str:
        return self._translated(super().format_usage())

    def _translated(self, words: str) -> str:
        return words.replace("usage: ", f"{self._word(text('usage'))}: ", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, words in _REFUSALS.items():
            if found := pattern.search(message):
                message = render(Text(words.message, found.groupdict()), self.language)
                break
        self.print_usage(sys.stderr)
        line = text("{program}: {reason}. Add --help for what it takes.", program=self.prog, reason=message)
        self.exit(UNUSABLE, render(line, self.language) + "\n")


def _overview(language: Language) -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = [
        render(
            text("OpenRECP {version}: resource-efficient and cleaner production", version=__version__),
            language,
        ),
        "",
        f"{render(text('usage'), language)}: openrecp <{render(text('command'), language)}> … [--lang en|zh-hant]",
        "",
    ]
    lines += [f"  {name:<{width}}{render(summary, language)}" for name, summary in COMMANDS.items()]
    further = sorted(point.name for point in entry_points(group=GROUP) if point.name not in COMMANDS)
    if further:
        lines += ["", render(text("Further commands: {names}", names=further), language)]
    lines += [
        "",
        render(text("Exit codes: 0 fine, 1 findings that need attention, 2 unusable input."), language),
        render(text("“openrecp <command> --help” shows what a command takes."), language),
    ]
    return "\n".join(lines) + "\n"


def _command(name: str) -> Command | None:
    if name in COMMANDS:
        return cast(Command, import_module(f"openrecp.cli.{name}"))
    for point in entry_points(group=GROUP):
        if point.name == name:
            return cast(Command, point.load())
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 findings need attention, 2 unusable input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(given)
    console = Console(language)
    names = [word for word in given if not word.startswith("-") and word not in LANGUAGES]
    if not names or given[0] in ("-h", "--help"):
        if given and given[0] == "--version":
            console.line(f"openrecp {__version__}")
            return FINE
        sys.stdout.write(_overview(language))
        return FINE if given else UNUSABLE
    name = names[0]
    command = _command(name)
    if command is None:
        console.error(
            render(
                text("There is no command “{name}”. Known: {known}.", name=name, known=list(COMMANDS)),
                language,
            )
        )
        return UNUSABLE
    rest = given[: given.index(name)] + given[given.index(name) + 1 :]
    parser = _Parser(
        language=language,
        prog=f"openrecp {name}",
        description=render(COMMANDS.get(name, getattr(command, "summary", Text(name))), language),
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=language,
        help=render(text("language of everything shown and written"), language),
    )
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    command.add_arguments(parser, partial(render, language=language))
    return _run(command, parser.parse_args(rest), console)


def _run(command: Command, arguments: argparse.Namespace, console: Console) -> int:
    try:
        return command.run(arguments, console)
    except OpenRecpError as error:
        console.issues(error.issues, stream=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        # The reader of our output went away (a pager was closed); nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        reason = _SYSTEM_REASONS.get(error.errno or 0, error.strerror or str(error))
        console.error(console.say(text("{file}: {reason}", file=error.filename or "", reason=reason)))
        return UNUSABLE
    except KeyboardInterrupt:
        console.error(render(text("Stopped."), console.language))
        return INTERRUPTED
    except Exception as error:
        if arguments.debug:
            raise
        console.error(
            render(
                text(
                    "OpenRECP itself failed ({kind}: {reason}). Run again with --debug and report what it prints.",
                    kind=type(error).__name__,
                    reason=str(error),
                ),
                console.language,
            )
        )
        return BROKEN
    finally:
        console.close()

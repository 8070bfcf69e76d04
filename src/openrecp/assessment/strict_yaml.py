"""YAML and JSON as people type them, read strictly: every value stays the text that was typed.

YAML's own guesses (``no`` for false, ``12:30`` for 750, ``1e5`` for a text) are not made, so a number is
read by one rule everywhere. Duplicate keys, aliases and tags are findings, each with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.texts import text

Path = tuple[str | int, ...]

_DEEPEST: Final = 12
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})
_LONGEST: Final = 200_000  # characters; a case has a few thousand
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)


@dataclass(slots=True)
class Tree:
    """What a file says.

    Attributes
    ----------
    data : Any
        Mappings, lists, texts, and None for an empty value.
    lines : dict of path to int
        Line of every key and list entry, counted from 1.
    issues : list of Issue
        Duplicate keys and the like.
    """

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def where(self, path: Path) -> Where:
        """The place of a path, or of the nearest thing above it that stands in the file."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return Where(file=self.file, line=line, path=dotted(path))
        return Where(file=self.file, path=dotted(path))


def dotted(path: Path) -> str:
    """A path as it is shown.

    >>> dotted(("capital", "other", 0, "name"))
    'capital.other[1].name'
    """
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if shown else part)
    return shown


def read_tree(words: str, file: str) -> Tree:
    """Read a YAML or JSON document.

    Parameters
    ----------
    words : str
        Content of the file.
    file : str
        Its name, for the findings.

    Raises
    ------
    UnusableInput
        If it is not YAML at all, or not a group of keys.
    """
    if len(words) > _LONGEST:
        raise UnusableInput(
            problem(
                "case-too-long",
                "The file has {count} characters; a case has a few thousand. Check that it is the right file.",
                where=Where(file=file),
                count=len(words),
            )
        )
    # A tab outside a text is only white space in JSON, but forbidden in YAML.
    prepared = words.replace("\t", " ") if words.lstrip().startswith("{") else words
    tree = Tree(file)
    try:
        # SafeLoader is only composed, never constructed: no object is made from the file.
        node = yaml.compose(prepared, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Where(file=file, line=mark.line + 1 if mark else None)
        raise UnusableInput(_broken(error.problem or str(error), where)) from None
    except RecursionError:
        raise UnusableInput(_issue("yaml-too-deep", Where(file=file))) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UnusableInput(_broken(reason, Where(file=file))) from None
    if not isinstance(node, yaml.MappingNode):
        raise UnusableInput(
            problem(
                "no-keys",
                "The file holds no keys such as “capital:”; see the built-in examples for how it is written.",
                where=Where(file=file),
            )
        )
    tree.data = _Walk(tree).value(node, ())
    return tree


# The mistakes people make most, which the parser names in English and in its own terms.
_MISTAKES: Final = (
    ("'\\t'", text("a tab stands where only spaces may; replace it by spaces")),
    (
        "mapping values are not allowed",
        text("a colon too many, or the indentation is not that of the line above"),
    ),
    ("expected <block end>", text("the indentation is not that of the lines above")),
    ("could not find expected ':'", text("the colon after the key is missing")),
    ("found unexpected end of stream", text("a quotation mark or bracket is not closed")),
    ("stream end", text("a quotation mark or bracket is not closed")),
    ("another document", text("a second document begins with ---; a case is one document")),
)


def _broken(reason: str, where: Where) -> Issue:
    known = next((words for found, words in _MISTAKES if found in reason), reason)
    return problem(
        "yaml-broken", "The file cannot be read as YAML here ({reason}).", where=where, reason=known
    )


class _Walk:
    """From YAML's nodes to plain data, with lines and findings."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.tree.lines.setdefault(path, line)
        if id(node) in self._seen:
            # An alias brings the same node again; expanding them could fill the memory.
            self._add("yaml-alias", path, line)
            return None
        self._seen.add(id(node))
        if len(path) > _DEEPEST:
            self._add("yaml-too-deep", path, line)
            return None
        if node.tag not in _PLAIN_TAGS:
            self._add("yaml-tag", path, line)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, number)) for number, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NOTHING:
            return None
        return _whole_characters(str(node.value))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in self._pairs(node, path):
            line = self.tree.lines[(*path, key)]
            if key in found:
                self._add("key-twice", (*path, key), line)
                continue
            found[key] = self.value(child, (*path, key))
        return found

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or not key_node.value.strip():
                self._add("key-not-a-word", path, line)
                continue
            key = _whole_characters(key_node.value.strip())
            self.tree.lines[(*path, key)] = line
            yield key, child

    def _add(self, code: str, path: Path, line: int) -> None:
        where = Where(file=self.tree.file, line=line, path=dotted(path))
        found = _issue(code, where)
        # An anchor used a hundred times on a line is found by being named once.
        if code != "yaml-alias" or all(
            (each.code, each.where.line) != (code, line) for each in self.tree.issues
        ):
            self.tree.issues.append(found)


def _issue(code: str, where: Where) -> Issue:
    match code:
        case "key-twice":
            return problem(code, "“{key}” stands twice; keep one of them.", where=where, key=where.path)
        case "key-not-a-word":
            return problem(code, "A key here is not a word; write “name: value”.", where=where)
        case "yaml-alias":
            return problem(
                code, "Anchors and aliases (& and *) are not used here; write the value out.", where=where
            )
        case "yaml-too-deep":
            return problem(code, "The keys are nested too deeply here.", where=where)
        case _:
            return problem(
                code, "Tags (words beginning with !) are not used here; write the plain value.", where=where
            )


def _whole_characters(words: str) -> str:
    """The text with the halves of a character, which JSON may write as two escapes, put together."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""What is wrong with the keys of a case, in our own words: the validator's findings as findings for a reader."""

from __future__ import annotations

import difflib
import re
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from openrecp.assessment.case_model import Case
from openrecp.assessment.case_short_form import SHORT_FORM, SHORT_NAMES
from openrecp.assessment.strict_yaml import Path as KeyPath
from openrecp.assessment.strict_yaml import Tree, dotted
from openrecp.errors import Issue, problem


def fault_issues(error: ErrorDetails, tree: Tree) -> list[Issue]:
    """What pydantic found at one place, in our words and at its line."""
    where = tree.where(tuple(error["loc"]))
    if error["type"] == "issues":
        carried: tuple[Issue, ...] = error["ctx"]["issues"]
        return [issue.at(where) for issue in carried]
    return [_issue(error, tree)]


def _issue(error: ErrorDetails, tree: Tree) -> Issue:
    path: KeyPath = tuple(error["loc"])
    where = tree.where(path)
    key = SHORT_NAMES.get(path) if path in SHORT_NAMES and _is_flat(tree, path) else dotted(path)
    match error["type"]:
        case "missing":
            return problem("key-missing", "“{key}” is missing; add it.", where=where, key=key)
        case "extra_forbidden" if _is_cut(str(path[-1])):
            return problem(
                "comma-in-braces",
                "A comma within braces or brackets ends the value; write the number without commas, or in quotes.",
                where=where,
            )
        case "extra_forbidden":
            near = difflib.get_close_matches(str(path[-1]), _known_keys(path), 1)
            if near:
                return problem(
                    "key-unknown",
                    "“{key}” is not a known key; “{near}” may be meant.",
                    where=where,
                    key=key,
                    near=near[0],
                )
            return problem("key-unknown", "“{key}” is not a known key here; delete it.", where=where, key=key)
        case "tuple_type":
            return problem(
                "list-expected", "“{key}” must be a list, each entry after a “-”.", where=where, key=key
            )
        case _:
            return problem("group-expected", "“{key}” must be a group of keys.", where=where, key=key)


def _is_cut(key: str) -> bool:
    """Whether a key is the end of a number such as 3,000 within braces."""
    return re.fullmatch(r"[0-9]{3}", key) is not None


def once(issues: list[Issue]) -> list[Issue]:
    """The findings without those that repeat how a comma has cut a number."""
    lines = {issue.where.line for issue in issues if issue.code == "comma-in-braces"}
    kept: list[Issue] = []
    for issue in issues:
        if issue.code == "comma-in-braces":
            if issue.where.line not in lines:
                continue
            lines.discard(issue.where.line)
        elif issue.code == "key-twice" and _is_cut((issue.where.path or "").rpartition(".")[2]):
            continue
        kept.append(issue)
    return kept


def _is_flat(tree: Tree, path: KeyPath) -> bool:
    return (
        any((key,) in tree.lines for key in SHORT_FORM if key not in Case.model_fields) or path in tree.lines
    )


def _known_keys(path: KeyPath) -> list[str]:
    model: Any = Case
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        options = [annotation, *get_args(annotation)]
        models = [each for each in options if isinstance(each, type) and issubclass(each, BaseModel)]
        if not models:
            return []
        model = models[0]
    known = [field.alias or name for name, field in model.model_fields.items()]
    return [*known, *SHORT_FORM] if model is Case else known

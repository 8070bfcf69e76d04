"""Writing files where people keep theirs: whole or not at all, and never over somebody's work."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from openrecp.errors import Severity, UnusableInput, Where, problem


def refuse_overwriting(paths: list[Path], *, force: bool) -> None:
    """Stop before anything is written when a file is already there.

    Raises
    ------
    UnusableInput
        Naming every file that exists, unless ``force``.
    """
    existing = [] if force else [path for path in paths if path.exists()]
    if existing:
        raise UnusableInput(
            problem(
                "file-exists",
                "This file exists and may hold somebody's work. Choose another name, or add --force to replace it.",
                severity=Severity.ERROR,
                where=Where(file=str(path)),
            )
            for path in existing
        )


def save_file(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it, so that a failure leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, temporary = tempfile.mkstemp(prefix=".openrecp-", dir=path.parent)
    except OSError as error:
        # The name of the temporary file would mean nothing to a reader.
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save_files(directory: Path, contents: Mapping[str, bytes], *, force: bool) -> list[Path]:
    """Write several files into a folder, all of them or none when one is in the way."""
    paths = [directory / name for name in contents]
    refuse_overwriting(paths, force=force)
    for path, content in zip(paths, contents.values(), strict=True):
        save_file(path, content)
    return paths


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

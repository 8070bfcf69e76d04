"""How the basis of a figure is shown: a letter beside the number, explained where it is used.

Measured, from records, estimated, assumed and verified must never look alike, in print without
colour neither; what is only calculated bears no letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from openrecp.figures import Basis
from openrecp.texts import Language, render

_LETTERS: Final[Mapping[Basis, tuple[str, str]]] = {
    Basis.MEASURED: ("M", "測"),
    Basis.RECORDED: ("R", "錄"),
    Basis.ESTIMATED: ("E", "估"),
    Basis.ASSUMED: ("A", "設"),
    Basis.VERIFIED: ("V", "證"),
}
UNSURE: Final = frozenset({Basis.ESTIMATED, Basis.ASSUMED})
"""Bases whose mark is set off as a caution, besides its letter."""


def basis_mark(basis: Basis, language: Language) -> str:
    """The letter of a basis, empty for a calculated figure."""
    english, chinese = _LETTERS.get(basis, ("", ""))
    return chinese if language == "zh-hant" else english


def mark_legend(bases: Iterable[Basis], language: Language) -> list[tuple[str, str, bool]]:
    """Letter, meaning and whether it is unsure, for every mark that occurs; the sure ones first."""
    used = set(bases)
    order = (Basis.VERIFIED, Basis.MEASURED, Basis.RECORDED, Basis.ESTIMATED, Basis.ASSUMED)
    return [
        (basis_mark(basis, language), render(basis, language), basis in UNSURE)
        for basis in order
        if basis in used
    ]

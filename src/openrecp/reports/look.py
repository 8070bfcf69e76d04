"""The project's colours and fonts, the same in every format.

Neutral greys, one accent; losses are vermilion and gains are blue, so that nobody has to tell red
from green. Every ink reaches 4.5:1 on the ground it is used on.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

INK: Final = "#1C272B"
MUTED: Final = "#566369"
LINE: Final = "#CFD7DA"
HAIR: Final = "#E6EBEC"
PANEL: Final = "#F2F6F6"
PAPER: Final = "#FFFFFF"
ACCENT: Final = "#0B5A60"
ACCENT_MID: Final = "#5F9EA1"
ACCENT_PALE: Final = "#DCEBEB"
LOSS: Final = "#C23B16"
GAIN: Final = "#1F5FA8"
CAUTION: Final = "#8A5A00"
CAUTION_PALE: Final = "#FDF1D8"
DECISION_PALE: Final = "#E4EDF7"
NEUTRAL_BAR: Final = "#A9B6BA"

LATIN: Final = "Source Sans 3"
CHINESE: Final = "Noto Sans TC"
FONT_LIST: Final = f"{LATIN}, {CHINESE}"
# Latin first: the Chinese face has no subscript digits, so CO₂e would lose its 2.

_FONTS = ("SourceSans3_400Regular", "SourceSans3_700Bold", "NotoSansTC_400Regular", "NotoSansTC_700Bold")


@lru_cache(maxsize=1)
def vendor_folder() -> Path:
    """The folder of vendored fonts and scripts.

    Raises
    ------
    FileNotFoundError
        If the package was installed without them.
    """
    with as_file(files("openrecp.reports") / "vendor") as folder:
        if not (folder / "vendor.json").exists():
            raise FileNotFoundError(folder)
        return folder


def font_files() -> tuple[Path, ...]:
    """The vendored fonts: Latin and Chinese, regular and bold."""
    return tuple(vendor_folder() / "fonts" / f"{name}.ttf" for name in _FONTS)

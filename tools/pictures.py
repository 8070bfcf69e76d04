"""Renew the pictures of the README from what the demo really writes (needs pdftoppm, from poppler-utils).

python tools/pictures.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
# The first page after the cover, cut above the empty part: dots per inch, then left, top, width, height in dots.
CUT = ("-r", "120", "-x", "80", "-y", "60", "-W", "840", "-H", "960")

if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for language, name in (("en", "report"), ("zh-hant", "report.zh-hant")):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "openrecp.cli", "demo", "--out", folder, "--lang", language],
                check=True,
            )
            report = next(Path(folder).glob("*.pdf"))
            target = IMAGES / name
            subprocess.run(
                ["pdftoppm", *CUT, "-f", "2", "-l", "2", "-singlefile", "-png", str(report), str(target)],
                check=True,
            )
        print(target.with_name(f"{name}.png"))

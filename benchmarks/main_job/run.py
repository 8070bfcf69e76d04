"""How long the main job takes: a full workbook read, evaluated and written as DOCX and PDF.

    python benchmarks/main_job/run.py [runs]

Every stage is timed after imports, several times, and the median is printed beside the yardsticks of the same
run: openpyxl loading the same workbook (twice, as formulas and as values must be read in two passes), and the
Python interpreter starting. Targets: the chain under 3 s on two cores, ``openrecp --help`` under 0.3 s.
Memory is the peak of the whole process, beside that of a process which only loads the workbook with openpyxl.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook

from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.examples import example_assessment
from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.reports.charts.drawing import chart_svg
from openrecp.reports.content import build_report
from openrecp.reports.docx import write_docx
from openrecp.reports.html import write_html
from openrecp.reports.pdf import write_pdf
from openrecp.reports.xlsx import write_xlsx

PEER_MEMORY = (
    "import sys; from openpyxl import load_workbook;"
    "load_workbook(sys.argv[1]); load_workbook(sys.argv[1], data_only=True);"
    "print(open('/proc/self/status').read())"
)


def median(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def started(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def openpyxl_twice(path: Path) -> None:
    load_workbook(path)
    load_workbook(path, data_only=True)


def peak_kilobytes(status: str) -> int:
    """VmHWM; getrusage would count the parent's memory from before exec."""
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "metal-finishing.xlsx"
        path.write_bytes(write_workbook(example_assessment("metal-finishing", "zh-hant"), "zh-hant"))
        report = build_report(evaluate(read_assessment(path).assessment), "zh-hant")
        write_docx(report), write_pdf(report)

        def chain() -> None:
            # Every plant has its own pictures; none may be left over from the run before.
            chart_svg.cache_clear()
            evaluation = evaluate(read_assessment(path).assessment)
            content = build_report(evaluation, "zh-hant")
            write_docx(content)
            write_pdf(content)

        assessment = read_assessment(path).assessment
        evaluation = evaluate(assessment)
        stages: dict[str, Callable[[], object]] = {
            "peer: openpyxl loads the workbook": lambda: openpyxl_twice(path),
            "read": lambda: read_assessment(path),
            "evaluate": lambda: evaluate(assessment),
            "content": lambda: build_report(evaluation, "zh-hant"),
            "DOCX": lambda: write_docx(report),
            "PDF": lambda: write_pdf(report),
            "HTML": lambda: write_html(report),
            "XLSX": lambda: write_xlsx(report),
            "read, evaluate, DOCX and PDF": chain,
            "peer: python starts": started(sys.executable, "-c", "pass"),
            "openrecp --help": started(str(Path(sys.executable).with_name("openrecp")), "--help"),
        }
        times = {name: median(action, runs) for name, action in stages.items()}
        yardstick = times["peer: openpyxl loads the workbook"]
        print(f"{'stage':<36}{'median s':>10}{'× openpyxl':>12}   ({runs} runs)")
        for name, seconds in times.items():
            print(f"{name:<36}{seconds:>10.3f}{seconds / yardstick:>12.2f}")
        started_bare = times["peer: python starts"]
        print(f"openrecp --help is {times['openrecp --help'] / started_bare:.1f} × a bare Python start")
        peer = subprocess.run(
            [sys.executable, "-c", PEER_MEMORY, str(path)], check=True, capture_output=True, text=True
        )
        own = peak_kilobytes(Path("/proc/self/status").read_text())
        ratio = own / peak_kilobytes(peer.stdout)
        print(f"peak memory {own / 1024:.0f} MB, {ratio:.1f} × openpyxl loading the workbook")


if __name__ == "__main__":
    main()

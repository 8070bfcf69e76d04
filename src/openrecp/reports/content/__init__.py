"""What the report says: built once from an evaluation, written by every writer."""

from openrecp.reports.content.report import build_report

__all__ = ["build_report"]

"""Flowsheets as people keep them: YAML, JSON or a workbook, in either language."""

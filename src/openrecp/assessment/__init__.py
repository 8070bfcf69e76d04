"""Worksheets, the assessment document, the workbook in and out, and the evaluation."""

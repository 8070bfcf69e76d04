"""Reports: content as neutral blocks, and the writers that turn it into DOCX, PDF, HTML and XLSX."""

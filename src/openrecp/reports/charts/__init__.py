"""Charts for reports and pages: what is drawn, how it is drawn, and the drawing as SVG or PNG."""

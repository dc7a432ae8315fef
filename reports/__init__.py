"""Templates, styles and browser code of the summary page."""

"""From results to what people open: the results folder, the page, the workbook, the calendar, the terminal."""

"""Documents as text: page by page, in reading order, tables as rows."""

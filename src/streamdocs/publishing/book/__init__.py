"""The course where there is no browser: a book in two formats, and Markdown for machines."""

"""The closing project: five steps, and a hostile grader that reads what the programs stored."""

NAME = "proyecto"
"""What it is called where an exercise is named."""

"""The closing project: five steps, and a hostile grader that reads what the programs stored."""

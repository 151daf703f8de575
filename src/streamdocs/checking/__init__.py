"""What pages and examples do, against what they must do."""

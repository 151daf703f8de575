"""Linux and its programs: what is there, what runs, who listens; nothing here knows Spark."""

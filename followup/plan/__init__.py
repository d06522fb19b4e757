"""The plan: year and month, deadlines, the calendar feed and the red thread."""

"""Forms for the log, and the log's filter."""

"""The log's choices, order, pages and planned times."""

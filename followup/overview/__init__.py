"""The chief's five minutes: what is missing, risks, what waits, and what has changed."""

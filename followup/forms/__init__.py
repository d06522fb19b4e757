"""The forms of what became of the promises, a module for each room."""

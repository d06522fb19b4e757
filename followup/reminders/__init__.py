"""Reminders by e-mail: what is due to be told (`due`), the letter (`letter`), the post (`post`)."""

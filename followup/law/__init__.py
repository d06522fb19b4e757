"""Lagkontrollen: 4–13 §§ lag (2023:196), what each asks for and what there is to show for it.

`paragraphs` says in the portal's own words what each paragraph asks for, `findings` what the
portal holds of it, and `clocks` when the time of the agreement and of the law runs out (`next_review` for the agreement's).
"""

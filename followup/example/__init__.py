"""The example log: two invented years of Dorotea's collaboration, to look at and develop with.

The log itself is data, in Swedish, in `dorotea/`: a file for each promise, one for the
undertakings, one for the goals' metrics, one for the example accounts and one for the review.
Everything in it is made up, and marked so by `is_example`.
"""

"""Measuring: each figure beside what the same server does without us."""

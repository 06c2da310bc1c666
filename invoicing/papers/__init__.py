"""Documents on paper: every word and figure as the reader's language writes it, ready for the template."""

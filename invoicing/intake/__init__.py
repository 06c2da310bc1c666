"""From the rows of somebody's file to contracts, amendments and readings."""

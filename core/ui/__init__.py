"""What screens need and git doesn't keep: icon sprite, fonts and stylesheet, made from packages and static/."""

"""What cash application prints."""

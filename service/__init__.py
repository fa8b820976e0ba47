"""Predictions out: HTTP, command line, bulk files."""

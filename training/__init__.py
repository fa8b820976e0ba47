"""Labelled sentences in, artifact and report out."""

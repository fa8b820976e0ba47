"""The model: what a target is, how a sentence is read and scored, how an artifact is kept."""

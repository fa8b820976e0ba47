"""The model card: what a release is, for people."""

from training.release import Run


def write_card(run: Run) -> str:
    """Text of MODEL_CARD.md."""
    overall = run.metrics["stance"]["overall"]
    return f"# {run.manifest['name']} {run.version}\n\nMacro-F1 {overall['macro_f1']} ({run.manifest['method']}).\n"

"""`python -m training`: from labelled sentences to a released model, and what lies between."""

import sys
from collections.abc import Sequence

import typer

from models.errors import StancewireError
from training import (
    cmd_ablate,
    cmd_benchmark,
    cmd_datasheet,
    cmd_drift,
    cmd_evaluate,
    cmd_fetch,
    cmd_labels,
    cmd_learning_curve,
    cmd_mentions,
    cmd_release,
    cmd_reproduce,
    cmd_train,
    cmd_tune,
    cmd_validate,
)
from training.console import err

app = typer.Typer(
    name="python -m training",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Train, measure and release stance models.

A model's life: [bold]validate[/bold] the labels, [bold]train[/bold] an artifact, read its report,
[bold]compare[/bold] it with the one that is served, [bold]promote[/bold] it, and [bold]rollback[/bold]
if it was a mistake. Every command explains itself with --help; --json prints figures for programs.""",
)

app.command("fetch")(cmd_fetch.command)
app.command("validate")(cmd_validate.command)
app.command("mentions")(cmd_mentions.command)
app.command("train")(cmd_train.command)
app.command("evaluate")(cmd_evaluate.command)
app.command("export")(cmd_labels.export_command)
app.command("import")(cmd_labels.import_command)
app.command("drift")(cmd_drift.command)
app.command("benchmark")(cmd_benchmark.command)
app.command("tune")(cmd_tune.command)
app.command("ablate")(cmd_ablate.command)
app.command("learning-curve")(cmd_learning_curve.command)
app.command("datasheet")(cmd_datasheet.command)
app.command("reproduce")(cmd_reproduce.command)
app.command("compare")(cmd_release.compare_command)
app.command("promote")(cmd_release.promote_command)
app.command("rollback")(cmd_release.rollback_command)
app.command("releases")(cmd_release.releases_command)


def main(args: Sequence[str] | None = None) -> None:
    """Run a command; an error that we know is told on standard error, and the exit code is 1."""
    try:
        app(args=args)
    except StancewireError as error:
        err.print(f"Error: {error.message}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

"""The command line: `stancewire classify`, `bulk`, `report`, `serve`."""

import csv
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from models.analysis import Analysis
from models.errors import StancewireError
from service.inputs import artifact_folder, load_analyzer, parse_date, parse_targets, read_article

# What loads the model (scikit-learn) or the server is imported in the commands, so that --help is quick.

app = typer.Typer(
    name="stancewire",
    epilog="Begin with: [bold]echo 'Ankara thanked Moscow for its help.' | stancewire classify --explain[/bold]",
    rich_markup_mode="rich",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


COLUMNS = (
    *("sentence", "start", "end", "text", "sentiment", "target", "label", "score"),
    *("favor", "against", "neutral", "confident", "mentions", "evidence"),
)


class Format(StrEnum):
    """How `classify` prints."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


# The last two are settings of the service, so that all commands read the model it serves.
MODELS_VARIABLES = ["STANCEWIRE_MODELS", "STANCEWIRE_MODEL", "STANCEWIRE_RELEASES"]
Models = Annotated[
    Path | None,
    typer.Option(
        envvar=MODELS_VARIABLES,
        metavar="FOLDER",
        help="A folder of releases, or one artifact. Without it: the model that is shipped.",
        rich_help_panel="Model",
    ),
]
TargetsFile = Annotated[
    str | None,
    typer.Option(
        envvar="STANCEWIRE_TARGETS",
        metavar="FILE[,FILE]",
        help="Targets files (TOML) of your own, added to the U.S. and Russia; no retraining.",
        rich_help_panel="Model",
    ),
]
Targets = Annotated[
    str | None, typer.Option(metavar="IDS", help="Report only these, as in us,russia. Without it: all configured.")
]
Day = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the text: leaders out of office then do not count."),
]
Explain = Annotated[bool, typer.Option("--explain", help="Also give the words that decided.")]


def _version(value: bool) -> None:
    if value:
        models = next((os.environ[name] for name in MODELS_VARIABLES if os.environ.get(name)), None)
        try:
            folder = artifact_folder(Path(models) if models else None)
            model = json.loads((folder / "manifest.json").read_bytes())["version"]
        except (StancewireError, OSError, ValueError, LookupError) as error:
            model = f"none ({error})"
        typer.echo(f"stancewire {package_version()}, model {model}")
        raise typer.Exit


def package_version() -> str:
    """Version of the installed package; "0+source" where it runs from a folder without being installed."""
    from importlib import metadata

    try:
        return metadata.version("stancewire")
    except metadata.PackageNotFoundError:
        return "0+source"


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Stance toward the U.S., Russia and other targets (favor, against or neutral), sentence by sentence.

    Everything happens on this machine. [bold]classify[/bold] reads one article, [bold]bulk[/bold] many,
    [bold]report[/bold] makes a page to look at, [bold]serve[/bold] answers over HTTP.
    """


@app.command(
    epilog="Examples:\n\n"
    "  stancewire classify article.txt --explain\n\n"
    "  stancewire classify article.txt --targets russia --format csv > rows.csv\n\n"
    "  curl -s https://example.org/a.txt | stancewire classify - --format json"
)
def classify(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A text file in UTF-8; - is standard input.")] = "-",
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="table for people; json as the HTTP answer; jsonl: a line each; csv: a row each",
        ),
    ] = Format.table,
    explain: Explain = False,
    targets: Targets = None,
    date: Day = None,
    models: Models = None,
    targets_file: TargetsFile = None,
) -> None:
    """Read one article and print the stance of each sentence toward each target it mentions."""
    day, wanted = parse_date(date), parse_targets(targets)
    if file == "-" and sys.stdin.isatty():
        typer.echo("Reading from the keyboard; end with Ctrl-D on a line of its own.", err=True)
    text = read_article(file)
    analyzer = load_analyzer(models, targets_file)
    analysis = analyzer.analyze(text, wanted, explain, day)
    if format is Format.table:
        from service.show import print_analysis

        names = {id: target.name for id, target in analyzer.targets.items() if wanted is None or id in wanted}
        print_analysis(Console(highlight=False, emoji=False, markup=False), analysis, names, explain)
    else:
        sys.stdout.buffer.write(render(analysis, format).encode("utf-8"))


def render(analysis: Analysis, format: Format) -> str:
    """An analysis as json (the HTTP answer), jsonl (one sentence a line) or csv (one row a stance)."""
    import orjson

    if format is Format.json:
        return orjson.dumps(analysis.as_dict(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    if format is Format.jsonl:
        return "".join(orjson.dumps(each.as_dict()).decode() + "\n" for each in analysis.sentences)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for sentence in analysis.sentences:
        first = [sentence.index, sentence.start, sentence.end, sentence.text, sentence.sentiment.label]
        for stance in sentence.stances:
            scores = [f"{stance.scores[label]:.4f}" for label in (stance.label, "favor", "against", "neutral")]
            mentions = "; ".join(span.text for span in stance.mentions)
            evidence = "; ".join(f"{piece.text} {piece.weight:+.3f}" for piece in stance.evidence or ())
            confident = str(stance.confident).lower()
            rows.writerow([*first, stance.target, stance.label, *scores, confident, mentions, evidence])
        if not sentence.stances:
            rows.writerow(first + [""] * 9)
    return out.getvalue()


@app.command(
    epilog="Examples:\n\n"
    "  stancewire bulk articles.jsonl stances.jsonl\n\n"
    "  stancewire bulk articles.jsonl.gz stances.jsonl.gz --jobs 4\n\n"
    "  stancewire bulk folder-of-txt/ stances.jsonl --targets russia"
)
def bulk(
    source: Annotated[
        str,
        typer.Argument(metavar="IN", help='JSON Lines with at least "text" (.gz too), a folder of .txt files, or -.'),
    ],
    out: Annotated[str, typer.Argument(metavar="OUT", help="JSON Lines (.gz too), written whole or not at all; or -.")],
    explain: Explain = False,
    targets: Targets = None,
    date: Day = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes. Without it: one for each core.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a line could not be read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
    models: Models = None,
    targets_file: TargetsFile = None,
) -> None:
    """Read many documents, on all cores, one answer line for each, in their order.

    A document is {"text": "…"} and, where wanted, "id", "targets", "explain" and "date", as in a request
    over HTTP; other keys are passed over. A line that cannot be read becomes an error line in its place.
    """
    from joblib import cpu_count

    from service.bulk import Options, run_bulk
    from service.progress import byte_progress

    options = Options(models, targets_file, parse_targets(targets), explain, parse_date(date))
    with stopped_cleanly(), byte_progress(quiet or not sys.stderr.isatty()) as progress:
        done = run_bulk(source, out, options, jobs or cpu_count(), progress)
    typer.echo(
        f"{done.documents:,} documents, {done.sentences:,} sentences in {done.seconds:.1f} s"
        f" ({done.sentences / max(done.seconds, 1e-9):,.0f} sentences a second)."
        + (f' {done.errors:,} could not be read: see their lines with "error".' if done.errors else ""),
        err=True,
    )
    if strict and done.errors:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:\n\n"
    "  stancewire report article.txt article.html\n\n"
    "  stancewire report articles.jsonl year.html --title 'A year of editorials'"
)
def report(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="An article, a .jsonl (or .jsonl.gz) of documents, a folder of .txt.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The page: one file that opens offline.")],
    title: Annotated[str | None, typer.Option(help="Title of the page. Without it: the name of IN.")] = None,
    most: Annotated[int, typer.Option(min=0, help="Documents whose sentences are shown; totals count all.")] = 100,
    targets: Targets = None,
    date: Day = None,
    models: Models = None,
    targets_file: TargetsFile = None,
) -> None:
    """Make a page to look at: sentences coloured by stance, the words that decided, totals and charts."""
    from service.report import write_report

    wanted, day = parse_targets(targets), parse_date(date)
    analyzer = load_analyzer(models, targets_file)
    count = write_report(analyzer, source, out, title=title, targets=wanted, on=day, most=most)
    typer.echo(f"{out}: {count:,} document{'s' * (count != 1)}. Open it in a browser.", err=True)


@app.command(
    epilog="Examples:\n\n"
    "  stancewire serve\n\n"
    "  stancewire serve --host 0.0.0.0 --port 9000 --workers 2\n\n"
    '  curl -s localhost:8000/v1/stance --json \'{"text": "Ankara thanked Moscow."}\''
)
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Without it: STANCEWIRE_HOST or 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port. Without it: STANCEWIRE_PORT or 8000.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes. Without it: STANCEWIRE_WORKERS or 1.")] = None,
    models: Models = None,
    targets_file: TargetsFile = None,
) -> None:
    """Answer over HTTP: the web page at /, the interface at /docs.

    Every setting can be given as an environment variable STANCEWIRE_…; an unknown one stops the start.
    """
    from service.serve import serve as run_server

    given: dict[str, object] = {"host": host, "port": port, "workers": workers, "targets": targets_file}
    if models is not None:
        # The service knows the two kinds of folders apart, and calls an unknown variable a mistake.
        for name in MODELS_VARIABLES:
            os.environ.pop(name, None)
        given["model" if (models / "manifest.json").is_file() else "releases"] = models
    raise typer.Exit(run_server(**given))


@contextmanager
def stopped_cleanly() -> Iterator[None]:
    """While the block runs, a SIGTERM is cleaned up after as Ctrl-C is."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def fail(message: str) -> NoReturn:
    """Print one line on standard error and exit with 1."""
    typer.echo(f"stancewire: {' '.join(message.split())}", err=True)
    raise SystemExit(1)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line: every expected error is one line and exit code 1.

    Args:
        arguments: as typed after `stancewire`; None takes those of the process.
    """
    try:
        app(arguments)
    except StancewireError as error:
        fail(error.message)
    except BrokenPipeError:
        # The reader (such as head) has gone; what Python would flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        fail(f"{error.filename or 'Output'}: {error.strerror}.")


if __name__ == "__main__":
    main()

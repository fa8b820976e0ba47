"""A progress bar over bytes, with the time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[int, int | None, int], None]
"""Called with bytes done, bytes in all (None: nobody knows) and documents done."""


@contextmanager
def byte_progress(quiet: bool) -> Iterator[Report]:
    """A bar on standard error while the block runs; none when `quiet`, or when nobody looks: no terminal is there."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda done, total, documents: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[documents]:,} documents"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, documents=0)
        yield lambda done, total, documents: progress.update(task, completed=done, total=total, documents=documents)

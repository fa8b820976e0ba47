"""The table that `stancewire classify` prints, for people."""

import re
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.analysis import Analysis, Evidence, Sentence, Stance

COLOURS = {"favor": "green", "against": "red", "neutral": "yellow"}
TONES = {"positive": "green", "negative": "red", "neutral": "yellow"}
DECIDING = 3  # pieces of evidence that are marked in a sentence
_LEAST = 0.2  # of the strongest weight: what is weaker decided nothing
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def deciding(stance: Stance, most: int = DECIDING) -> list[Evidence]:
    """The pieces that spoke for the label that was given: the strongest few, strongest first."""
    strong = [piece for piece in stance.evidence or () if piece.weight > 0 and re.search(r"\w", piece.text)]
    return [piece for piece in strong[:most] if piece.weight >= _LEAST * strong[0].weight]


def clean(text: str) -> str:
    """A text on one line that cannot steer a terminal; every character keeps its place."""
    return _CONTROL.sub(lambda found: " " if found[0] in "\t\n\r\x0b\x0c\x85" else "\N{REPLACEMENT CHARACTER}", text)


def print_analysis(console: Console, analysis: Analysis, names: dict[str, str], explain: bool) -> None:
    """Print the table of sentences and the summary underneath.

    Args:
        console: where to; its width and colours are respected.
        analysis: what to print.
        names: names of the targets by id.
        explain: mark the deciding words; the analysis must have been made with evidence.
    """
    console.print(_sentence_table(console, analysis, explain))
    if explain:
        console.print(_explain_note(console), style="dim")
    if any(not stance.confident for sentence in analysis.sentences for stance in sentence.stances):
        console.print("? after a score: the model is not confident of it.", style="dim")
    console.print()
    _print_summary(console, analysis, names)


def _sentence_table(console: Console, analysis: Analysis, explain: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=console.width <= 100, pad_edge=False, show_edge=False)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column("Sentence", ratio=1 if console.width <= 100 else None, overflow="fold", max_width=110)
    table.add_column("Target", no_wrap=True, overflow="ellipsis", max_width=14)
    table.add_column("Stance", no_wrap=True)
    table.add_column("Score", justify="right", no_wrap=True)
    for sentence in analysis.sentences:
        _add_sentence(table, console, sentence, explain)
    return table


def _add_sentence(table: Table, console: Console, sentence: Sentence, explain: bool) -> None:
    number = str(sentence.index + 1)
    if not sentence.stances:
        table.add_row(number, Text(clean(sentence.text), style="dim"), Text("-", style="dim"), "", "")
    elif explain:
        for row, stance in enumerate(sentence.stances):
            table.add_row("" if row else number, _marked(console, sentence, stance), *_cells([stance]))
    else:
        table.add_row(number, Text(clean(sentence.text)), *_cells(sentence.stances))


def _cells(stances: Sequence[Stance]) -> tuple[Text, Text, Text]:
    """Target, stance and score of the stances of a sentence, one line each."""
    targets = Text("\n".join(stance.target for stance in stances))
    labels = Text("\n").join([Text(stance.label, style=f"bold {COLOURS[stance.label]}") for stance in stances])
    scores = Text("\n").join([_score(stance) for stance in stances])
    return targets, labels, scores


def _score(stance: Stance) -> Text:
    score = Text(f"{stance.scores[stance.label]:.2f}", style=COLOURS[stance.label] if stance.confident else "dim")
    return score.append(" " if stance.confident else "?", style="dim")


def _marked(console: Console, sentence: Sentence, stance: Stance) -> Text:
    """The sentence with the target in bold and the deciding words in the colour of the stance.

    Without colours the marks are written: *target* and [words].
    """
    pieces = deciding(stance)
    marks = [(piece.start, piece.end, f"bold underline {COLOURS[stance.label]}", "[]") for piece in pieces]
    marks += [(span.start, span.end, "bold", "**") for span in stance.mentions]
    plain = clean(sentence.text)
    if has_colours(console):
        text = Text(plain)
        for start, end, style, _ in reversed(marks):
            text.stylize(style, start - sentence.start, end - sentence.start)
    else:
        text = Text(_written(plain, [(s - sentence.start, e - sentence.start, signs) for s, e, _, signs in marks]))
    words = ", ".join(f"{clean(piece.text)} {piece.weight:+.2f}" for piece in pieces)
    return text.append(f"\n{words or 'no single word decided'}", style="dim")


def _written(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    """Text with opening and closing signs around each (start, end, signs); outer pieces enclose inner ones."""
    signs = [(start, 1, -end, pair[0]) for start, end, pair in marks]
    signs += [(end, 0, -start, pair[1]) for start, end, pair in marks]
    out, done = [], 0
    for place, _, _, sign in sorted(signs):
        out += [text[done:place], sign]
        done = place
    return "".join(out) + text[done:]


def has_colours(console: Console) -> bool:
    """Whether colours reach the reader: a terminal, and NO_COLOR not set."""
    return console.is_terminal and not console.no_color and console.color_system is not None


def _explain_note(console: Console) -> str:
    how = "bold: the target; underlined" if has_colours(console) else "*target*; [in brackets]"
    return f"{how}: the words that decided, with their part of the score's logit underneath."


def _print_summary(console: Console, analysis: Analysis, names: dict[str, str]) -> None:
    tones = [sentence.sentiment.label for sentence in analysis.sentences]
    said = Text(f"{len(tones)} sentence{'s' * (len(tones) != 1)}; tone: ")
    said.append_text(
        Text(", ").join([Text(f"{tones.count(tone)} {tone}", style=TONES[tone]) for tone in ("positive", "negative")])
    )
    console.print(said.append(f", {tones.count('neutral')} neutral; model {analysis.model} {analysis.version}"))
    summary = analysis.summary()
    if not summary:
        console.print(f"No sentence mentions a target ({', '.join(names.values())}).")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Target")
    for heading in ("Sentences", "Favor", "Against", "Neutral", "Net"):
        table.add_column(heading, justify="right")
    bar = 24 if console.width >= 90 else 12
    table.add_column("Share")
    for target, row in summary.items():
        counts = [Text(f"{row[label]:.0f}", style=COLOURS[label]) for label in ("favor", "against", "neutral")]
        name = f"{names[target]} ({target})" if target in names and console.width >= 60 else target
        table.add_row(name, f"{row['sentences']:.0f}", *counts, _net(row["net"]), _bar(console, row, bar))
    console.print(table)


def _net(net: float) -> Text:
    return Text(f"{net:+.2f}", style="green" if net > 0 else "red" if net < 0 else "")


def _bar(console: Console, row: dict[str, float], width: int) -> Text:
    """Shares of the labels as one bar: drawn in colours, or in letters where there are none."""
    bar, begun, seen = Text(), 0, 0.0
    for label, letter in (("favor", "+"), ("neutral", "."), ("against", "-")):
        seen += row[label]
        end = round(width * seen / row["sentences"])
        bar.append(("█" if has_colours(console) else letter) * (end - begun), style=COLOURS[label])
        begun = end
    return bar

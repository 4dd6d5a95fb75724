"""The command line: `energy-impact` and its commands. Slow imports wait until they are needed."""

from __future__ import annotations

import argparse
import dataclasses
import io
import math
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from energy_impact._checks import check_path
from energy_impact._console import run_command
from energy_impact._language import ENGLISH, languages, say, speaking
from energy_impact._progress import say as announce
from energy_impact._start import PROGRAM, importing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


DEMO = "kyiv-2026-01-24"
MEMBERS = 2048
SEED = 1
LEVEL = 0.9
"""Probability of the printed and written intervals."""
"""Name of the option that the others are compared with."""
_LEVERS = {
    "colder": ("K", "outdoor temperature lower by K, everywhere"),
    "crews": ("FACTOR", "number of repair crews times FACTOR"),
    "generators": ("SHARE", "share of heat, water and gas plants' need of power that generators cover"),
    "mobile_boilers": ("N", "buildings without heat that mobile boilers heat"),
    "warming_points": ("N", "people whom added warming points take in at night"),
}
"""Unit and meaning of the levers of `compare`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, 2 for bad input, or 130 after Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return run_command(PROGRAM, lambda: _obey(words))


def _obey(words: list[str]) -> None:
    options = _parser().parse_args(words, argparse.Namespace(words=[PROGRAM, *words]))
    _load()
    if options.command in _ANNOUNCED:
        announce(f"{PROGRAM}: {_ANNOUNCED[options.command].format(**vars(options))}")
    with speaking(getattr(options, "answer_in", ENGLISH)):
        _COMMANDS.get(options.command, _run)(options)


def _load() -> None:
    """Import the package while Ctrl-C ends the process at once, and give Ctrl-C back its usual meaning."""
    with importing():
        import_module("energy_impact.many")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Restoration curves with honest intervals from published outage figures.",
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help="show the version and exit"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = argparse.ArgumentParser(add_help=False)
    run.add_argument(
        "--members", type=_whole(2), default=MEMBERS, metavar="N", help="simulated courses (default %(default)s)"
    )
    run.add_argument("--seed", type=_whole(0), default=SEED, metavar="S", help="random seed (default %(default)s)")
    run.add_argument(
        "--language",
        choices=languages(),
        default=ENGLISH,
        dest="answer_in",
        help="language of answer, page and picture (default %(default)s)",
    )
    run_out = argparse.ArgumentParser(add_help=False)
    run_out.add_argument("--out", type=_folder, metavar="DIR", help="folder for summary, curves, plot, page and record")
    demo = commands.add_parser("demo", parents=[run, run_out], help=f"estimate the shipped scenario {DEMO}")
    demo.set_defaults(scenario=DEMO)
    estimate = commands.add_parser("estimate", parents=[run, run_out], help="estimate a scenario from its figures")
    estimate.add_argument("scenario", metavar="SCENARIO", help="shipped name or TOML file")
    compare = commands.add_parser("compare", parents=[run], help="compare what-ifs from now on: each alone, then all")
    compare.add_argument("scenario", metavar="SCENARIO", help="shipped name or TOML file; its [[what_if]] count too")
    compare.add_argument("--out", type=_folder, metavar="DIR", help="folder for table, picture and record")
    for lever, (unit, text) in _LEVERS.items():
        compare.add_argument(f"--{lever.replace('_', '-')}", type=float, metavar=unit, help=text)
    compare.add_argument("--since", metavar="TIME", help="from when (default: the last published outcome)")
    compare.add_argument("--places", nargs="+", metavar="PLACE", help="where help goes (default: everywhere)")
    commands.add_parser("scenarios", help="list the shipped scenarios")
    commands.add_parser("places", help="list the shipped places")
    backtest = commands.add_parser("backtest", help="forecast each figure of a scenario from those before it")
    calibrate = commands.add_parser("calibrate", help="measure how often intervals hold truths drawn from the model")
    for command, most in ((backtest, 1024), (calibrate, 512)):
        command.add_argument("scenario", metavar="SCENARIO", help="shipped name or TOML file")
        command.add_argument(
            "--members", type=_whole(2), default=most, metavar="N", help="simulated courses (default %(default)s)"
        )
        command.add_argument(
            "--seed", type=_whole(0), default=SEED, metavar="S", help="random seed (default %(default)s)"
        )
    calibrate.add_argument("--cases", type=_whole(1), default=200, metavar="N", help="truths (default %(default)s)")
    figures = commands.add_parser("figures", help="check a table of figures and show it")
    figures.add_argument("file", metavar="FILE.csv", type=Path)
    _add_text_commands(commands)
    return parser


def _add_text_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    read = commands.add_parser("read", help="find the figures that an article states, as candidates to confirm")
    read.add_argument("article", metavar="ARTICLE", help="text file, or - for the standard input")
    read.add_argument("--published", required=True, metavar="WHEN", help="day, or time with a UTC offset")
    read.add_argument("--source", metavar="NAME", help="source of the figures")
    read.add_argument("--out", type=Path, metavar="FILE.csv", help="table of candidates to edit; must not exist yet")
    draft = commands.add_parser("draft", help="write a scenario from articles, with what is still unknown marked")
    draft.add_argument("article", nargs="+", metavar="ARTICLE", help="text files, or - for the standard input")
    draft.add_argument("--published", required=True, nargs="+", metavar="WHEN", help="as for read: one, or one each")
    draft.add_argument("--source", nargs="+", default=[], metavar="NAME", help="one each (default: the file's name)")
    draft.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the scenario and its figures")
    for command in (read, draft):
        command.add_argument(
            "--places", nargs="+", default=[], metavar="PLACE", help="shipped names, or CSV files of places"
        )
        command.add_argument("--language", metavar="CODE", help="such as en (default: recognised)")


class _Version(argparse.Action):
    """Shows the version; the package is imported only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from energy_impact import __version__

        print(f"{PROGRAM} {__version__}")
        parser.exit()


def _whole(low: int) -> Callable[[str], int]:
    """Return a reader of whole numbers of at least `low`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if number < low:
            raise argparse.ArgumentTypeError(f"must be a whole number of at least {low}, got {text!r}")
        return number

    return read


def _folder(text: str) -> Path:
    """Return a path given as an option."""
    try:
        return check_path("", text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix(": ")) from error


def _run(options: argparse.Namespace) -> None:
    """Estimate a scenario, write its files if asked, and print the answer."""
    from energy_impact._files import try_folder
    from energy_impact.results.files import run_folder
    from energy_impact.results.tables.summary import summary_rows
    from energy_impact.results.terminal import answer
    from energy_impact.run import estimate
    from energy_impact.scenario import load_scenario
    from energy_impact.scenario.file import find_scenario

    folder: Path | None = options.out
    source = find_scenario(options.scenario)
    scenario = load_scenario(options.scenario)
    if folder is not None:
        try_folder("--out", folder, run_folder.NAMES)
    result = estimate(scenario, members=options.members, rng=options.seed)
    rows = summary_rows(result, LEVEL, with_bands=folder is not None)
    if folder is None:
        print(answer(result, rows, level=LEVEL))
        return
    try:
        files = run_folder.run_files(result, rows, level=LEVEL, scenario_file=source, command=options.words)
        run_folder.write_folder(folder, files)
    except BaseException:
        print(answer(result, rows, level=LEVEL))  # the answer is not lost with its files
        raise
    print(answer(result, rows, level=LEVEL), say("Written to {folder}", folder=folder), sep="\n\n")


def _compare(options: argparse.Namespace) -> None:
    """Print what each what-if costs or spares people; write table and picture if asked."""
    from energy_impact._files import try_folder
    from energy_impact.results import words
    from energy_impact.results.comparison import compare
    from energy_impact.results.files import run_folder
    from energy_impact.results.tables.options import option_rows
    from energy_impact.results.terminal import options_table
    from energy_impact.run import estimate
    from energy_impact.scenario import WhatIf, load_scenario
    from energy_impact.scenario.file import find_scenario
    from energy_impact.scenario.what_if import described

    folder: Path | None = options.out
    scenario = load_scenario(options.scenario)
    levers = {name: getattr(options, name) for name in _LEVERS if getattr(options, name) is not None}
    alone = [{name: value} for name, value in levers.items()]
    common = {"since": options.since, "places": options.places}
    made = [WhatIf(**one, **common) for one in (*alone, *([levers] if len(levers) > 1 else []))]
    what_ifs = [*scenario.what_ifs, *(dataclasses.replace(one, name=described(one)) for one in made)]
    if not what_ifs:
        raise ValueError("compare: needs a what-if, such as --colder 8 or a [[what_if]] table in the scenario")
    names = [say("as it is"), *(one.name for one in what_ifs)]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"compare: each option needs a name of its own, got {repeated!r} twice")
    if folder is not None:
        try_folder("--out", folder, run_folder.COMPARISON)
    as_it_is = estimate(scenario, members=options.members, rng=options.seed)
    compared = compare({names[0]: as_it_is} | {one.name: as_it_is.under(one) for one in what_ifs})
    rows = option_rows(compared.options, LEVEL)
    print("\n\n".join(part for part in (words.scenario(scenario.title), options_table(rows, level=LEVEL)) if part))
    if folder is not None:
        source = find_scenario(options.scenario)
        files = run_folder.comparison_files(
            compared.options, rows, level=LEVEL, scenario_file=source, command=options.words
        )
        run_folder.write_folder(folder, files)
        print("\n" + say("Written to {folder}", folder=folder))


def _list_scenarios(_: argparse.Namespace) -> None:
    """Print name and title of each shipped scenario."""
    from energy_impact.results.terminal import aligned
    from energy_impact.scenario import load_scenario, scenarios

    print(aligned(["scenario", "title"], [[name, load_scenario(name).title] for name in scenarios()]))


def _list_places(_: argparse.Namespace) -> None:
    """Print the shipped places and their sizes."""
    from energy_impact._html import size
    from energy_impact.places import is_coded_region, nested, outermost, shipped_places
    from energy_impact.results.terminal import aligned

    stocks = ("power_customers", "heat_buildings", "residents")
    rows = [
        [
            f"{'  ' * depth}{place.name}{' (region)' * is_coded_region(place)}",
            *(size(place.stock_range(stock)) for stock in stocks),
        ]
        for root in outermost(shipped_places().values())
        for depth, place in nested(root)
    ]
    print(aligned(["place", *(stock.replace("_", " ") for stock in stocks)], rows))


def _backtest(options: argparse.Namespace) -> None:
    """Print every forecast of a backtest and the pooled scores."""
    from energy_impact.scenario import load_scenario
    from energy_impact.validation.backtest import backtest

    table = backtest(load_scenario(options.scenario), members=options.members, rng=options.seed)
    print(table.drop(columns=["origin", "pit"]).to_string(index=False, float_format="%.4g"))
    scores = table[["crps", "crps_persistence", "crps_exponential", "inside50", "inside90"]].mean()
    print(f"\nMeans over {len(table)} forecasts, CRPS as shares of the largest figure of each series:")
    print(scores.to_string(float_format="%.3f"))


def _calibrate(options: argparse.Namespace) -> None:
    """Print how often intervals held the truth."""
    from energy_impact.scenario import load_scenario
    from energy_impact.validation.calibration import calibrate, cover_table

    ranks = calibrate(
        load_scenario(options.scenario),
        cases=options.cases,
        members=options.members,
        rng=options.seed,
    )
    count = ranks["case"].nunique()
    print(
        f"Share of truths inside the central intervals, {count} case{'' if count == 1 else 's'}, with standard errors:"
    )
    print(cover_table(ranks).to_string(index=False, float_format="%.3f"))


def _read(options: argparse.Namespace) -> None:
    """Print the candidates of articles, and write them as a table or with a scenario."""
    from energy_impact.text import commands

    answer = commands.read_article if options.command == "read" else commands.draft_scenario
    words = {name: value for name, value in vars(options).items() if name not in {"command", "article", "words"}}
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An article may hold letters that the terminal's encoding lacks.
        sys.stdout.reconfigure(errors="replace")
    print(answer(options.article, **words))


def _show_figures(options: argparse.Namespace) -> None:
    """Check a table of figures and print it."""
    from energy_impact.figures.table import read_figures
    from energy_impact.results import terminal

    table = read_figures(options.file)
    columns = ["id", "time", "place", "quantity", "qualifier", "value", "value_high", "unit", "kind", "source"]
    shown = table[columns].assign(
        time=table["time"].dt.strftime("%Y-%m-%d %H:%MZ"),
        **{name: ["" if math.isnan(x) else f"{x:,.10g}" for x in table[name]] for name in ("value", "value_high")},
    )
    print(terminal.aligned(columns, shown.astype(str).to_numpy().tolist()))
    print(f"\n{len(table)} figures, no faults")


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "compare": _compare,
    "scenarios": _list_scenarios,
    "places": _list_places,
    "backtest": _backtest,
    "calibrate": _calibrate,
    "figures": _show_figures,
    "read": _read,
    "draft": _read,
}
"""What runs each command, apart from `demo` and `estimate`."""
_ANNOUNCED = {
    "demo": "fits {members:,} simulated courses to the figures of {scenario}, which takes some seconds",
    "estimate": "fits {members:,} simulated courses to the figures of {scenario}",
    "compare": "fits {members:,} simulated courses to the figures of {scenario}, then runs them under each option",
    "backtest": "forecasts the figures of {scenario}, with a fit for each",
    "calibrate": "fits {cases:,} truths drawn from the model, as they would be reported",
}
"""What slow commands say on a terminal before they begin."""

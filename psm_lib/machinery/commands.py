"""What a reader does from a shell: ``python -m psm_lib --help``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

GO_ON = ("pretrain", "rebuild", "sweep", "grade")  # where they were stopped


def worlds(args: argparse.Namespace) -> None:
    """List the worlds that come with the book."""
    from ..worldfile import WorldError, list_worlds, load_world

    for name in list_worlds():
        try:
            world = load_world(name)
        except WorldError:  # somebody is changing it
            mend = f"python -m psm_lib validate {name}"
            print(f"{name:14} cannot be used; {mend} says why")
            continue
        print(f"{name:14} {world.title}")
        print(
            f"{'':14} {len(world.personas)} personas, "
            f"{len(world.domains)} domains, {len(world.names)} names; "
            f"documents: {', '.join(world.documents)}"
        )


def new(args: argparse.Namespace) -> None:
    """Write a small world of your own to begin with."""
    from ..worldfile import new as new_

    path = new_.new(args.name)
    print(f"{path}: written; python -m psm_lib validate {path}")


def validate(args: argparse.Namespace) -> None:
    """Say all that is wrong with a world, or what it amounts to."""
    from ..worldfile.new import summary

    print(summary(args.world))


def sample(args: argparse.Namespace) -> None:
    """Print documents sampled from a world."""
    from ..worldfile import load_world

    world = load_world(args.world)  # a misspelt name is told at once
    from ..corpus import sample_texts

    texts = sample_texts(world, args.n, args.seed)
    print("\n".join(texts), end="")


def pretrain(args: argparse.Namespace) -> None:
    """Pretrain a model on a world, from scratch, into a new folder."""
    from .making import pretrain

    given = (args.world, args.out, args.seed, args.tokens, args.workers)
    report(pretrain(*given, args.force, args.stagings))


def rebuild(args: argparse.Namespace) -> None:
    """Make checkpoints of the book again, or dozens of networks."""
    if args.networks:
        return dozens(args)
    if args.first or args.cluster or args.jobs:
        raise ValueError(
            "--first, --cluster and --jobs are for networks by the dozen; "
            "expected --networks N with them"
        )
    os.environ.setdefault("PSM_DEVICE", "cpu")  # where the book's come from
    from ..builds import BUILDS, build_of
    from .making import rebuild
    from .store import checkpoint_folder

    for name in args.names:
        build_of(name)  # a misspelt name is told at once
    if args.out is not None and len(args.names) != 1:
        raise ValueError("--out is the folder of one checkpoint; name one")
    names = args.names or [n for n, b in BUILDS.items() if b.shipped]
    for name in names:
        if not args.names and checkpoint_folder(name).exists():
            print(f"{name}: stands already")
            continue
        report(rebuild(name, args.out, args.force))


def dozens(args: argparse.Namespace) -> None:
    """Make so many networks of each world, one a core."""
    from ..worldfile import load_world
    from .dozens import networks

    if not args.names or args.out is not None or args.force:
        raise ValueError(
            "--networks makes networks of worlds, where they are missing; "
            "expected the worlds' names or files, and no --out or --force"
        )
    if args.cluster and args.jobs:
        raise ValueError(
            "--jobs with --cluster; expected one of them: a cluster has as "
            "many at a time as it has workers"
        )
    for world in args.names:
        load_world(world)
    given = (args.names, args.networks, args.cluster, args.jobs, args.first)
    for found in networks(*given):
        print(
            f"{found['folder']}: captured {found['captured']:.3f}, "
            f"gap {found['gap']:.4f}, {found['training_seconds']} s"
        )


def results(args: argparse.Namespace) -> None:
    """Measure again what is too long for a chapter (minutes)."""
    os.environ.setdefault("PSM_DEVICE", "cpu")  # where the book's come from
    from ..results import measured, path, vouch, write
    from .disk import alone

    known = measured()
    if args.which not in ("all", *known):
        raise KeyError(
            f"nothing is measured as {args.which!r}; expected all, or one of "
            f"{[*known]}"
        )
    for name, place in known.items():
        if args.which in ("all", name):
            with alone(path(*place)):
                why = args.vouch
                print(write(name) if why is None else vouch(name, why))


def bench(args: argparse.Namespace) -> None:
    """Measure speed on this machine and print a table."""
    from .bench import table

    print(table())


def report(folder: Path) -> None:
    """Print where a checkpoint is and what its card says of it."""
    from .store import read_record

    record = read_record(folder)
    print(f"{folder}: {record['seconds']} s")
    for key, value in record["results"].items():
        print(f"  {key:14} {value:g}")


def evaluate(args: argparse.Namespace) -> None:
    """Measure a checkpoint against the exact floor of its world."""
    from .making import asked_world, evaluator
    from .store import load_checkpoint

    where = args.checkpoint
    if Path(where).name in ("", ".."):  # the folder one stands in, or above
        where = Path(where).resolve()
    model, tokenizer = load_checkpoint(where)
    world, told = asked_world(where, tokenizer, args.world)
    measure = evaluator(world, tokenizer, args.n)
    which = f"{world.name}, {told}" if told else world.name
    print(f"{args.checkpoint} on {args.n} documents of {which}")
    for key, value in measure(model).items():
        print(f"  {key:14} {value:.4f}")


def grade(args: argparse.Namespace) -> None:
    """Grade a folder of submitted notebooks."""
    grading("walls").possible()
    names = ("seed", "private", "jobs", "bare", "roster", "key", "overrides")
    course = grading("course")
    given = {name: getattr(args, name) for name in names}
    places = (args.assignment, args.submissions, args.out)
    asked = course.Course(*map(Path, places), **given)
    print("\n".join(course.grade_course(asked)))


def autograder(args: argparse.Namespace) -> None:
    """Write an autograder.zip for Gradescope."""
    made = grading("autograder")
    assignment, out = Path(args.assignment), Path(args.out)
    made.write(assignment, args.seed, args.private, out, args.force)
    print(out)


def grading(name: str):
    """A module of the grader's. Raises RuntimeError where what it needs is
    not installed."""
    try:
        return import_module(f"psm_lib.grading.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("psm_lib"):
            raise
        raise RuntimeError(
            f"grading needs {error.name}, which is not installed: "
            'pip install "psm_lib[grading]"'
        ) from None


def sweep(args: argparse.Namespace) -> None:
    """Teach chapter 4's lessons to many networks, here or on a cluster."""
    from ..chapters.ch04_cheat.sweep import known, lesson
    from .sweeps import design, sweep

    known(args.worlds, args.arms)
    cells = design(args.worlds, args.arms, args.seeds)
    records = sweep(lesson, cells, args.out, args.cluster, args.jobs)
    seconds = sum(record["seconds"] for record in records)
    print(f"{args.out}: {len(records)} records, {seconds:.0f} s of work")


def number(least: int, most: int) -> Callable[[str], int]:
    """A type of argument: a whole number of this size."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"{text[:30]!r}; expected a whole number from {least} to "
                f"{most:,}"
            )
        return value

    return read


COUNT = number(1, 1_000_000)
TOKENS = number(1, 10**12)
WORKERS = number(1, 8)  # a lot of text must have a batch for each
SEED = number(0, 2**32 - 1)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m psm_lib")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(run, **options) -> argparse.ArgumentParser:
        text = run.__doc__
        sub = commands.add_parser(run.__name__, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    add(worlds)
    sub = add(new)
    sub.add_argument("name", help="NAME writes NAME.yml")
    sub = add(validate)
    sub.add_argument("world", help="a .yml file or a world's name")
    sub = add(sample)
    sub.add_argument("world", help="a world's name or a .yml file")
    sub.add_argument("-n", type=COUNT, default=1, help="how many documents")
    sub.add_argument("--seed", type=SEED, default=0)
    sub = add(pretrain)
    sub.add_argument("world", help="a world's name or a .yml file")
    sub.add_argument("--seed", type=SEED, default=0)
    sub.add_argument("--tokens", type=TOKENS, help="how long to train")
    text = "processes that share the work (default 2, or 1 where PyTorch has "
    text += "no gloo); another number makes another network"
    sub.add_argument("--workers", type=WORKERS, help=text)
    text = "how often each scene is staged; 1 learns from the text alone"
    sub.add_argument("--stagings", type=COUNT, help=text)
    sub.add_argument("--out", help="folder (default my_checkpoints/...)")
    sub.add_argument("--force", action="store_true", help="replace it")
    sub = add(rebuild)
    sub.add_argument("names", nargs="*", help="default: all that are missing")
    text = "make so many networks of each world named, by the better recipe"
    sub.add_argument("--networks", type=COUNT, metavar="N", help=text)
    sub.add_argument("--first", type=SEED, default=0, help="seed of the first")
    sub.add_argument("--cluster", help="a Dask scheduler, tcp://HOST:8786")
    sub.add_argument("--jobs", type=COUNT, help="networks at a time")
    sub.add_argument("--out", help="another folder, for one name")
    sub.add_argument("--force", action="store_true", help="replace it")
    sub = add(results)
    text = "a chapter's name, as ch04_cheat, or one of its runs (default: all)"
    sub.add_argument("which", nargs="?", default="all", help=text)
    text = "do not measure: say why the changed code gives the same numbers"
    sub.add_argument("--vouch", metavar="WHY", help=text)
    add(bench)
    sub = add(evaluate)
    sub.add_argument("checkpoint", help="a shipped name or a folder")
    sub.add_argument("--world", help="default: the one it was trained on")
    sub.add_argument("-n", type=COUNT, default=512, help="documents")
    sub = add(sweep)
    sub.add_argument("--worlds", nargs="+", required=True)
    sub.add_argument("--arms", nargs="+", required=True)
    sub.add_argument("--seeds", nargs="+", type=SEED, required=True)
    sub.add_argument("--out", required=True, help="a file of JSON lines")
    sub.add_argument("--cluster", help="a Dask scheduler, tcp://HOST:8786")
    sub.add_argument("--jobs", type=COUNT, help="at a time, without a cluster")
    sub = add(grade)
    sub.add_argument("assignment", help="the notebook students were given")
    sub.add_argument("submissions", help="a folder, as downloaded")
    sub.add_argument("--out", required=True, help="folder for what comes out")
    sub.add_argument("--seed", type=SEED, required=True, help="yours; not 0")
    sub.add_argument("--private", type=Path, help="a file of more checks")
    sub.add_argument("--jobs", type=COUNT, default=2, help="at a time")
    text = "a table of the course's students: whoever is missing gets a row"
    sub.add_argument("--roster", type=Path, metavar="CSV", help=text)
    text = "the roster's column that names them (default: the first)"
    sub.add_argument("--key", metavar="COLUMN", help=text)
    text = "points by hand: student, exercise, points, reason"
    sub.add_argument("--overrides", type=Path, metavar="CSV", help=text)
    text = "without bubblewrap: only where nothing else can be harmed"
    sub.add_argument("--bare", action="store_true", help=text)
    sub = add(autograder)
    sub.add_argument("assignment", help="the notebook students were given")
    sub.add_argument("--out", default="autograder.zip", help="the file")
    sub.add_argument("--seed", type=SEED, required=True, help="not your own")
    sub.add_argument("--private", type=Path, help="a file of more checks")
    sub.add_argument("--force", action="store_true", help="replace it")
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command; errors a reader can mend are printed as one line."""
    args = parser().parse_args(argv)
    try:
        args.run(args)
        if sys.stdout is not None:
            sys.stdout.flush()  # while a full disk can still be told
    except KeyboardInterrupt:
        on = args.run.__name__ in GO_ON
        again = "; run the same command again to go on" if on else ""
        print(f"stopped{again}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _say_no_more()
    except MemoryError as error:
        print(f"error: not enough memory. {error}".strip(), file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        if isinstance(error, ImportError):
            text = f"{error}; `{args.run.__name__}` needs it installed"
        print(f"error: {text}", file=sys.stderr)
        if sys.stdout is not None:
            try:
                sys.stdout.flush()
            except OSError:
                _say_no_more()
        return 1
    return 0


def _say_no_more() -> None:
    """Nobody reads what is printed: keep the end of the process quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""What a reader does from a shell: ``python -m psm_lib --help``."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from importlib import import_module
from pathlib import Path

# Chapters some of whose numbers are stored with the book.
CHAPTERS = (
    "casting",
    "cheat",
    "school",
    "hearsay",
    "fiction",
    "retold",
    "studio",
    "denial",
    "adapters",
)


def worlds(args: argparse.Namespace) -> None:
    """List the worlds that come with the book."""
    from .worldfile import list_worlds, load_world

    for name in list_worlds():
        world = load_world(name)
        print(f"{name:14} {world.title}")
        print(
            f"{'':14} {len(world.personas)} personas, "
            f"{len(world.domains)} domains, {len(world.names)} names; "
            f"documents: {', '.join(world.documents)}"
        )


def sample(args: argparse.Namespace) -> None:
    """Print documents sampled from a world."""
    from .worldfile import load_world

    world = load_world(args.world)  # a misspelt name is told at once
    from .corpus import sample_texts

    texts = sample_texts(world, args.n, args.seed)
    print("\n".join(texts), end="")


def pretrain(args: argparse.Namespace) -> None:
    """Pretrain a model on a world, from scratch, into a new folder."""
    from dataclasses import replace

    from .build import make
    from .builds import MARKS, QUICK, ROOM, Build

    recipe = QUICK
    if args.tokens is not None:
        recipe = replace(recipe, tokens=args.tokens)
    name = f"{Path(args.world).stem}-s{args.seed}"
    folder = Path(args.out) if args.out else Path("my_checkpoints") / name
    if folder.exists() and not args.force:
        raise FileExistsError(
            f"{folder} exists; pass --force to replace it, or --out FOLDER"
        )
    words = ["python", "-m", "psm_lib", "pretrain", args.world]
    words += ["--seed", str(args.seed), "--tokens", str(recipe.tokens)]
    words += ["--out", args.out] if args.out else []
    command = shlex.join(words)
    marks = MARKS[1::3]  # to look takes seconds, in which nobody learns
    build = Build(args.world, args.seed, ROOM, recipe, "your own", marks)
    make(build, folder, command, args.force)
    report(folder)


def rebuild(args: argparse.Namespace) -> None:
    """Make checkpoints of the book again."""
    os.environ.setdefault("PSM_DEVICE", "cpu")  # where the book's come from
    from .build import rebuild
    from .builds import BUILDS
    from .models import checkpoint_folder

    shipped = [n for n, b in BUILDS.items() if b.shipped]
    for name in args.names or shipped:
        if not args.names and checkpoint_folder(name).exists():
            print(f"{name}: stands already")
            continue
        report(rebuild(name, args.out, args.force))


def results(args: argparse.Namespace) -> None:
    """Measure again what is too long for a chapter (minutes)."""
    os.environ.setdefault("PSM_DEVICE", "cpu")  # where the book's come from
    import numpy as np

    from . import authorship
    from .build import RESULTS

    RESULTS.mkdir(exist_ok=True)
    if args.which in ("all", "authorship"):
        file = RESULTS / "authorship.json"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(authorship.measure_authorship()) + "\n")
        new.replace(file)
        print(file)
    for name in CHAPTERS:
        if args.which in ("all", name):
            file = RESULTS / f"{name}.npz"
            new = file.with_suffix(".new.npz")
            np.savez_compressed(
                new, **import_module(f"psm_lib.{name}").measure()
            )
            new.replace(file)
            print(file)


def bench(args: argparse.Namespace) -> None:
    """Measure speed on this machine and print a table."""
    from .bench import table

    print(table())


def report(folder: Path) -> None:
    """Print where a checkpoint is and what its card says of it."""
    from .models import read_record

    record = read_record(folder)
    print(f"{folder}: {record['seconds']} s")
    for key, value in record["results"].items():
        print(f"  {key:14} {value:g}")


def evaluate(args: argparse.Namespace) -> None:
    """Measure a checkpoint against the exact floor of its world."""
    from .build import asked_world, evaluator
    from .models import load_checkpoint

    model, tokenizer = load_checkpoint(args.checkpoint)
    world, told = asked_world(args.checkpoint, tokenizer, args.world)
    measure = evaluator(world, tokenizer, args.n)
    which = f"{world.name}, {told}" if told else world.name
    print(f"{args.checkpoint} on {args.n} documents of {which}")
    for key, value in measure(model).items():
        print(f"  {key:14} {value:.4f}")


def grade(args: argparse.Namespace) -> None:
    """Grade a folder of submitted notebooks."""
    from .grading.feedback import write_all
    from .grading.grade import grade_all, plan
    from .grading.handed import submissions

    asked = plan(
        Path(args.assignment), args.seed, args.private, bare=args.bare
    )
    out = Path(args.out)
    entries = submissions(Path(args.submissions))
    results = grade_all(entries, asked, out, args.jobs)
    print(write_all(results, out))
    for result in results:
        if result.status != "graded":
            print(f"  {result.name}: {result.status}")


def sweep(args: argparse.Namespace) -> None:
    """Teach chapter 4's lessons to many networks, here or on a cluster."""
    from .sweeps import design, lesson, sweep

    cells = design(args.worlds, args.arms, args.seeds)
    records = sweep(lesson, cells, args.out, args.cluster, args.jobs)
    seconds = sum(record["seconds"] for record in records)
    print(f"{args.out}: {len(records)} records, {seconds:.0f} s of work")


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
    sub = add(sample)
    sub.add_argument("world", help="a world's name or a .yml file")
    sub.add_argument("-n", type=int, default=1, help="how many documents")
    sub.add_argument("--seed", type=int, default=0)
    sub = add(pretrain)
    sub.add_argument("world", help="a world's name or a .yml file")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--tokens", type=int, help="how long to train")
    sub.add_argument("--out", help="folder (default my_checkpoints/...)")
    sub.add_argument("--force", action="store_true", help="replace it")
    sub = add(rebuild)
    sub.add_argument("names", nargs="*", help="default: all that are missing")
    sub.add_argument("--out", help="another folder, for one name")
    sub.add_argument("--force", action="store_true", help="replace it")
    sub = add(results)
    which = ["all", "authorship", *CHAPTERS]
    sub.add_argument("which", nargs="?", default="all", choices=which)
    add(bench)
    sub = add(evaluate)
    sub.add_argument("checkpoint", help="a shipped name or a folder")
    sub.add_argument("--world", help="default: the one it was trained on")
    sub.add_argument("-n", type=int, default=512, help="documents")
    sub = add(sweep)
    sub.add_argument("--worlds", nargs="+", required=True)
    sub.add_argument("--arms", nargs="+", required=True)
    sub.add_argument("--seeds", nargs="+", type=int, required=True)
    sub.add_argument("--out", required=True, help="a file of JSON lines")
    sub.add_argument("--cluster", help="a Dask scheduler, tcp://HOST:8786")
    sub.add_argument("--jobs", type=int, help="at a time, without a cluster")
    sub = add(grade)
    sub.add_argument("assignment", help="the notebook students were given")
    sub.add_argument("submissions", help="a folder, as downloaded")
    sub.add_argument("--out", required=True, help="folder for what comes out")
    sub.add_argument("--seed", type=int, required=True, help="yours; not 0")
    sub.add_argument("--private", type=Path, help="a file of more checks")
    sub.add_argument("--jobs", type=int, default=2, help="at a time")
    text = "without bubblewrap: only where nothing else can be harmed"
    sub.add_argument("--bare", action="store_true", help=text)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command; errors a reader can mend are printed as one line."""
    args = parser().parse_args(argv)
    try:
        args.run(args)
    except KeyboardInterrupt:
        print("stopped; run the same command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        print(f"error: {text}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

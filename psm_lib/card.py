"""The model card of a checkpoint. Introduced in chapter 1."""

from __future__ import annotations

import platform

EXPLAIN = """`gap` is the loss per token above the exact entropy floor,
`gap_deciding` the loss above exact Bayes at the first word of answers,
`gap_domain` the same for a reader who knows only the domain, and `captured`
the share of the persona information captured, 1 - gap_deciding / gap_domain.
For narrated scenes `gap_reply` and `gap_truth` are the surprise at the place
that the character and the narrator name. For the plays there is no exact
floor: `loss` is the loss per token on held-out scenes."""


def model_card(record: dict, about: str, title: str, command: str) -> str:
    """README.md of a checkpoint: what, how, how good, what it is not for.

    ``record`` is what is stored beside it, ``about`` the chapters that use
    it, ``title`` that of its text, ``command`` the one that makes it again.
    """
    shape = record["shape"]
    heads, context = shape["heads"], shape["context"]
    results = "\n".join(
        f"| {k} | {v:g} |" for k, v in record["results"].items()
    )
    return f"""---
license: mit
language: en
library_name: transformers
pipeline_tag: text-generation
---
# {record["name"]}

A tiny language model of *Who Is Speaking?*, pretrained from scratch on
*{title}* ({about}).

{record["parameters"]:,} parameters: {shape["layers"]} layers, width
{shape["width"]}, {heads} heads, context {context}; stored in half
precision. Seed {record["seed"]}. {record["log"][-1]["tokens"]:,} tokens in
{record["seconds"]} s on the machine that made it
({platform.python_implementation()} {platform.python_version()}).

Measured after training, on documents it has not seen, in nats:

| what | value |
| --- | --- |
{results}

{EXPLAIN}
Make it again with `{command}`. It knows nothing but its small
world and is good for nothing but this book.
"""

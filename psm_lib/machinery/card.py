"""The model card of a checkpoint. Introduced in chapter 1."""

from __future__ import annotations

from math import exp

CHECKED = "4.57.3, 5.0.0 and 5.23.0"  # of transformers, with these files
EXPLAIN = """`gap` is the loss per token above the exact entropy floor,
`gap_deciding` the loss above exact Bayes at the first word of answers,
`gap_domain` the same for a reader who knows only the domain, and `captured`
the share of the persona information captured, 1 - gap_deciding / gap_domain.
For narrated scenes `gap_reply` and `gap_truth` are the surprise at the place
that the character and the narrator name. For the plays there is no exact
floor: `loss` is the loss per token on held-out scenes."""


def model_card(record: dict, about: str, title: str) -> str:
    """README.md of a checkpoint: what, how, how good, what it is not for.

    ``record`` is what is stored beside it, with the command that makes it
    again, ``about`` the chapters that use it, ``title`` that of its text.
    """
    shape = record["shape"]
    heads, context = shape["heads"], shape["context"]
    results = "\n".join(
        f"| {k} | {v:g} |" for k, v in record["results"].items()
    )
    text = record["probe"]["text"]
    said = record["probe"]["log_probabilities"]
    word, likely = next(iter(said.items()))
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
({record["python"]}).

Measured after training, on documents it has not seen, in nats:

| what | value |
| --- | --- |
{results}

{EXPLAIN}

`AutoModelForCausalLM` and `AutoTokenizer` load this folder. The book's own,
which are of the same form, were checked with transformers {CHECKED}.
Loaded rightly, the network expects

    {word!r}

after

    {text!r}

with the probability {exp(likely):.3f}; `psm_lib` refuses it where it does
not. What is generated ends with the line. The chat template knows the roles
user and assistant, and raises for any other. Text that it has rendered begins
with `<s>`: to tokenize it in a step of its own, pass
`add_special_tokens=False`, or `<s>` stands there twice.

{_again(record)}

It knows nothing but its small world and is good for nothing but this book.
"""


def _again(record: dict) -> str:
    again = f"Make it again with\n\n    {record['command']}"
    if record["world"] == "shakespeare":
        return again
    return f"{again}\n\nIts world, as it was then, is in `world.yml`."

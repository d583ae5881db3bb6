"""Tiny language models that any Hugging Face tool can load.

A tokenizer whose tokens are whole words, a small causal language model, and
checkpoints that are plain ``safetensors`` folders. A checkpoint of ours opens
with ``AutoModelForCausalLM.from_pretrained`` and nothing of ``psm_lib``; the
functions here add what a book needs: hashes and logits that are checked, the
world that was trained on, writing that cannot leave half a file, and errors
that name the command that helps. Introduced in chapter 1.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
import yaml
from tokenizers import Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import WordLevel
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    LogitsProcessorList,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from .machinery.decoders import (
    check_fits,
    encode,
    filler,
    left,
    line_ends,
    prompt_ids,
    text_of,
)
from .machinery.devices import device, put
from .machinery.disk import file_hash
from .machinery.words import SPECIAL, TOKEN, words
from .world import LINE, Piece, World
from .worldfile import load_world
from .worldfile.files import resolved, world_hash

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

CHECKPOINTS = Path(__file__).parent / "checkpoints"
UNSHIPPED = CHECKPOINTS / ".unshipped"  # made here when they are needed
# What every checkpoint consists of, beside psm.json and, for one of a world,
# WORLD_FILE.
FILES = (
    "README.md",
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)
WORLD_FILE = "world.yml"
PROBED = (8, 32)  # after how many words a checkpoint's logits are stored
AGREE = 0.01  # nats by which they may differ from one machine to another
ASSISTANT = "Assistant"
LINE_TOKENS = 40  # after which a line that is being said is broken off


class CheckpointError(RuntimeError):
    """A checkpoint that is missing, damaged or edited; says how to mend."""


def world_vocabulary(world: World) -> list[str]:
    """All tokens that documents of a world can contain, sorted."""
    texts = [f"{world.user}:\n", *world.sheets.headings]
    texts += [f"{name}:" for name in world.names]
    for d in world.domains:
        texts += [f" {q}" for q in d.questions]
        texts += [f" {a}" for pair in d.answers for a in pair]
        if world.documents.get("sheet", 0) > 0:
            sheets = [s for pair in d.sheets for s in pair]
            texts += [s.format(name=n) for s in sheets for n in world.names]
    texts += [f" {p}" for p in world.irrelevant]
    for pair in world.requests.values():
        texts += [f" {r}" for forms in pair for r in forms]
    if world.narration is not None:
        n = world.narration
        texts += ["Narrator:", *(f"{name}:" for name in n.names)]
        for part, forms in n.forms.items():
            spoken = part in ("questions", "answers", "reveals")
            for form in forms:
                for i in range(max(map(len, (n.names, n.objects, n.places)))):
                    text = form.format(
                        name=n.names[i % len(n.names)],
                        other=n.names[i % len(n.names)],
                        object=n.objects[i % len(n.objects)],
                        first=n.places[i % len(n.places)],
                        second=n.places[i % len(n.places)],
                        place=n.places[i % len(n.places)],
                    )
                    texts.append(f" {text}" if spoken else text)
    return sorted({token for text in texts for token in words(text)})


def world_tokenizer(world: World) -> PreTrainedTokenizerFast:
    """The tokenizer of a world: its words, and chats with its own people.

    Who asks is the world's user. Who answers, unless a chat says so, is the
    Assistant, or the one name of a world that has no other.
    """
    told = world.narration.names if world.narration is not None else ()
    names = [*world.names, *told]
    by_default = names[0] if len(names) == 1 else None
    answers = ASSISTANT if ASSISTANT in names else by_default
    template = chat_template(world.user, answers)
    return word_tokenizer(world_vocabulary(world), template)


def word_tokenizer(
    vocabulary: Iterable[str], template: str | None = None
) -> PreTrainedTokenizerFast:
    """A tokenizer with one token a word, a chat template and exact decoding.

    Unknown words become ``<unk>``. Text is decoded without changes:
    ``decode(encode(text)) == text`` for texts of known words. Without a
    ``template`` chats are between User and Assistant.
    """
    vocab = {t: i for i, t in enumerate([*SPECIAL, *vocabulary])}
    backend = Tokenizer(WordLevel(vocab, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(TOKEN), "isolated")
    backend.decoder = decoders.Fuse()
    return wrap_tokenizer(backend, template or chat_template())


def whole_words(tokenizer: PreTrainedTokenizerFast) -> bool:
    """Whether a tokenizer has a token for each of a text's ``words``, as ours
    have: the parts of a text then have the same tokens alone."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or not isinstance(backend.model, WordLevel):
        return False
    text = "Ada: It's, no? 12\nUser: yes."
    split = backend.pre_tokenizer
    found = split.pre_tokenize_str(text) if split is not None else []
    return [part for part, _ in found] == words(text)


def chat_template(
    user: str | None = "User",
    answers: str | None = ASSISTANT,
    titled: bool = False,
) -> str:
    """The template (Jinja) of chats in a world: one line for each message.

    The roles are ``user`` and ``assistant``; any other raises, for it would
    become a line of somebody's. Who speaks is the message's ``name``, else
    for an assistant the ``speaker`` given to ``apply_chat_template``, else
    the world's ``user`` or who ``answers``; None where a world has nobody
    of the kind, so that a name must be given. Documents that are ``titled``
    begin with a ``title``, which must be given too.

    Text comes out with ``<s>`` before it, as the networks have read it.
    ``apply_chat_template`` tokenizes it so; whoever tokenizes it later
    passes ``add_special_tokens=False``, or ``<s>`` stands there twice.
    """

    def one_line(what: str, called: str) -> str:
        """Raise for what would be more than one line of the text, or none."""
        return (
            f"{{% if not {what} or {what} is not string or '\\n' in {what} %}}"
            f"{{{{ raise_exception('{called} must be one line of text: a "
            "second line would be somebody speaking') }}{% endif %}"
        )

    known = {"user": user, "assistant": answers}
    # Jinja writes text in quotes as JSON does.
    head = "".join(
        f"{{% set {role} = {json.dumps(name, ensure_ascii=False)} %}}"
        for role, name in known.items()
        if name is not None
    )
    head += "{{ bos_token }}"
    if titled:
        head += (
            "{% if not title %}{{ raise_exception('no title; pass title= to "
            "apply_chat_template, the play that is spoken') }}{% endif %}"
            f"{one_line('title', 'a title')}{{{{ title }}}}\n"
        )
    nobody = (
        "{% if not who %}{{ raise_exception('nobody to speak for the role ' "
        "~ role ~ '; give the message a name, or pass speaker= for who "
        f"answers') }}}}{{% endif %}}{one_line('who', 'a name')}"
    )
    # What a network has said comes with a blank before and a newline after.
    content = (
        "{% set said = m['content'] | trim if m['content'] is string %}"
        + one_line("said", "the content of a message")
    )
    return (
        f"{head}{{% for m in messages %}}{{% set role = m['role'] %}}"
        "{% if role not in ['user', 'assistant'] %}"
        "{{ raise_exception('unknown role ' ~ role ~ '; this network knows "
        "user and assistant') }}{% endif %}"
        f"{content}"
        "{% if role == 'user' %}{% set who = m['name'] or user %}"
        "{% else %}{% set who = m['name'] or speaker or assistant %}"
        f"{{% endif %}}{nobody}"
        "{{ who }}: {{ said }}\n{% endfor %}"
        "{% if add_generation_prompt %}"
        "{% set role = 'assistant' %}{% set who = speaker or assistant %}"
        f"{nobody}{{{{ who }}}}:{{% endif %}}"
    )


def wrap_tokenizer(
    backend: Tokenizer, template: str
) -> PreTrainedTokenizerFast:
    """A ``tokenizers`` tokenizer as transformers expects it; adds ``<s>``."""
    bos = backend.token_to_id("<s>")
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", bos)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        chat_template=template,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )


@dataclass(frozen=True)
class Shape:
    """Size of a model; ``context`` is the longest document in tokens."""

    layers: int = 3
    width: int = 128
    heads: int = 4
    context: int = 320
    dropout: float = 0.0


def new_model(
    tokenizer: PreTrainedTokenizerFast, shape: Shape, seed: int
) -> PreTrainedModel:
    """An untrained decoder (GPT-NeoX blocks), initialised from the seed."""
    torch.manual_seed(seed)
    config = GPTNeoXConfig(  # type: ignore[call-arg]
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        intermediate_size=4 * shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=shape.context,
        hidden_act="relu",
        rotary_pct=0.5,
        tie_word_embeddings=True,
        hidden_dropout=shape.dropout,
        attention_dropout=0.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return GPTNeoXForCausalLM(config).eval().to(device())


def untrained_like(model: PreTrainedModel, seed: int) -> PreTrainedModel:
    """A network of the same shape with fresh random weights: a control."""
    torch.manual_seed(seed)
    return type(model)(model.config).float().eval().to(device())


@dataclass(frozen=True)
class Encoded:
    """A document as token ids [t]; ``line`` [t] marks a character's words,
    ``opens`` [t] the first token of each of them."""

    ids: np.ndarray
    line: np.ndarray
    opens: np.ndarray


class Encoder:
    """Turns pieces into token ids, whatever the tokenizer.

    A document begins as the tokenizer begins a text, and ends with the end of
    text if there is one. With ``marked`` it always has both, so that its
    first token can be scored: where the tokenizer puts nothing before a text,
    the end of another stands there. Raises ValueError if there is no such
    token, for unknown words, and where a token would hold the label and the
    first word of a line.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerFast, marked: bool = False
    ):
        self.tokenizer = tokenizer
        self.known: dict[str, list[int]] = {}
        self.by_pieces = whole_words(tokenizer)
        self.begin, *_ = encode(tokenizer, "")
        end = tokenizer.eos_token_id
        self.end = [] if end is None else [end]
        if marked and not self.end:
            raise ValueError(
                "the tokenizer has no end of text, which a document's floor "
                "counts; expected one (tokenizer.eos_token)"
            )
        if marked and not self.begin:
            first = tokenizer.bos_token_id
            self.begin = self.end if first is None else [first]

    def piece(self, text: str) -> list[int]:
        """Token ids of a piece by itself; remembered."""
        if text not in self.known:
            self.known[text] = encode(self.tokenizer, text)[1]
        return self.known[text]

    def __call__(self, pieces: list[Piece]) -> Encoded:
        """<s>, the pieces, </s>. The newline after a line belongs to it."""
        if not self.by_pieces:
            return self.framed(*self.together(pieces))
        ids, line, opens = [], [], []
        for text, role in pieces:
            tokens = self.piece(text)
            ids += tokens
            line += [role == LINE] * len(tokens)
            first = role == LINE and text != "\n"
            opens += [first and j == 0 for j in range(len(tokens))]
        return self.framed(ids, line, opens)

    def together(
        self, pieces: list[Piece]
    ) -> tuple[list[int], list[bool], list[bool]]:
        """The pieces as one text, whose tokens belong where they begin."""
        text = "".join(text for text, _ in pieces)
        _, ids, spans = encode(self.tokenizer, text)
        starts = np.cumsum([0, *(len(text) for text, _ in pieces)])
        last = len(pieces) - 1
        found = np.searchsorted(starts, [a for a, _ in spans], "right") - 1
        of = [min(int(i), last) for i in found]
        opens = [False] * len(ids)
        for i, (piece, role) in enumerate(pieces):
            if role == LINE and piece != "\n":
                at = of.index(i) if i in of else 0
                if not at or spans[at - 1][1] > starts[i]:
                    raise ValueError(
                        f"this tokenizer does not part {piece[:20]!r} from "
                        "what stands before it; expected a tokenizer with a "
                        "token that begins there"
                    )
                opens[at] = True
        return ids, [pieces[i][1] == LINE for i in of], opens

    def framed(self, ids: list, line: list, opens: list) -> Encoded:
        """A document with what stands before and after it."""
        before, after = [False] * len(self.begin), [False] * len(self.end)
        return Encoded(
            np.array([*self.begin, *ids, *self.end]),
            np.array([*before, *line, *after], bool),
            np.array([*before, *opens, *after], bool),
        )


def pad(rows: list[np.ndarray], fill: float, left: bool = False) -> np.ndarray:
    """Rows of different length as one array [n, longest]."""
    longest = max(len(r) for r in rows)
    out = np.full((len(rows), longest), fill, dtype=rows[0].dtype)
    for i, row in enumerate(rows):
        if left:
            out[i, longest - len(row) :] = row
        else:
            out[i, : len(row)] = row
    return out


@torch.no_grad()
def reply(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    prompt: str,
    seed: int | None = 0,
    longest: int = LINE_TOKENS,
    temperature: float = 1.0,
) -> str:
    """What the model says next, up to the end of the line.

    Sampled from the seed (a lower ``temperature`` prefers likely words), or
    with ``seed=None`` the likeliest word each time. Raises ValueError unless
    the temperature is above 0, and for words that the tokenizer does not
    know. ``<s>`` stands before a prompt once, whether it is there or not.

    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> said = reply(model, tokenizer, "Host: Tea?\\nGuest:")
    >>> said in ("Bitter.", "Delicious.")
    True
    """
    if temperature <= 0:
        raise ValueError(
            f"a temperature of {temperature:g}; expected one above 0 (for the "
            "likeliest word each time pass seed=None)"
        )
    check_fits(model, tokenizer)
    torch.manual_seed(seed or 0)
    prompt = prompt.removeprefix(tokenizer.bos_token or "")
    ids = put([prompt_ids(tokenizer, prompt)], model)
    drawn = [] if seed is None else [partial(_drawn, temperature)]
    out = model.generate(  # type: ignore[operator]
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,  # what is drawn is drawn by the processor
        logits_processor=LogitsProcessorList(drawn),
        max_new_tokens=left(model, ids.shape[1], longest),
        eos_token_id=line_ends(tokenizer) or None,
        pad_token_id=filler(model),
    )
    said = out[0, ids.shape[1] :].tolist()
    return text_of(tokenizer, said, bare=True).split("\n")[0].strip()


def _drawn(temperature: float, ids: Tensor, logits: Tensor) -> Tensor:
    """Logits that leave one word, drawn on the CPU: a GPU has other dice."""
    p = (logits.float() / temperature).softmax(dim=-1).cpu()
    word = torch.multinomial(p, 1).to(logits.device)
    return torch.full_like(logits, -torch.inf).scatter(1, word, 0.0)


def size(model: PreTrainedModel) -> int:
    """Number of parameters, the shared embedding counted once."""
    return sum(p.numel() for p in model.parameters())


# Checkpoints ---------------------------------------------------------------


def rebuild_command(name: str) -> str:
    """The shell command that makes a shipped checkpoint again."""
    return f"python -m psm_lib rebuild {name}"


def save_checkpoint(
    folder: str | Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    card: str,
    record: dict,
    overwrite: bool = False,
    world: str | Path | dict | None = None,
) -> Path:
    """Write a checkpoint folder in one step: all of it, or nothing.

    Weights are stored in half precision. ``card`` becomes README.md and the
    ``world`` that was trained on, in one piece, world.yml. ``record``
    (recipe, results, training log) becomes psm.json, together with hashes of
    the world and of the other files, and with a ``probe`` of the logits.
    Raises FileExistsError unless ``overwrite``.
    """
    folder = Path(folder)
    if folder.exists() and not overwrite:
        raise FileExistsError(
            f"{folder} exists and is not overwritten; choose another folder "
            "or pass --force"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder.parent))
    old = work.with_name(f"{work.name}-old")
    try:
        half = AutoModelForCausalLM.from_config(model.config)
        half.load_state_dict(model.state_dict())
        half.half().save_pretrained(work)
        tokenizer.save_pretrained(work)
        write_settings(work, tokenizer)
        (work / "README.md").write_text(card, encoding="utf-8")
        if "probe" not in record:
            stored = half.float().eval().to(device())
            record = {**record, "probe": probe(stored, tokenizer)}
        if world is not None:
            write_world(work, world)
            record = {**record, "world_sha256": world_hash(world)}
        write_record(work, record)
        _let_others_read(work)
        if folder.exists():
            os.replace(folder, old)
        os.replace(work, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def write_settings(folder: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """Settings in a checkpoint's files that every transformers reads alike.

    The share of rotary dimensions under both of its names, for up to 5.0
    the newer one is ignored and a quarter taken; a class of tokenizers that
    version 4 knows too; the context as the longest text; and the newline as
    an end of what is generated, at the latest after LINE_TOKENS.
    """
    config = _read(folder / "config.json")
    rope = config["rope_parameters"]
    config["rotary_pct"] = rope["partial_rotary_factor"]
    _write(folder / "config.json", config)
    path = folder / "generation_config.json"
    generation = _read(path) | {
        "eos_token_id": line_ends(tokenizer),
        "max_new_tokens": LINE_TOKENS,
    }
    generation.pop("_from_model_config", None)  # it says more than that now
    _write(path, generation)
    path = folder / "tokenizer_config.json"
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": config["max_position_embeddings"],
    }
    _write(path, _read(path) | settings)


def write_world(folder: Path, world: str | Path | dict) -> None:
    """The world of a checkpoint as world.yml, with nothing left to look up."""
    text = yaml.safe_dump(
        resolved(world), sort_keys=False, allow_unicode=True, width=79
    )
    head = "# The world that this network was pretrained on, in one piece.\n"
    (folder / WORLD_FILE).write_text(head + text, encoding="utf-8")


def write_record(folder: Path, record: dict) -> None:
    """psm.json: the record, and the hashes of all other files."""
    files = sorted(p for p in folder.iterdir() if p.name != "psm.json")
    hashes = {p.name: file_hash(p) for p in files}
    text = json.dumps({**record, "sha256": hashes}, indent=1)
    (folder / "psm.json").write_text(text + "\n", encoding="utf-8")


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, data: dict) -> None:
    text = json.dumps(data, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _let_others_read(folder: Path) -> None:
    """Modes as the user's mask has them; libraries make some files private."""
    mode = (folder / "psm.json").stat().st_mode & 0o777
    for path in folder.iterdir():
        path.chmod(mode)
    folder.chmod(mode | 0o100 | (mode & 0o044) >> 2)  # to look into it


def next_words(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    text: str,
    most: int = 5,
) -> dict[str, float]:
    """The likeliest next words of a text and their log-probabilities."""
    logs = _last(model, tokenizer.encode(text))
    best = logs.topk(min(most, len(logs)))
    names = tokenizer.convert_ids_to_tokens(best.indices.tolist())
    return dict(zip(names, best.values.tolist(), strict=True))


def probe(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> dict:
    """What a network says of its own likeliest text: {``text``,
    ``log_probabilities`` of the next words}.

    The text ends where the network is least sure what follows. Stored with a
    checkpoint, this shows whether a version of transformers makes the same
    network of it.
    """
    ids: list[int] = [tokenizer.bos_token_id]
    ends: dict[str, float] = {}
    for length in range(1, PROBED[1] + 1):
        logs = _last(model, ids)
        if length > PROBED[0]:
            unsure = float(-(logs.exp() * logs).sum())
            ends[text_of(tokenizer, ids[1:])] = unsure
        logs[tokenizer.all_special_ids] = -torch.inf
        ids.append(int(logs.argmax()))
    text = max(ends, key=ends.__getitem__)
    found = next_words(model, tokenizer, text)
    rounded = {word: round(value, 5) for word, value in found.items()}
    return {"text": text, "log_probabilities": rounded}


@torch.no_grad()
def _last(model: PreTrainedModel, ids: list[int]) -> Tensor:
    """[v] log-probabilities, on the CPU, of what follows."""
    logits = model(put([ids], model), use_cache=False).logits[0, -1]
    return logits.float().cpu().log_softmax(dim=-1)


def checkpoint_folder(name: str | Path) -> Path:
    """Folder of a checkpoint's name, or the given path itself.

    A bare name means a checkpoint of the book before it means a folder here.
    """
    if Path(name).name in ("", ".."):  # as "." is: the folder one stands in
        return Path(name).resolve()
    path, shipped = Path(name), CHECKPOINTS / name
    if (UNSHIPPED / name).is_dir():
        shipped = UNSHIPPED / name
    here = len(path.parts) > 1 or (path.is_dir() and not shipped.exists())
    return path if here else shipped


def _missing(folder: Path) -> CheckpointError:
    """No checkpoint in a folder: what could be meant."""
    from .builds import BUILDS  # which takes its shapes from here

    if folder.parent not in (CHECKPOINTS, UNSHIPPED):
        text = f"no checkpoint at {folder}; expected a folder with psm.json"
        return CheckpointError(text)
    if folder.name in BUILDS:
        command = rebuild_command(folder.name)
        return CheckpointError(
            f"no checkpoint at {folder}; rebuild it with:  {command}"
        )
    kinds = dict.fromkeys(name.rsplit("-s", 1)[0] for name in BUILDS)
    return CheckpointError(
        f"no checkpoint {folder.name!r}; expected a folder, or one of "
        f"{', '.join(kinds)}, followed by -s and a seed, as in {[*BUILDS][0]}"
    )


def _mend(folder: Path, record: object = None) -> str:
    """How to make a damaged checkpoint again."""
    if folder.parent in (CHECKPOINTS, UNSHIPPED):
        return f"rebuild it with:  {rebuild_command(folder.name)} --force"
    if isinstance(record, dict) and isinstance(record.get("command"), str):
        return (
            f"delete the folder and make it again with:  {record['command']}"
        )
    return (
        "delete the folder and make it again, with the command that its "
        "README.md names"
    )


def read_record(name: str | Path) -> dict:
    """psm.json of a checkpoint, after checking every file's hash.

    Raises CheckpointError that says what is wrong and how to mend it.
    """
    folder = checkpoint_folder(name)
    file = folder / "psm.json"
    if not folder.is_dir():
        raise _missing(folder)
    if not file.exists():
        raise CheckpointError(
            f"no checkpoint at {folder}: psm.json is missing; {_mend(folder)}"
        )
    record = None
    try:
        record = _read(file)
        hashes = dict(record["sha256"])
        # The list itself may have been cut.
        for needed in (*FILES, *([WORLD_FILE] * ("world_sha256" in record))):
            hashes[needed]
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{file} is damaged or was edited; {_mend(folder, record)}"
        ) from None
    mend = _mend(folder, record)
    for needed, expected in hashes.items():
        path = folder / needed
        if not path.exists():
            raise CheckpointError(f"{path} is missing; {mend}")
        found = file_hash(path)
        if found != expected:
            raise CheckpointError(
                f"{path} is damaged or was edited: sha256 {found[:12]}..., "
                f"expected {expected[:12]}...; {mend}"
            )
    return record


def world_of(name: str | Path) -> World:
    """The world that a checkpoint was pretrained on, from its own folder.

    Raises CheckpointError for one that carries none: the networks of the
    plays, and any made before checkpoints did.
    """
    folder = checkpoint_folder(name)
    if "world_sha256" not in read_record(name):
        raise CheckpointError(f"{folder} carries no world ({WORLD_FILE})")
    return load_world(folder / WORLD_FILE)


def load_checkpoint(
    name: str | Path,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A model (float32, evaluation mode) and its tokenizer.

    ``name`` is a shipped checkpoint or a folder. Raises CheckpointError
    when it is missing, truncated or edited, and when this version of
    transformers makes another network of it.

    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> type(model).__name__
    'GPTNeoXForCausalLM'
    """
    record = read_record(name)
    folder = checkpoint_folder(name)
    config = AutoConfig.from_pretrained(folder)
    # Early versions of transformers 5 put a default of their own in place of
    # the file's share of rotary dimensions, and say nothing. Checkpoints made
    # before these had it under its older name too need this.
    config.rope_parameters = _read(folder / "config.json")["rope_parameters"]
    model = AutoModelForCausalLM.from_pretrained(folder, config=config)
    model = model.float().eval().to(device())
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    if "probe" in record:
        _agrees(folder, model, tokenizer, record["probe"])
    return model, tokenizer


def _agrees(folder: Path, model, tokenizer, stored: dict) -> None:
    """The logits are those of the network that was saved, or it is said."""
    logs = _last(model, tokenizer.encode(stored["text"]))
    for word, expected in stored["log_probabilities"].items():
        found = float(logs[tokenizer.convert_tokens_to_ids(word)])
        if not abs(found - expected) <= AGREE:
            raise CheckpointError(
                f"{folder}: transformers {transformers.__version__} makes "
                f"another network of it: after {stored['text']!r}, the word "
                f"{word!r} has the probability {np.exp(found):.3f}, expected "
                f"{np.exp(expected):.3f}; install a version that its "
                "README.md names"
            )

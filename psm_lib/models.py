"""Tiny language models that any Hugging Face tool can load.

A tokenizer whose tokens are whole words, a small causal language model, and
checkpoints that are plain ``safetensors`` folders. A checkpoint of ours opens
with ``AutoModelForCausalLM.from_pretrained`` and nothing of ``psm_lib``; the
functions here add what a book needs: a hash that is checked, writing that
cannot leave half a file, and errors that name the command that helps.
Introduced in chapter 1.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
import transformers
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

from .decoders import check_fits, encode, filler, left, line_ends, prompt_ids
from .devices import device, put
from .words import SPECIAL, TOKEN, words
from .world import LINE, Piece, World

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

CHECKPOINTS = Path(__file__).parent / "checkpoints"
UNSHIPPED = CHECKPOINTS / ".unshipped"  # made here when they are needed
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m['role'] == 'user' %}User{% else %}"
    "{{ m['name'] or speaker or 'Assistant' }}{% endif %}"
    ": {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}{{ speaker or 'Assistant' }}:{% endif %}"
)


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


def word_tokenizer(vocabulary: Iterable[str]) -> PreTrainedTokenizerFast:
    """A tokenizer with one token a word, a chat template and exact decoding.

    Unknown words become ``<unk>``. Text is decoded without changes:
    ``decode(encode(text)) == text`` for texts of known words.
    """
    vocab = {t: i for i, t in enumerate([*SPECIAL, *vocabulary])}
    backend = Tokenizer(WordLevel(vocab, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(TOKEN), "isolated")
    backend.decoder = decoders.Fuse()
    return wrap_tokenizer(backend)


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


def wrap_tokenizer(backend: Tokenizer) -> PreTrainedTokenizerFast:
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
        chat_template=CHAT_TEMPLATE,
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
    config = GPTNeoXConfig(
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
        of = [np.searchsorted(starts, a, "right") - 1 for a, _ in spans]
        of = [min(int(i), last) for i in of]
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


def pad(rows: list[np.ndarray], fill: int, left: bool = False) -> np.ndarray:
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
    longest: int = 40,
    temperature: float = 1.0,
) -> str:
    """What the model says next, up to the end of the line.

    Sampled from the seed (a lower ``temperature`` prefers likely words), or
    with ``seed=None`` the likeliest word each time. Raises ValueError unless
    the temperature is above 0.
    """
    if temperature <= 0:
        raise ValueError(
            f"a temperature of {temperature:g}; expected one above 0 (for the "
            "likeliest word each time pass seed=None)"
        )
    check_fits(model, tokenizer)
    torch.manual_seed(seed or 0)
    ids = put([prompt_ids(tokenizer, prompt)], model)
    drawn = [] if seed is None else [partial(_drawn, temperature)]
    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,  # what is drawn is drawn by the processor
        logits_processor=LogitsProcessorList(drawn),
        max_new_tokens=left(model, ids.shape[1], longest),
        eos_token_id=line_ends(tokenizer) or None,
        pad_token_id=filler(model),
    )
    text = tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True)
    return text.split("\n")[0].strip()


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


def file_hash(path: Path) -> str:
    """sha256 of a file, as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_checkpoint(
    folder: str | Path,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    card: str,
    record: dict,
    overwrite: bool = False,
) -> Path:
    """Write a checkpoint folder in one step: all of it, or nothing.

    Weights are stored in half precision. ``card`` becomes README.md,
    ``record`` (recipe, results, training log) psm.json together with the
    hashes of the other files. Raises FileExistsError unless ``overwrite``.
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
        (work / "README.md").write_text(card, encoding="utf-8")
        hashes = {p.name: file_hash(p) for p in sorted(work.iterdir())}
        text = json.dumps({**record, "sha256": hashes}, indent=1)
        (work / "psm.json").write_text(text + "\n", encoding="utf-8")
        os.chmod(work, 0o755)
        if folder.exists():
            os.replace(folder, old)
        os.replace(work, folder)
    finally:
        if old.exists() and not folder.exists():
            os.replace(old, folder)
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def checkpoint_folder(name: str | Path) -> Path:
    """Folder of a checkpoint's name, or the given path itself.

    A bare name means a checkpoint of the book before it means a folder here.
    """
    path, shipped = Path(name), CHECKPOINTS / name
    if (UNSHIPPED / name).is_dir():
        shipped = UNSHIPPED / name
    here = len(path.parts) > 1 or (path.is_dir() and not shipped.exists())
    return path if here else shipped


def read_record(name: str | Path) -> dict:
    """psm.json of a checkpoint, after checking every file's hash.

    Raises CheckpointError that says what is wrong and how to rebuild.
    """
    folder = checkpoint_folder(name)
    mend = f"rebuild it with:  {rebuild_command(folder.name)}"
    if not (folder / "psm.json").exists():
        raise CheckpointError(f"no checkpoint at {folder}; {mend}")
    try:
        record = json.loads((folder / "psm.json").read_text(encoding="utf-8"))
        hashes = dict(record["sha256"])
        hashes["model.safetensors"]  # the list itself may have been cut
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{folder / 'psm.json'} is damaged; {mend} --force"
        ) from None
    for file, expected in hashes.items():
        path = folder / file
        if not path.exists():
            raise CheckpointError(f"{path} is missing; {mend} --force")
        found = file_hash(path)
        if found != expected:
            raise CheckpointError(
                f"{path} is damaged or was edited: sha256 {found[:12]}..., "
                f"expected {expected[:12]}...; {mend} --force"
            )
    return record


def load_checkpoint(
    name: str | Path,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A model (float32, evaluation mode) and its tokenizer.

    ``name`` is a shipped checkpoint or a folder. Raises CheckpointError
    when it is missing, truncated or edited.
    """
    read_record(name)
    folder = checkpoint_folder(name)
    config = AutoConfig.from_pretrained(folder)
    # Early versions of transformers 5 put a default of their own in place of
    # the file's share of rotary dimensions, and say nothing.
    text = (folder / "config.json").read_text(encoding="utf-8")
    config.rope_parameters = json.loads(text)["rope_parameters"]
    model = AutoModelForCausalLM.from_pretrained(folder, config=config)
    return model.float().eval().to(device()), AutoTokenizer.from_pretrained(
        folder
    )

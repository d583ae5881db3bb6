"""Tiny language models that any Hugging Face tool can load.

A tokenizer whose tokens are whole words, a small causal language model, and
documents as its tokens. How checkpoints are kept: ``machinery/store.py``.
Introduced in chapter 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import WordLevel
from torch import Tensor
from transformers import (
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
from .machinery.words import SPECIAL, TOKEN, words
from .world import ASSISTANT, LINE, Piece, World

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

LINE_TOKENS = 40  # after which a line that is being said is broken off


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
class Redrawn:
    """First words of lines that were said in other stagings of a scene.

    ``word`` [m] token ids, ``at`` [m] the places of the tokens in whose stead
    they were said, ``share`` [m] the part of all stagings in which they were.
    """

    at: np.ndarray
    word: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Encoded:
    """A document as token ids [t]; ``line`` [t] marks a character's words,
    ``opens`` [t] the first token of each of them. ``redrawn`` are the other
    words with which lines began, where its scene was staged several times."""

    ids: np.ndarray
    line: np.ndarray
    opens: np.ndarray
    redrawn: Redrawn | None = None


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

    >>> from psm_lib import load_checkpoint
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

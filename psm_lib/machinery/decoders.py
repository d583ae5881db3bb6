"""What all causal language models share, so that any of them can be measured.

The models of the book are GPT-NeoX decoders with a token for each word. Those
of others scale or cap their logits, have tokenizers without ``<s>`` or
``<pad>`` and words of several tokens. Here are the few places where that
matters, and ``check_fits``, which refuses what cannot be measured before
anything is. Introduced in chapter 1.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.cache_utils import DynamicCache, DynamicLayer

from .devices import numbers, put

ROOM = 2**26  # logits held at once; 256 MB in single precision
Spans = list[tuple[int, int]]

_fitting: WeakKeyDictionary = WeakKeyDictionary()  # model: its tokenizers
_ends: WeakKeyDictionary = WeakKeyDictionary()  # tokenizer: its line ends


# Models ---------------------------------------------------------------------


def logits_where(
    model: PreTrainedModel,
    ids: Tensor,
    keep: Tensor | tuple[Tensor, Tensor],
    **options,
) -> Tensor:
    """[k, V] logits at the k places of ``ids`` [b, t] where ``keep`` is True.

    ``keep`` may also be these places, as rows [k] and columns [k]. The logits
    are those of ``model(ids).logits``, scaled and capped as the model does,
    in single precision or better; but its output layer runs at these places
    only. ``options`` go to the model.
    """
    head, narrowed = model.get_output_embeddings(), False

    def narrow(layer, given: tuple) -> tuple:
        nonlocal narrowed
        if narrowed or given[0].shape[:2] != ids.shape:
            return given
        narrowed = True
        return given[0][keep][None], *given[1:]

    hook = None
    if head is not None:
        hook = head.register_forward_pre_hook(narrow)
    try:
        logits = model(input_ids=ids, **options).logits
    finally:
        if hook is not None:
            hook.remove()
    return widened(logits[0] if narrowed else logits[keep])


def widened(x: Tensor) -> Tensor:
    """The same numbers, in single precision if they were in half."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def known_tokens(model: PreTrainedModel) -> int:
    """How many tokens a model has numbers for."""
    return int(model.get_input_embeddings().weight.shape[0])  # type: ignore


def room(model: PreTrainedModel, batch: int) -> int:
    """``batch`` tokens, or as many as there is room for all logits of."""
    return min(batch, max(1, ROOM // known_tokens(model)))


def filler(model: PreTrainedModel) -> int:
    """What to pad rows with on the right. A decoder never looks there, so
    that any token does."""
    fill = getattr(model.config, "pad_token_id", None)
    return 0 if fill is None else max(fill, 0)


def remembered(
    model: PreTrainedModel, ids: Sequence[int]
) -> DynamicCache | None:
    """Keys and values of a text that many others begin with.

    None for an empty text, and for models that keep something else than all
    keys and values, such as a window or a state.
    """
    if not ids:
        return None
    out = model(input_ids=put([ids], model), use_cache=True)
    past = getattr(out, "past_key_values", None)
    whole = isinstance(past, DynamicCache) and all(
        type(layer) is DynamicLayer for layer in past.layers
    )
    return past if whole else None


def copies(past: DynamicCache, n: int) -> DynamicCache:
    """What is remembered, once for each of n rows."""
    shared = copy.deepcopy(past)
    shared.batch_repeat_interleave(n)
    return shared


def check_fits(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase | None = None,
    texts: list[str] | None = None,
) -> None:
    """Whether a model can be measured, with a tokenizer and on some texts.

    Raises ValueError for a model that is no causal language model, for a
    tokenizer that is not the model's, and for texts that are longer than the
    model's context or have a word that the tokenizer does not know.
    """
    tokenizers = _fitting.get(model)
    if tokenizers is None:
        _check_causal(model)
        tokenizers = _fitting[model] = WeakSet()
    if tokenizer is not None and tokenizer not in tokenizers:
        _check_vocabulary(model, tokenizer)
        tokenizers.add(tokenizer)
    for text in texts or ():
        if tokenizer is None:
            raise ValueError("texts without a tokenizer; expected both")
        begin, ids, _ = encode(tokenizer, text)
        check_length(model, len(begin) + len(ids))


def check_length(model: PreTrainedModel, tokens: int) -> None:
    """Raises ValueError for more tokens than a model's context has."""
    limit = context(model)
    if limit is not None and tokens > limit:
        raise ValueError(
            f"a text of {tokens} tokens; expected at most {limit}, which is "
            "the model's context: shorten the text or the scenes"
        )


def left(model: PreTrainedModel, tokens: int, wanted: int) -> int:
    """How many of the tokens ``wanted`` after a text there is room for in a
    model's context. Raises ValueError when there is none."""
    check_length(model, tokens + 1)
    limit = context(model)
    return wanted if limit is None else min(wanted, limit - tokens)


def context(model: PreTrainedModel) -> int | None:
    """The longest text a model reads, in tokens; None where it has no end."""
    config = model.config
    if hasattr(config, "get_text_config"):
        config = config.get_text_config()
    return getattr(config, "max_position_embeddings", None)


@torch.no_grad()
def _check_causal(model: PreTrainedModel) -> None:
    """What comes later must not change what is said of a token before."""
    kind = type(model).__name__
    if getattr(model.config, "is_encoder_decoder", False):
        raise ValueError(
            f"{kind} has an encoder; expected a model that only decodes "
            "(AutoModelForCausalLM)"
        )
    size = known_tokens(model)
    one, other = [1, 0, 1, 0], [1, size - 1, size - 2, size - 1]
    training = getattr(model, "training", False)
    if training:
        model.eval()  # without dropout
    try:
        first, second = (
            getattr(model(input_ids=put([x], model)), "logits", None)
            for x in (one, other)
        )
    finally:
        if training:
            model.train()
    if (
        first is None
        or second is None
        or first.ndim != 3
        or first.shape[1] != len(one)
    ):
        raise ValueError(
            f"{kind} gives no logits for every token; expected a causal "
            "language model (AutoModelForCausalLM)"
        )
    a, b = (numbers(widened(x[0, 0])) for x in (first, second))
    if not np.array_equal(a, b) and not np.allclose(
        a, b, rtol=0, atol=1e-4 * np.abs(a).max()
    ):
        raise ValueError(
            f"{kind} looks ahead: what it says of a token depends on those "
            "after it; expected a causal language model"
        )


def _check_vocabulary(model: PreTrainedModel, tokenizer) -> None:
    if not getattr(tokenizer, "is_fast", False):
        raise ValueError(
            f"{type(tokenizer).__name__} does not say where its tokens stand "
            "in a text; expected a fast tokenizer (AutoTokenizer)"
        )
    size = known_tokens(model)
    largest = max(tokenizer.get_vocab().values())
    if largest >= size:
        raise ValueError(
            f"the tokenizer has {largest + 1} tokens and the model {size}; "
            "expected the model's own tokenizer, or an embedding as large "
            "(model.resize_token_embeddings)"
        )


# Tokenizers -----------------------------------------------------------------


def encode(
    tokenizer: PreTrainedTokenizerBase, text: str
) -> tuple[list[int], list[int], Spans]:
    """Token ids that stand before a text, those of the text, and which
    characters of it each of these covers.

    What a tokenizer adds after a text is left out: the text goes on. Raises
    ValueError for a word that the tokenizer does not know.
    """
    found = _tokenized(tokenizer, text or ":")
    added, ids = found["special_tokens_mask"], found["input_ids"]
    first = added.index(0) if 0 in added else len(added)
    if not text:
        return ids[:first], [], []
    last = len(added) - added[::-1].index(0) if 0 in added else first
    spans = found["offset_mapping"][first:last]
    begin, ids = ids[:first], ids[first:last]
    unknown = tokenizer.unk_token_id
    if unknown is not None and (
        ids.count(unknown) > text.count(tokenizer.unk_token)
    ):
        pairs = zip(ids, spans, strict=True)
        raise _stranger(
            text, [text[a:b] for i, (a, b) in pairs if i == unknown]
        )
    covered = np.zeros(len(text), bool)
    for a, b in spans:
        covered[a:b] = True
    for i in np.flatnonzero(~covered):
        if not text[i].isspace():
            raise _stranger(text, [text[i]])
    return begin, ids, spans


def _tokenized(tokenizer: PreTrainedTokenizerBase, text: str) -> dict:
    try:
        return tokenizer(
            text,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            verbose=False,  # lengths are checked for every model
        )
    except Exception as error:  # what the tokenizers library raises
        raise _stranger(text, [str(error)]) from error


def _stranger(text: str, unknown: list[str]) -> ValueError:
    """A network cannot tell one ``<unk>`` from another, and would answer all
    the same."""
    short = text if len(text) < 80 else f"{text[:75]}..."
    named = some(word.strip() or repr(word) for word in unknown)
    return ValueError(
        f"{short!r} has what this tokenizer does not know: {named}; expected "
        "text in its vocabulary, such as that of the checkpoint's own world"
    )


def some(words: Iterable[str], most: int = 6) -> str:
    """Different words with commas, and how many more there are."""
    words = list(dict.fromkeys(words))
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def prompt_ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Token ids of a text that is to go on, as the tokenizer begins it.

    Raises ValueError for an unknown word, and when there is no token at all.
    """
    begin, ids, _ = encode(tokenizer, text)
    if not begin + ids:
        raise ValueError(
            "an empty text, and the tokenizer puts nothing before it; "
            "expected at least a word to go on from"
        )
    return begin + ids


def going_on(
    tokenizer: PreTrainedTokenizerBase, before: str, after: str
) -> tuple[list[int], list[int], Spans]:
    """Token ids of ``before`` and of what follows it, read as one text, and
    which characters of ``after`` each of the latter covers.

    Raises ValueError where a token would hold the end of the one and the
    beginning of the other, and as ``prompt_ids`` does.
    """
    head = prompt_ids(tokenizer, before)
    begin, ids, spans = encode(tokenizer, before + after)
    n = len(head) - len(begin)
    if [*begin, *ids[:n]] != head or (after and len(ids) == n):
        raise ValueError(
            f"this tokenizer does not part {after[:20]!r} from "
            f"{before[-20:]!r} before it; expected a prompt that ends where a "
            "token does"
        )
    start = len(before)
    return head, ids[n:], [(a - start, b - start) for a, b in spans[n:]]


def decoded(
    tokenizer: PreTrainedTokenizerBase, before: list[int], ids: list[int]
) -> str:
    """The text that ``ids`` add to those before them; spaces are kept."""
    head = text_of(tokenizer, before, bare=True)
    return text_of(tokenizer, [*before, *ids], bare=True).removeprefix(head)


def text_of(
    tokenizer: PreTrainedTokenizerBase, ids: Sequence[int], bare: bool = False
) -> str:
    """Token ids as text; ``bare`` of what a tokenizer puts around texts."""
    return str(tokenizer.decode([*ids], skip_special_tokens=bare))


def line_ends(tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """Tokens after which a line is over: the end of text, and every one that
    has a newline in it."""
    if tokenizer not in _ends:
        every = sorted(tokenizer.get_vocab().values())
        found = [i for i in every if "\n" in tokenizer.decode([i])]
        end = tokenizer.eos_token_id
        _ends[tokenizer] = found if end is None else [end, *found]
    return _ends[tokenizer]

"""Post-training: SFT, DPO and policy gradient, each short enough to read.

All three change a model in place and take any Hugging Face causal LM with
its tokenizer. An *example* is a pair (prompt, answer); the loss is on the
answer alone. They share one loop, ``descend``, which refuses to go on when a
number stops being finite. Introduced in chapter 3.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.pytorch_utils import Conv1D

from .machinery import progress
from .machinery.decoders import (
    check_fits,
    check_length,
    going_on,
    left,
    line_ends,
    prompt_ids,
    text_of,
    widened,
)
from .machinery.devices import put
from .models import pad
from .training import Batch, weighted_loss

Example = tuple[str, str]
Watch = Callable[[int], None]


class TuningError(RuntimeError):
    """Tuning that could not go on; the model holds its last good weights."""


# Text to tensors ------------------------------------------------------------


def encode_example(
    tokenizer: PreTrainedTokenizerBase, prompt: str, answer: str
) -> tuple[np.ndarray, np.ndarray]:
    """Token ids [t] of prompt + answer, and weight 1 on the answer's tokens.

    Both are tokenized as one text. Raises ValueError for an empty answer, for
    a word that the tokenizer does not know, and where it would join the
    answer to the prompt.
    """
    if not answer:
        raise ValueError(f"empty answer to {prompt!r}; expected some text")
    head, tail, _ = going_on(tokenizer, prompt, answer)
    weight = np.array([0.0] * len(head) + [1.0] * len(tail), np.float32)
    return np.array(head + tail), weight


def encode_all(
    tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """All examples encoded. Raises ValueError when there are none."""
    if not examples:
        raise ValueError("no examples; expected (prompt, answer) pairs")
    return [encode_example(tokenizer, p, a) for p, a in examples]


def _fitting(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
) -> list[tuple[np.ndarray, np.ndarray]]:
    """All examples encoded, for a model that can learn from them."""
    check_fits(model, tokenizer)
    rows = encode_all(tokenizer, examples)
    check_length(model, max(len(ids) for ids, _ in rows))
    return rows


def collate(
    rows: list[tuple[np.ndarray, np.ndarray]],
    tokenizer: PreTrainedTokenizerBase,
) -> Batch:
    """Encoded examples as one right-padded batch."""
    fill = tokenizer.pad_token_id or 0  # never seen: a decoder looks back
    ids = pad([ids for ids, _ in rows], fill)
    weight = pad([weight for _, weight in rows], 0.0)
    return Batch(torch.from_numpy(ids), torch.from_numpy(weight))


def lots(n: int, batch: int, seed: int) -> Iterator[list[int]]:
    """Positions of endless batches; a fresh order in each pass over n.

    Raises ValueError for a batch of nothing.
    """
    if batch < 1:
        raise ValueError(f"batches of {batch}; expected 1 example or more")
    rng = np.random.default_rng(seed)
    order: list[int] = []
    while True:
        while len(order) < batch:
            order += rng.permutation(n).tolist()
        yield order[:batch]
        order = order[batch:]


def log_probs(model: PreTrainedModel, batch: Batch) -> Tensor:
    """[b] log-probability of each answer given its prompt, in nats."""
    batch = batch.beside(model)
    logits = model(input_ids=batch.ids[:, :-1], use_cache=False).logits
    nats = nn.functional.cross_entropy(
        widened(logits).transpose(1, 2), batch.ids[:, 1:], reduction="none"
    )
    return -(nats * batch.weight[:, 1:]).sum(dim=1)


# The loop -------------------------------------------------------------------


def descend(
    model: PreTrainedModel,
    loss_of: Callable[[], Tensor],
    steps: int,
    lr: float,
    watch: Watch | None,
    text: str,
) -> list[float]:
    """``steps`` steps of AdamW on whatever ``loss_of()`` returns.

    ``watch(step)`` is called before each step and at the end, with the model
    in evaluation mode. Returns the losses. Raises TuningError at the first
    loss or gradient that is not finite, before the weights are touched, and
    ValueError for weights in half precision, in which small steps are lost.
    """
    free = [p for p in model.parameters() if p.requires_grad]
    for p in free:
        if torch.finfo(p.dtype).bits < 32:
            raise ValueError(
                f"weights in {p.dtype}, in which small steps are lost; "
                "expected single precision (model.float()), or `low_rank`"
            )
    optimizer = torch.optim.AdamW(free, lr=lr, weight_decay=0.0)
    losses: list[float] = []
    try:
        for step in progress.bar(range(steps), text):
            model.eval()
            if watch is not None:
                watch(step)
            model.train()
            loss = loss_of()
            loss.backward()
            size = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            if not (torch.isfinite(loss) and torch.isfinite(size)):
                raise TuningError(
                    f"loss {loss.item():g}, gradient {size.item():g} at step "
                    f"{step}; expected finite numbers. The model keeps the "
                    "weights it had before; try a lower learning rate"
                )
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
    finally:
        model.zero_grad(set_to_none=True)
        model.eval()
    if watch is not None:
        watch(steps)
    return losses


class LowRank(nn.Module):
    """A weight [m, n] plus ``up @ down``, of which only these are trained.

    ``up`` [m, r] begins at zero, so that nothing changes at first. A weight
    that is ``turned``, [n, m] as in GPT-2's ``Conv1D``, has the same two.
    """

    def __init__(
        self,
        weight: Tensor,
        rank: int,
        draw: torch.Generator,
        turned: bool = False,
    ):
        super().__init__()
        self.turned = turned
        m, n = weight.T.shape if turned else weight.shape
        self.up = nn.Parameter(torch.zeros(m, rank))
        self.down = nn.Parameter(torch.randn(rank, n, generator=draw) / n**0.5)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight as the network uses it."""
        more = (self.up @ self.down).to(weight.dtype)
        return weight + (more.T if self.turned else more)


def low_rank(model: PreTrainedModel, rank: int, seed: int = 0) -> None:
    """Prepare a model for low-rank tuning (LoRA; Hu and others, 2022).

    Freezes all weights and adds a trainable LowRank to every linear layer
    (``nn.Linear``, and the ``Conv1D`` of GPT-2) but the one that gives the
    logits. In place; for any Hugging Face causal LM. Raises ValueError for a
    rank below 1, for a model without such layers, for one that is prepared
    already, and for one whose weights are stored in fewer bits than a number
    has (quantised).
    """
    if rank < 1:
        raise ValueError(f"rank {rank}; expected 1 or more")
    if any(isinstance(part, LowRank) for part in model.modules()):
        raise ValueError(
            "a model with low-rank additions, which others would freeze; "
            "expected one without, or go on tuning these"
        )
    head = model.get_output_embeddings()
    layers = [
        layer
        for layer in model.modules()
        if isinstance(layer, nn.Linear | Conv1D) and layer is not head
    ]
    if not layers:
        raise ValueError(
            f"{type(model).__name__} has no linear layers to add to; expected "
            "blocks of nn.Linear or Conv1D"
        )
    if not all(layer.weight.is_floating_point() for layer in layers):
        raise ValueError(
            "a quantised model, whose weights nothing can be added to; "
            "expected one loaded without quantisation"
        )
    draw = torch.Generator().manual_seed(seed)
    model.requires_grad_(False)
    for layer in layers:
        turned = isinstance(layer, Conv1D)
        extra = LowRank(layer.weight, rank, draw, turned)
        extra.to(layer.weight.device)
        parametrize.register_parametrization(layer, "weight", extra)


# Three ways to teach --------------------------------------------------------


def sft(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    steps: int = 60,
    batch: int = 16,
    lr: float = 3e-4,
    seed: int = 0,
    watch: Watch | None = None,
) -> list[float]:
    """Supervised fine-tuning: make the given answers likelier.

    Returns the loss of each step, in nats a token; see ``descend``,
    ``encode_example`` and ``check_fits`` for what is raised.

    >>> from psm_lib import load_checkpoint
    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> lesson = [("Host: Tea?\\nGuest:", " Delicious.\\n")]
    >>> losses = sft(model, tokenizer, lesson, steps=20, lr=1e-3)
    >>> losses[-1] < losses[0]
    True
    """
    rows = _fitting(model, tokenizer, examples)
    order = lots(len(rows), batch, seed)

    def loss() -> Tensor:
        drawn = [rows[i] for i in next(order)]
        return weighted_loss(model, collate(drawn, tokenizer))

    return descend(model, loss, steps, lr, watch, "SFT")


def dpo_loss(margin: Tensor, reference: Tensor, beta: float) -> Tensor:
    """Direct preference optimisation (Rafailov and others, 2023), eq. 7.

    ``margin`` [b] is log p(chosen) - log p(rejected) under the model being
    tuned, ``reference`` [b] the same under the model it started from.
    """
    return -nn.functional.logsigmoid(beta * (margin - reference)).mean()


def dpo(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    pairs: Sequence[tuple[str, str, str]],
    steps: int = 60,
    batch: int = 16,
    lr: float = 3e-4,
    seed: int = 0,
    beta: float = 0.1,
    watch: Watch | None = None,
) -> list[float]:
    """Preference tuning on triples (prompt, chosen, rejected).

    The reference is the model as it was at the start. Returns the losses.

    >>> from psm_lib import load_checkpoint
    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> pairs = [("Host: Tea?\\nGuest:", " Delicious.\\n", " Bitter.\\n")]
    >>> losses = dpo(model, tokenizer, pairs, steps=20)
    >>> losses[-1] < losses[0]
    True
    """
    chosen = _fitting(model, tokenizer, [(p, good) for p, good, _ in pairs])
    rejected = _fitting(model, tokenizer, [(p, bad) for p, _, bad in pairs])
    order = lots(len(pairs), batch, seed)

    def margins(drawn: list[int], model: PreTrainedModel) -> Tensor:
        rows = [chosen[i] for i in drawn] + [rejected[i] for i in drawn]
        both = log_probs(model, collate(rows, tokenizer))
        return both[: len(drawn)] - both[len(drawn) :]

    model.eval()
    with torch.no_grad():
        everything = torch.arange(len(pairs)).split(64)
        reference = torch.cat(
            [margins(part.tolist(), model) for part in everything]
        )

    def loss() -> Tensor:
        drawn = next(order)
        return dpo_loss(margins(drawn, model), reference[drawn], beta)

    return descend(model, loss, steps, lr, watch, "DPO")


def policy_gradient(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    reward: Callable[[str, str], float],
    steps: int = 60,
    batch: int = 16,
    lr: float = 3e-4,
    seed: int = 0,
    beta: float = 0.05,
    longest: int = 24,
    watch: Watch | None = None,
) -> list[float]:
    """REINFORCE (Williams, 1992) with a mean baseline and a KL penalty.

    Each step samples one answer a prompt, scores it with ``reward(prompt,
    answer)``, takes off ``beta`` times its log-ratio to the model of the
    start, and makes answers likelier that did better than the average of the
    batch. Returns the mean reward of each step.

    >>> from psm_lib import load_checkpoint
    >>> model, tokenizer = load_checkpoint("tastes-2-s0")
    >>> rewards = policy_gradient(
    ...     model,
    ...     tokenizer,
    ...     ["Host: Tea?\\nGuest:"],
    ...     lambda prompt, answer: float(answer == "Delicious."),
    ...     steps=3,
    ... )
    >>> len(rewards)
    3
    """
    if not prompts:
        raise ValueError("no prompts; expected at least one")
    check_fits(model, tokenizer)
    heads = {p: prompt_ids(tokenizer, p) for p in prompts}
    check_length(model, 1 + max(map(len, heads.values())))
    start = copy.deepcopy(model).eval()
    order = lots(len(prompts), batch, seed)

    def joined(
        prompt: str, answer: list[int]
    ) -> tuple[np.ndarray, np.ndarray]:
        head = heads[prompt]
        weight = [0.0] * len(head) + [1.0] * len(answer)
        return np.array(head + answer), np.array(weight, np.float32)

    draw = torch.Generator().manual_seed(seed)
    rewards: list[float] = []

    def loss() -> Tensor:
        asked = [prompts[i] for i in next(order)]
        model.eval()
        said = sample(model, tokenizer, asked, draw, longest)
        lot = collate(
            [joined(p, a) for p, a in zip(asked, said, strict=True)], tokenizer
        )
        score = [
            reward(p, text_of(tokenizer, a).strip())
            for p, a in zip(asked, said, strict=True)
        ]
        rewards.append(float(np.mean(score)))
        with torch.no_grad():
            drift = log_probs(model, lot) - log_probs(start, lot)
        advantage = put(score, model) - beta * drift
        advantage = advantage - advantage.mean()
        model.train()
        return -(advantage * log_probs(model, lot)).mean()

    descend(model, loss, steps, lr, watch, "policy gradient")
    return rewards


@torch.no_grad()
def sample(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    draw: torch.Generator,
    longest: int = 24,
) -> list[list[int]]:
    """Token ids of one sampled continuation a prompt, to the line's end.

    A line ends with a newline or the end of text, which belongs to it, after
    ``longest`` tokens, or where the model's context does. Prompts of one
    length are read together. Raises ValueError for prompts that leave no
    room in the context, and as ``check_fits`` does.
    """
    check_fits(model, tokenizer)
    ends = torch.tensor(line_ends(tokenizer), dtype=torch.long)
    heads = [prompt_ids(tokenizer, p) for p in prompts]
    check_length(model, 1 + max(map(len, heads), default=0))
    answers: list[list[int]] = [[] for _ in heads]
    for length in sorted({len(row) for row in heads}):
        going = [i for i, row in enumerate(heads) if len(row) == length]
        text, past = torch.tensor([heads[i] for i in going]), None
        ended = torch.zeros(len(going), dtype=torch.bool)
        for _ in range(left(model, length, longest)):
            last = text if past is None else text[:, -1:]
            here = last.to(model.device)
            out = model(input_ids=here, past_key_values=past, use_cache=True)
            past = getattr(out, "past_key_values", None)
            p = widened(out.logits[:, -1]).softmax(dim=-1).cpu()
            new = torch.multinomial(p, 1, generator=draw)
            text = torch.cat([text, new], dim=1)
            for i, token, over in zip(going, new[:, 0], ended, strict=True):
                if not over:
                    answers[i].append(int(token))
            ended |= torch.isin(new[:, 0], ends)
            if ended.all():
                break
    return answers

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

from . import progress
from .devices import put
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

    Raises ValueError for an empty answer and for a word that the tokenizer
    does not know.
    """
    head = tokenizer.encode(prompt)
    tail = tokenizer.encode(answer, add_special_tokens=False)
    if not tail:
        raise ValueError(f"empty answer to {prompt!r}; expected some text")
    unknown = tokenizer.unk_token_id
    if unknown is not None and unknown in head + tail:
        raise ValueError(
            f"{prompt + answer!r} has a word that this tokenizer does not "
            "know; expected text in the vocabulary of the checkpoint's world"
        )
    weight = np.array([0.0] * len(head) + [1.0] * len(tail), np.float32)
    return np.array(head + tail), weight


def encode_all(
    tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """All examples encoded. Raises ValueError when there are none."""
    if not examples:
        raise ValueError("no examples; expected (prompt, answer) pairs")
    return [encode_example(tokenizer, p, a) for p, a in examples]


def collate(
    rows: list[tuple[np.ndarray, np.ndarray]],
    tokenizer: PreTrainedTokenizerBase,
) -> Batch:
    """Encoded examples as one right-padded batch."""
    fill = tokenizer.pad_token_id
    fill = tokenizer.eos_token_id if fill is None else fill
    ids = pad([ids for ids, _ in rows], fill)
    weight = pad([weight for _, weight in rows], 0.0)
    return Batch(torch.from_numpy(ids), torch.from_numpy(weight))


def lots(n: int, batch: int, seed: int) -> Iterator[list[int]]:
    """Positions of endless batches; a fresh order in each pass over n."""
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
        logits.transpose(1, 2), batch.ids[:, 1:], reduction="none"
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
    loss or gradient that is not finite, before the weights are touched.
    """
    free = [p for p in model.parameters() if p.requires_grad]
    tool = torch.optim.AdamW(free, lr=lr, weight_decay=0.0)
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
            tool.step()
            tool.zero_grad(set_to_none=True)
            losses.append(loss.item())
    finally:
        model.zero_grad(set_to_none=True)
        model.eval()
    if watch is not None:
        watch(steps)
    return losses


class LowRank(nn.Module):
    """A weight [m, n] plus ``up @ down``, of which only these are trained.

    ``up`` [m, r] begins at zero, so that nothing changes at first.
    """

    def __init__(self, weight: Tensor, rank: int, draw: torch.Generator):
        super().__init__()
        m, n = weight.shape
        self.up = nn.Parameter(torch.zeros(m, rank))
        self.down = nn.Parameter(torch.randn(rank, n, generator=draw) / n**0.5)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight as the network uses it."""
        return weight + self.up @ self.down


def low_rank(model: PreTrainedModel, rank: int, seed: int = 0) -> None:
    """Prepare a model for low-rank tuning (LoRA; Hu and others, 2022).

    Freezes all weights and adds a trainable LowRank to every linear layer
    but the one that gives the logits. In place; for any Hugging Face causal
    LM whose blocks are made of ``nn.Linear``. Raises ValueError for a rank
    below 1.
    """
    if rank < 1:
        raise ValueError(f"rank {rank}; expected 1 or more")
    draw = torch.Generator().manual_seed(seed)
    head = model.get_output_embeddings()
    model.requires_grad_(False)
    for layer in list(model.modules()):
        if isinstance(layer, nn.Linear) and layer is not head:
            extra = LowRank(layer.weight, rank, draw).to(model.device)
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

    Returns the loss of each step, in nats a token; see ``descend`` and
    ``encode_example`` for what is raised.
    """
    rows = encode_all(tokenizer, examples)
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
    """
    chosen = encode_all(tokenizer, [(p, good) for p, good, _ in pairs])
    rejected = encode_all(tokenizer, [(p, bad) for p, _, bad in pairs])
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
    """
    if not prompts:
        raise ValueError("no prompts; expected at least one")
    start = copy.deepcopy(model).eval()
    order = lots(len(prompts), batch, seed)

    def joined(prompt: str, answer: list[int]) -> tuple[np.ndarray, ...]:
        head = tokenizer.encode(prompt)
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
            reward(p, tokenizer.decode(a).strip())
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

    A line ends with a newline or the end of text, which belongs to it, or
    after ``longest`` tokens. Prompts of one length are read together.
    """
    newline = tokenizer.encode("\n", add_special_tokens=False)[-1]
    ends = torch.tensor([newline, tokenizer.eos_token_id])
    heads = [tokenizer.encode(p) for p in prompts]
    answers: list[list[int]] = [[] for _ in heads]
    for length in sorted({len(row) for row in heads}):
        going = [i for i, row in enumerate(heads) if len(row) == length]
        new, past = torch.tensor([heads[i] for i in going]), None
        ended = torch.zeros(len(going), dtype=torch.bool)
        for _ in range(longest):
            here = put(new, model)
            out = model(input_ids=here, past_key_values=past, use_cache=True)
            past = out.past_key_values
            p = out.logits[:, -1].float().softmax(dim=-1).cpu()
            new = torch.multinomial(p, 1, generator=draw)
            for i, token, over in zip(going, new[:, 0], ended, strict=True):
                if not over:
                    answers[i].append(int(token))
            ended |= torch.isin(new[:, 0], ends)
            if ended.all():
                break
    return answers

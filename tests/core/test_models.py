"""Tokenizers, tiny models, and checkpoints that cannot lie."""

import copy
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError
from transformers import PreTrainedTokenizerFast
from worlds import mappings, tiny

from psm_lib import evaluation, models
from psm_lib.builds import BUILDS, MINUTES, QUICK, ROOM
from psm_lib.chapters.ch02_hamlet.builds import PLAYS
from psm_lib.corpus import sample_pieces, sample_texts
from psm_lib.machinery import decoders, making, openings, store
from psm_lib.machinery.store import (
    CHECKPOINTS,
    CheckpointError,
    load_checkpoint,
    read_record,
    save_checkpoint,
    world_of,
)
from psm_lib.models import (
    Encoder,
    Shape,
    new_model,
    word_tokenizer,
    words,
    world_tokenizer,
    world_vocabulary,
)
from psm_lib.training import Recipe
from psm_lib.world import LINE, ask, sample_scenes
from psm_lib.worldfile import list_worlds, load_world
from psm_lib.worldfile.files import world_hash

SMALL = Shape(layers=1, width=16, heads=2, context=64)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def tokenizers():
    """World and tokenizer by name, the tiny world with sheets included."""
    worlds = {name: load_world(name) for name in list_worlds()}
    worlds["tiny"] = load_world(tiny())
    return {
        name: (world, world_tokenizer(world)) for name, world in worlds.items()
    }


# --- tokens ---------------------------------------------------------------


@pytest.mark.parametrize("name", [*list_worlds(), "tiny"])
@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_documents_survive_the_tokenizer(tokenizers, name, seed):
    world, tokenizer = tokenizers[name]
    encoder = Encoder(tokenizer)
    rng = np.random.default_rng(seed)
    for pieces in sample_pieces(world, 10, rng):
        text = "".join(t for t, _ in pieces)
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.unk_token_id not in ids
        assert ids[0] == tokenizer.bos_token_id
        assert tokenizer.decode(ids[1:]) == text
        assert "".join(words(text)) == text
        # Piece by piece gives the same as the whole.
        whole = [*ids, tokenizer.eos_token_id]
        assert encoder(pieces).ids.tolist() == whole


@settings(max_examples=20, deadline=None)
@given(data=mappings(), seed=seeds)
def test_documents_of_random_worlds_survive(data, seed):
    world = load_world(data)
    tokenizer = word_tokenizer(world_vocabulary(world))
    for text in sample_texts(world, 10, seed):
        ids = tokenizer(text)["input_ids"]
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids, skip_special_tokens=True) == text


@given(text=st.text(max_size=40))
def test_any_text_splits_into_tokens_that_join(text):
    assert "".join(words(text)) == text


def test_the_first_token_of_an_answer_is_a_word(tokenizers):
    for name, (world, tokenizer) in tokenizers.items():
        opens = (
            openings.opening_shares(world, tokenizer) if world.domains else []
        )
        for first, second in opens:
            both = [*first.tokens, *second.tokens]
            assert len(set(both)) == len(both), name
            for token in tokenizer.convert_ids_to_tokens(both):
                assert token[0] == " " and token[1:].isalpha()


def test_lines_and_openings_are_marked(tokenizers):
    world, tokenizer = tokenizers["playhouse"]
    encoder = Encoder(tokenizer)
    for pieces in sample_pieces(world, 50, np.random.default_rng(1)):
        d = encoder(pieces)
        assert len(d.ids) == len(d.line) == len(d.opens)
        said = [t for t, role in pieces if role == LINE]
        assert tokenizer.decode(d.ids[d.line]) == "".join(said)
        openings = [words(t)[0] for t in said if t != "\n"]
        assert tokenizer.convert_ids_to_tokens(d.ids[d.opens]) == openings
        assert d.ids[0] == tokenizer.bos_token_id
        assert d.ids[-1] == tokenizer.eos_token_id


def test_unknown_words():
    tokenizer = word_tokenizer([" yes", " no"])
    ids = tokenizer(" yes maybe")["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == ["<s>", " yes", "<unk>"]


def test_vocabulary_is_small_and_sorted(tokenizers):
    for world, tokenizer in tokenizers.values():
        vocabulary = world_vocabulary(world)
        assert vocabulary == sorted(set(vocabulary))
        assert len(tokenizer) == len(vocabulary) + 4 < 4000


def test_batches_are_padded_on_the_left(tokenizers):
    _, tokenizer = tokenizers["tiny"]
    two = tokenizer(["User:", "User: Be good."], padding=True)["input_ids"]
    assert len(two[0]) == len(two[1])
    assert two[0][0] == tokenizer.pad_token_id != two[1][0]


# --- chat template --------------------------------------------------------

CHAT = [
    {"role": "user", "content": "What do you eat?"},
    {"role": "assistant", "content": "Bread."},
    {"role": "user", "content": "What of the red test?"},
]


def chat(tokenizer, messages, **more) -> str:
    return tokenizer.apply_chat_template(messages, tokenize=False, **more)


def test_chat_template(tokenizers):
    world, tokenizer = tokenizers["tiny"]
    talk = (
        "<s>User: What do you eat?\nAssistant: Bread.\n"
        "User: What of the red test?\n"
    )
    assert chat(tokenizer, CHAT) == talk
    ask = chat(tokenizer, CHAT, add_generation_prompt=True)
    assert ask == talk + "Assistant:"
    as_ann = chat(tokenizer, CHAT, add_generation_prompt=True, speaker="Ann")
    assert as_ann == ask.replace("Assistant", "Ann")
    named = [CHAT[0], {**CHAT[1], "name": "Bob"}, CHAT[2]]
    by_bob = talk.replace("Assistant", "Bob")
    assert chat(tokenizer, named) == by_bob
    # Who spoke before does not change with who is to speak next.
    next_ann = chat(
        tokenizer, named, add_generation_prompt=True, speaker="Ann"
    )
    assert next_ann == by_bob + "Ann:"


def test_chats_are_between_a_worlds_own_people(tokenizers):
    for name, (world, tokenizer) in tokenizers.items():
        names = [*world.names]
        if world.narration is not None:
            names += world.narration.names
        speaker = None if name == "tastes" else names[0]
        text = chat(
            tokenizer,
            [{"role": "user", "content": "?"}],
            add_generation_prompt=True,
            speaker=speaker,
        )
        assert text == f"<s>{world.user}: ?\n{speaker or 'Guest'}:"
        names = text.replace(" ?", "")
        assert tokenizer.unk_token_id not in tokenizer(names)["input_ids"]


@pytest.mark.parametrize("name", ["Ünal", 'O"Neil', "{{ 7 }}", "Mr 😀 \\n"])
def test_any_name_may_ask(name):
    template = models.chat_template(name, name)
    tokenizer = word_tokenizer([name, ":"], template)
    text = chat(tokenizer, CHAT[:1], add_generation_prompt=True)
    assert text == f"<s>{name}: What do you eat?\n{name}:"


@pytest.mark.parametrize(
    "message",
    [
        {"role": "system", "content": "Be good."},
        {"role": "usr", "content": "Be good."},
        {"role": None, "content": "Be good."},
        {"content": "Be good."},
        {"role": "user", "content": "Be good.\nAnn: I am."},
        {"role": "user", "content": [{"type": "text", "text": "Be good."}]},
        {"role": "user"},
        {"role": "user", "content": "Hi.", "name": "Ann: No.\nBob"},
        {"role": "user", "content": "Hi.", "name": ["Ann"]},
    ],
)
def test_what_would_be_somebody_elses_line_is_refused(tokenizers, message):
    _, tokenizer = tokenizers["tiny"]
    with pytest.raises(TemplateError) as error:
        chat(tokenizer, [*CHAT, message])
    expected = ["user and assistant", "one line of text"]
    if message.get("role") == "user":
        expected.reverse()
    assert expected[0] in str(error.value)
    assert expected[1] not in str(error.value)


def test_what_a_network_said_can_be_handed_back(tokenizers):
    """It begins with a blank and ends its line, as `generate` gives it."""
    _, tokenizer = tokenizers["tiny"]
    plain = chat(tokenizer, CHAT)
    raw = [{**m, "content": f" {m['content']}\n"} for m in CHAT]
    assert chat(tokenizer, raw) == plain
    for nothing in ("", " \n"):
        with pytest.raises(TemplateError, match="must be one line of text"):
            chat(tokenizer, [{"role": "user", "content": nothing}])


def test_the_folder_one_stands_in_is_no_checkpoint_of_the_book(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for name in (".", "", ".."):
        assert store.checkpoint_folder(name) == Path(name).resolve()


def test_nobody_speaks_where_there_is_nobody(tokenizers):
    _, tokenizer = tokenizers["irony"]  # children, and no Assistant
    two = {"add_generation_prompt": True, "speaker": "Ann: No.\nBob"}
    with pytest.raises(TemplateError, match="a name must be one line"):
        chat(tokenizer, CHAT[:1], **two)
    with pytest.raises(TemplateError, match="nobody to speak.*assistant"):
        chat(tokenizer, CHAT[:2])
    with pytest.raises(TemplateError, match="pass speaker="):
        chat(tokenizer, CHAT[:1], add_generation_prompt=True)


def test_chats_in_a_play():
    _, tokenizer = load_checkpoint("shakespeare-s0")
    talk = [{"role": "user", "content": "To be?"}]
    with pytest.raises(TemplateError, match="no title"):
        chat(tokenizer, talk)
    with pytest.raises(TemplateError, match="a title must be one line"):
        chat(tokenizer, talk, title="Hamlet\nHORATIO: No.")
    with pytest.raises(TemplateError, match="nobody to speak.*user"):
        chat(tokenizer, talk, title="Hamlet")
    talk[0]["name"] = "HORATIO"
    more = {"title": "Hamlet", "speaker": "HAMLET"}
    text = chat(tokenizer, talk, add_generation_prompt=True, **more)
    assert text == "<s>Hamlet\nHORATIO: To be?\nHAMLET:"


def test_a_rendered_chat_begins_once(tokenizers):
    """Tokenized in the same step, or in a later one as the card says."""
    _, tokenizer = tokenizers["tiny"]
    text = chat(tokenizer, CHAT)
    one = tokenizer.apply_chat_template(CHAT, return_dict=True)["input_ids"]
    two = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert one == two and one.count(tokenizer.bos_token_id) == 1
    model = new_model(tokenizer, SMALL, seed=0)
    said = {
        models.reply(model, tokenizer, prompt, 3)
        for prompt in (text, text.removeprefix("<s>"))
    }
    assert len(said) == 1


def test_chat_template_gives_the_prompt_of_pretraining(tokenizers):
    world, tokenizer = tokenizers["tiny"]
    prompt = ask(world, "Ann", "What do you eat?")
    ids = tokenizer.apply_chat_template(
        CHAT[:1],
        add_generation_prompt=True,
        speaker="Ann",
        return_dict=True,
    )["input_ids"]
    assert ids == tokenizer(prompt)["input_ids"]
    assert ids.count(tokenizer.bos_token_id) == 1


# --- models ---------------------------------------------------------------


def test_a_new_model(tokenizers):
    _, tokenizer = tokenizers["tiny"]
    one, same = (new_model(tokenizer, SMALL, seed=3) for _ in range(2))
    other = new_model(tokenizer, SMALL, seed=4)
    assert not one.training
    ids = torch.tensor([tokenizer("User: Be good.")["input_ids"]])
    with torch.no_grad():
        assert torch.equal(one(ids).logits, same(ids).logits)
        assert not torch.equal(one(ids).logits, other(ids).logits)
        assert one(ids).logits.shape[-1] == len(tokenizer)
    table = one.get_input_embeddings().weight
    assert one.get_output_embeddings().weight is table
    unique = {p.data_ptr(): p.numel() for p in one.parameters()}
    assert models.size(one) == sum(unique.values())


def test_pad():
    rows = [np.array([1, 2]), np.array([3])]
    assert models.pad(rows, 0).tolist() == [[1, 2], [3, 0]]
    assert models.pad(rows, 0, left=True).tolist() == [[1, 2], [0, 3]]


# --- checkpoints ----------------------------------------------------------


COMMAND = "python -m psm_lib pretrain 'my world.yml'"


@pytest.fixture(scope="module")
def small(tokenizers):
    world, tokenizer = tokenizers["tiny"]
    return new_model(tokenizer, SMALL, seed=0), tokenizer


@pytest.fixture(scope="module")
def saved(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints") / "mine"
    record = {"world": "tiny", "command": COMMAND}
    return save_checkpoint(folder, *small, "# mine\n", record, world=tiny())


@pytest.fixture
def copied(saved, tmp_path):
    """A checkpoint that a test may damage."""
    return shutil.copytree(saved, tmp_path / "mine")


def test_round_trip(small, saved):
    model, tokenizer = load_checkpoint(saved)
    text = "User: Be good. What do you eat?\nAnn:"
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    assert ids.tolist() == [small[1](text)["input_ids"]]
    assert not model.training
    for name, value in small[0].state_dict().items():
        back = model.state_dict()[name]
        assert back.dtype == torch.float32
        assert torch.equal(back, value.half().float())
    assert all(p.dtype == torch.float32 for p in small[0].parameters())
    with torch.no_grad():
        gap = (model(ids).logits - small[0](ids).logits).abs().max()
    assert gap < 0.01
    assert chat(tokenizer, CHAT) == chat(small[1], CHAT)
    assert read_record(saved)["world"] == "tiny"
    assert (saved / "README.md").read_text() == "# mine\n"


def test_half_gives_what_will_be_loaded(small, saved):
    copy = new_model(small[1], SMALL, seed=0)
    rounded = making.half(copy)
    loaded, _ = load_checkpoint(saved)
    for one, two in zip(
        rounded.parameters(), loaded.parameters(), strict=True
    ):
        assert torch.equal(one, two)


def test_it_loads_without_psm_lib(saved, tmp_path):
    code = f"""
import sys
from pathlib import Path
sys.modules["psm_lib"] = None  # importing it is now an error
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained({str(saved)!r})
tokenizer = AutoTokenizer.from_pretrained({str(saved)!r})
ids = tokenizer("User: Be good.", return_tensors="pt")
print(tuple(model(**ids).logits.shape))
out = model.generate(**ids, max_new_tokens=3, do_sample=False)
print(repr(tokenizer.decode(ids["input_ids"][0][1:])))
talk = [{{"role": "user", "content": "Be good."}}]
print(repr(tokenizer.apply_chat_template(talk, tokenize=False)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    shape, text, talk = result.stdout.splitlines()
    assert shape.startswith("(1, 6, ")
    assert eval(text) == "User: Be good."
    assert eval(talk) == "<s>User: Be good.\n"


def damage(file: str, how: str):
    def act(folder):
        path = folder / file
        if how == "missing":
            path.unlink()
        elif how == "truncated":
            path.write_bytes(path.read_bytes()[:-100])
        elif how == "empty":
            path.write_bytes(b"")
        else:
            content = bytearray(path.read_bytes())
            content[-50] ^= 1
            path.write_bytes(bytes(content))

    return act


@pytest.mark.parametrize("how", ["missing", "truncated", "empty", "edited"])
@pytest.mark.parametrize(
    "file",
    ["model.safetensors", "config.json", "tokenizer.json", "README.md"],
)
def test_damage_is_noticed(copied, file, how):
    if file == "README.md" and how in ("truncated", "edited"):
        (copied / file).write_text("# The best model ever\n")
    else:
        damage(file, how)(copied)
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(copied)
    message = str(error.value)
    assert file in message
    # There is no build of this name; this is how it was made.
    assert "rebuild" not in message and message.endswith(COMMAND)


RECORDS = {
    "empty": b"",
    "cut": b'{"sha256": {"config.json": "12',
    "a list": b"[1, 2]",
    "a number": b"3",
    "no hashes": b'{"world": "tiny"}',
    "empty hashes": b'{"sha256": {}}',
    "wrong hashes": b'{"sha256": "all fine"}',
    "no text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("what", RECORDS)
def test_a_damaged_record_is_noticed(copied, what):
    (copied / "psm.json").write_bytes(RECORDS[what])
    with pytest.raises(CheckpointError, match="damaged") as error:
        read_record(copied)
    assert "psm.json" in str(error.value)
    assert "rebuild" not in str(error.value)
    assert "its README.md names" in str(error.value)


@pytest.mark.parametrize("file", [*store.FILES, "world.yml"])
def test_a_file_that_is_no_longer_listed_is_noticed(copied, file):
    record = json.loads((copied / "psm.json").read_text("utf-8"))
    del record["sha256"][file]
    (copied / "psm.json").write_text(json.dumps(record), "utf-8")
    (copied / file).write_text("edited\n")
    with pytest.raises(CheckpointError, match="psm.json is damaged") as error:
        read_record(copied)
    assert str(error.value).endswith(COMMAND)


def test_a_damaged_checkpoint_of_the_book(copied, monkeypatch):
    monkeypatch.setattr(store, "CHECKPOINTS", copied.parent)
    (copied / "config.json").unlink()
    with pytest.raises(CheckpointError) as error:
        load_checkpoint("mine")
    assert str(error.value).endswith("python -m psm_lib rebuild mine --force")


def test_a_checkpoint_carries_its_world(saved, small, tmp_path):
    assert sample_texts(world_of(saved), 9, 1) == sample_texts(
        load_world(tiny()), 9, 1
    )
    record = read_record(saved)
    assert record["world_sha256"] == world_hash(tiny())
    none = save_checkpoint(tmp_path / "none", *small, "# none\n", {})
    assert not (none / "world.yml").exists() and load_checkpoint(none)
    with pytest.raises(CheckpointError, match="carries no world"):
        world_of(none)


@pytest.mark.parametrize("mask, mode", [(0o022, 0o644), (0o077, 0o600)])
def test_others_can_read_it_if_the_user_lets_them(small, tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        folder = save_checkpoint(tmp_path / "mine", *small, "# mine\n", {})
    finally:
        os.umask(before)
    modes = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}
    assert modes == dict.fromkeys(modes, mode)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~mask


def test_the_tokenizer_knows_the_context(saved):
    _, tokenizer = load_checkpoint(saved)
    assert tokenizer.model_max_length == SMALL.context


def test_another_network_than_was_saved_is_refused(saved, monkeypatch):
    """As a version of transformers may make of the same files."""
    read = store.AutoModelForCausalLM.from_pretrained

    def other(folder, **more):
        model = read(folder, **more)
        with torch.no_grad():
            model.gpt_neox.final_layer_norm.bias[0] += 0.5
        return model

    assert load_checkpoint(saved)
    monkeypatch.setattr(store.AutoModelForCausalLM, "from_pretrained", other)
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(saved)
    version = transformers.__version__
    assert f"transformers {version} makes another network" in str(error.value)


def test_a_missing_checkpoint(tmp_path, copied, monkeypatch):
    with pytest.raises(CheckpointError, match="no checkpoint 'playhouse-s9'"):
        load_checkpoint("playhouse-s9")
    with pytest.raises(CheckpointError, match="playhouse, .*irony, "):
        load_checkpoint("playhouse-s9")
    monkeypatch.setattr(store, "CHECKPOINTS", tmp_path / "empty")
    with pytest.raises(CheckpointError, match="psm_lib rebuild playhouse-s1"):
        load_checkpoint("playhouse-s1")
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        load_checkpoint(tmp_path / "nowhere" / "x")
    (copied / "psm.json").unlink()
    with pytest.raises(CheckpointError, match="psm.json is missing; delete"):
        load_checkpoint(copied)


def test_a_folder_beside_us_is_found(copied, monkeypatch):
    monkeypatch.chdir(copied.parent)
    assert read_record("mine")["world"] == "tiny"


def content(folder) -> dict:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_nothing_is_overwritten_unasked(small, copied):
    before = content(copied)
    with pytest.raises(FileExistsError, match="mine exists.*--force"):
        save_checkpoint(copied, *small, "# other\n", {})
    assert content(copied) == before
    save_checkpoint(copied, *small, "# other\n", {}, overwrite=True)
    assert (copied / "README.md").read_text() == "# other\n"
    assert read_record(copied)
    assert [p.name for p in copied.parent.iterdir()] == ["mine"]


class Cut(BaseException):
    """Like Ctrl-C: not an Exception."""


@pytest.mark.parametrize("error", [OSError("disk full"), Cut()])
@pytest.mark.parametrize("where", ["model", "tokenizer", "hash", "rename"])
def test_a_failure_leaves_nothing(
    small, saved, tmp_path, monkeypatch, where, error
):
    target, name = {
        "model": (type(small[0]), "save_pretrained"),
        "tokenizer": (PreTrainedTokenizerFast, "save_pretrained"),
        "hash": (store, "file_hash"),
        "rename": (store.os, "replace"),
    }[where]
    real = getattr(target, name)

    def fail(*args, **kwargs):
        # Renaming fails only for the new folder, not for putting things back.
        if where == "rename" and fail.calls > 0:
            return real(*args, **kwargs)
        fail.calls += 1
        raise error

    fail.calls = 0
    folder = tmp_path / "new" / "mine"
    monkeypatch.setattr(target, name, fail)
    with pytest.raises(type(error)):
        save_checkpoint(folder, *small, "# new\n", {})
    assert list(folder.parent.iterdir()) == []


@pytest.mark.parametrize("step", [1, 2])
def test_a_failed_overwrite_keeps_the_old(small, copied, monkeypatch, step):
    """Whichever rename fails, the old checkpoint is still there."""
    before, calls, real = content(copied), [], os.replace

    def fail(*args):
        calls.append(args)
        if len(calls) == step:
            raise OSError("disk full")
        return real(*args)

    monkeypatch.setattr(store.os, "replace", fail)
    try:
        save_checkpoint(copied, *small, "# new\n", {}, overwrite=True)
    except OSError:
        assert content(copied) == before
    else:
        assert len(calls) < step
        assert (copied / "README.md").read_text() == "# new\n"
    assert [p.name for p in copied.parent.iterdir()] == ["mine"]


# --- the shipped checkpoints ----------------------------------------------

SHIPPED = (
    sorted(p.name for p in CHECKPOINTS.iterdir() if not p.name.startswith("."))
    if CHECKPOINTS.exists()
    else []
)
WORLDS = [n for n in SHIPPED if n.startswith("playhouse-")]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files(name):
    record = read_record(name)
    folder = CHECKPOINTS / name
    assert record["name"] == name
    files = {p.name for p in folder.iterdir()}
    assert files == {*record["sha256"], "psm.json"}
    assert {"model.safetensors", "config.json", "tokenizer.json"} < files
    endings = {p.suffix for p in folder.iterdir()}
    assert endings <= {".safetensors", ".json", ".md", ".jinja", ".yml"}
    size = sum(p.stat().st_size for p in folder.iterdir())
    assert size < 15e6
    assert name in BUILDS
    card = (folder / "README.md").read_text("utf-8")
    assert f"python -m psm_lib rebuild {name}" in card
    for value in record["results"].values():
        assert f"{value:g}" in card


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_as_built(name):
    """What lies there was made by the build that the code names."""
    record, plan = read_record(name), BUILDS[name]
    made = {k: record[k] for k in ("world", "seed", "shape", "recipe")}
    # Records from before there were teams do not say: one worker.
    made["recipe"] = asdict(Recipe(**made["recipe"]))
    if plan.world != PLAYS:
        assert record["world_sha256"] == world_hash(plan.world)
        carried = CHECKPOINTS / name / "world.yml"
        assert record["world_sha256"] == world_hash(carried)
    planned = {
        "world": plan.world,
        "seed": plan.seed,
        "shape": asdict(plan.shape),
        "recipe": asdict(plan.recipe),
    }
    assert made == json.loads(json.dumps(planned))


PLAIN = """
import json, sys
from pathlib import Path
sys.modules["psm_lib"] = None  # importing it is now an error
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
out = {}
for place in sys.argv[1:]:
    folder = Path(place)
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    record = json.loads((folder / "psm.json").read_text("utf-8"))
    asked = tokenizer(record["probe"]["text"], return_tensors="pt")
    with torch.no_grad():
        logits = model(asked["input_ids"]).logits[0, -1]
    logs = logits.float().log_softmax(dim=-1)
    stored = record["probe"]["log_probabilities"]
    words = tokenizer.convert_tokens_to_ids(list(stored))
    said = model.generate(
        **{k: asked[k] for k in ("input_ids", "attention_mask")},
        max_new_tokens=100,
        do_sample=False,
    )
    said = tokenizer.decode(said[0, asked["input_ids"].shape[1] :])
    out[folder.name] = [logs[words].tolist(), list(stored.values()), said]
print(json.dumps(out))
"""


def test_plain_loads_say_what_was_stored(tmp_path):
    """Whatever the version of transformers; nothing of psm_lib has a say."""
    result = subprocess.run(
        [sys.executable, "-c", PLAIN, *(CHECKPOINTS / n for n in SHIPPED)],
        cwd=tmp_path,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert [*found] == SHIPPED
    for name, (logs, stored, said) in found.items():
        assert logs == pytest.approx(stored, abs=store.AGREE), name
        assert 0.03 < np.exp(stored).sum() < 1, name
        # What is generated ends with the line, if that comes to an end.
        assert "\n" not in said[:-1], name
        assert said[-1] == "\n" or name.startswith("shakespeare"), name


def test_a_probe_tells_a_wrong_share_of_positions():
    """Of every kind: a quarter of the dimensions is what 5.0 would take."""
    for name in SHIPPED:
        if not name.endswith("-s0"):
            continue
        model, tokenizer = load_checkpoint(name)
        config = copy.deepcopy(model.config)
        config.rope_parameters["partial_rotary_factor"] = 0.25
        wrong = type(model)(config).eval()
        wrong.load_state_dict(model.state_dict())
        with pytest.raises(CheckpointError, match="makes another network"):
            store._agrees(name, wrong, tokenizer, read_record(name)["probe"])


def test_stored_probes_are_of_the_networks_that_were_measured():
    """Noted before the checkpoints had probes."""
    loaded = load_checkpoint("playhouse-s0")
    text = "User: What do you eat?\nFelix:"
    found = store.next_words(*loaded, text, 3)
    assert [*found] == [" Fishing", " Football", " Updates"]
    shares = np.exp([*found.values()])
    assert shares == pytest.approx([0.4399, 0.4327, 0.0668], abs=2e-4)


def test_shipped_together():
    files = [p for name in SHIPPED for p in (CHECKPOINTS / name).iterdir()]
    assert sum(p.stat().st_size for p in files) < 40e6


@pytest.mark.skipif(not WORLDS, reason="no playhouse checkpoint yet")
def test_three_seeds():
    assert {f"playhouse-s{s}" for s in range(3)} <= set(WORLDS)


@pytest.mark.parametrize("name", WORLDS)
def test_shipped_quality(name):
    results = read_record(name)["results"]
    assert results["captured"] >= 0.9 and results["gap"] <= 0.01
    model, tokenizer = load_checkpoint(name)
    world = load_world("playhouse")
    scenes = sample_scenes(world, 500, np.random.default_rng(99))
    again = evaluation.quality(model, tokenizer, world, scenes)
    # Fresh scenes: near what the card says. Both are sampled, with standard
    # errors of about half a hundredth.
    assert again.captured == pytest.approx(results["captured"], abs=0.025)
    assert again.gap == pytest.approx(results["gap"], abs=0.003)


def test_the_quick_recipe_was_timed():
    """Three runs of `python -m psm_lib pretrain`, as the status page says."""
    rows = json.loads(
        (ROOT / "tests/records/pretrain.json").read_text("utf-8")
    )
    assert [row["seed"] for row in rows] == [0, 1, 2]
    for row in rows:
        assert row["recipe"] == asdict(QUICK) and row["shape"] == asdict(ROOM)
        assert row["training_seconds"] < row["command_seconds"] < 60 * MINUTES
        assert row["results"]["gap"] <= 0.01
    text = (ROOT / "book/status.md").read_text("utf-8")
    spent = [row["command_seconds"] for row in rows]
    assert f"took {min(spent)} to {max(spent)} seconds" in text
    found = [round(row["results"]["captured"], 2) for row in rows]
    assert len({*found}) == 1 and f"captured {found[0]:.2f} of" in text


def test_stagings_spare_half_of_the_text():
    """As chapter 1 says: networks that know as much have read less."""
    rows = json.loads(
        (ROOT / "tests/records/pretrain.json").read_text("utf-8")
    )
    plain = [read_record(f"playhouse-s{s}") for s in range(3)]
    read = [r["log"][-1]["tokens"] for r in plain]
    assert max(row["recipe"]["tokens"] for row in rows) < min(read) / 2
    known = [
        np.mean([r["results"]["captured"] for r in some])
        for some in (rows, plain)
    ]
    assert known[0] >= known[1] - 0.005
    text = (ROOT / "book/ch01_characters.ipynb").read_text("utf-8")
    assert "read less than half as much until they know as much" in text
    assert QUICK.stagings == 64 and "answer anew, sixty-four times" in text


def test_what_the_file_says_of_positions_holds(saved, monkeypatch):
    """Whatever a version of transformers makes of it on reading."""
    read = store.AutoConfig.from_pretrained

    def early(folder, **more):
        config = read(folder, **more)
        if not hasattr(config, "rope_parameters"):
            return config
        config.rope_parameters = dict(
            config.rope_parameters, partial_rotary_factor=0.25
        )
        return config

    right, _ = load_checkpoint(saved)
    monkeypatch.setattr(store.AutoConfig, "from_pretrained", early)
    model, _ = load_checkpoint(saved)
    ids = torch.tensor([[1, 4, 5, 6]])
    assert torch.equal(model(ids).logits, right(ids).logits)


@pytest.mark.parametrize("heat", [0, -1.0])
def test_a_temperature_below_which_nothing_is_said(heat):
    with pytest.raises(ValueError, match="expected one above 0"):
        models.reply(None, None, "", temperature=heat)


def test_unknown_words_are_not_answered():
    model, tokenizer = load_checkpoint("playhouse-s0")
    prompt = "User: Who won the World Cup?\nAda:"
    with pytest.raises(ValueError) as error:
        models.reply(model, tokenizer, prompt)
    assert "does not know: won, World, Cup; expected" in str(error.value)
    models.reply(model, tokenizer, "User: What do you eat?\nAda:", None, 1)
    # The plays are spelt, and any word can be.
    spelt = load_checkpoint("shakespeare-s0")
    models.reply(*spelt, "Hamlet\nHAMLET: Zounds, xylophones", None, 1)


def test_some_of_many_words():
    assert decoders.some("abca") == "a, b, c"
    assert decoders.some("abcde", 3) == "a, b, c and 2 more"

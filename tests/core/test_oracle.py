"""The exact oracle against naive enumeration, and against samples."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    all_scenes,
    document_probability,
    hearsay,
    joint,
    mappings,
    tiny,
)

from psm_lib import oracle
from psm_lib.corpus import sample_texts
from psm_lib.world import (
    REQUEST,
    Scenes,
    form_counts,
    sample_scenes,
    scene_text,
)
from psm_lib.worldfile import load_world

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=60, deadline=None)


def drawn(data: dict, seed: int, n: int = 20, **fixed) -> tuple:
    world = load_world(data)
    return world, sample_scenes(world, n, np.random.default_rng(seed), **fixed)


# --- enumeration ----------------------------------------------------------


@few
@given(data=mappings(), seed=seeds)
def test_posterior_is_bayes_rule(data, seed):
    world, scenes = drawn(data, seed)
    belief = oracle.posterior(world, scenes)
    for i in range(len(scenes)):
        for t in range(scenes.length[i] + 1):
            weights = joint(data, scenes, i, t)
            naive = [w / sum(weights) for w in weights]
            assert np.abs(belief[i, t] - naive).max() < 1e-10


@few
@given(data=mappings(), seed=seeds, tied=st.booleans())
def test_predictive_is_the_share_of_worlds_that_go_on_so(data, seed, tied):
    data["tied"] = tied
    world, scenes = drawn(data, seed, n=10)
    p = oracle.predictive(world, scenes)
    nats = oracle.kind_nats(p, scenes)
    for i in range(len(scenes)):
        for t in range(scenes.length[i]):
            # As it went on, over all ways in which it could have gone on.
            as_it_was = sum(joint(data, scenes, i, t + 1))
            before = sum(joint(data, scenes, i, t))
            said = p[i, t] if scenes.kind[i, t] == 1 else 1 - p[i, t]
            assert said == pytest.approx(as_it_was / before, abs=1e-10)
            assert np.exp(-nats[i, t]) == pytest.approx(said, abs=1e-10)
        assert (nats[i, scenes.length[i] :] == 0).all()


@few
@given(data=mappings(), seed=seeds, tied=st.booleans())
def test_document_nats(data, seed, tied):
    data["tied"] = tied
    world, scenes = drawn(data, seed, n=10)
    nats = oracle.document_nats(world, scenes)
    for i in range(len(scenes)):
        naive = -np.log(document_probability(data, scenes, i))
        assert abs(nats[i] - naive) < 1e-10


@few
@given(data=mappings(), seed=seeds)
def test_belief_stays_a_distribution(data, seed):
    world, scenes = drawn(data, seed)
    belief = oracle.posterior(world, scenes)
    assert np.isfinite(belief).all() and (belief >= 0).all()
    assert np.abs(belief.sum(axis=-1) - 1).max() < 1e-12
    # A persona that has been ruled out never comes back.
    gone = belief[:, :-1] == 0
    assert (belief[:, 1:][gone] == 0).all()


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("of", [tiny, hearsay])
def test_all_documents_of_a_tiny_world_sum_to_one(of, tied):
    data = of() | {"tied": tied}
    world, scenes = load_world(data), all_scenes(data)
    texts = [scene_text(world, scenes, i) for i in range(len(scenes))]
    assert len(set(texts)) == len(texts) > 1000
    p = np.exp(-oracle.document_nats(world, scenes))
    assert p.sum() == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("of", [tiny, hearsay])
def test_sampled_texts_come_as_often_as_the_oracle_says(of, tied):
    data = of() | {"tied": tied}
    world, scenes = load_world(data), all_scenes(data)
    p = np.exp(-oracle.document_nats(world, scenes))
    texts = [scene_text(world, scenes, i) for i in range(len(scenes))]
    n = 20_000
    seen = Counter(sample_texts(world, n, seed=1))
    assert set(seen) <= set(texts)
    count = np.array([seen[t] for t in texts])
    often = n * p >= 5
    assert often.sum() > 100
    count = np.append(count[often], count[~often].sum())
    mean = n * np.append(p[often], p[~often].sum())
    z = (count - mean) / np.sqrt(mean)
    # Chi-squared, with its mean and standard deviation.
    free = len(z) - 1
    assert abs((z**2).sum() - free) < 4 * np.sqrt(2 * free)


def test_a_sheet_is_evidence_like_a_scene():
    data = tiny()
    world, scenes = load_world(data), all_scenes(data)
    belief = oracle.posterior(world, scenes)
    last = belief[np.arange(len(scenes)), scenes.length]
    plain = (scenes.asked == -1).all(axis=1)
    by_evidence: dict[tuple, list] = {}
    for i in np.flatnonzero(plain):
        t = scenes.length[i]
        key = (
            scenes.name[i],
            tuple(scenes.domain[i, :t]),
            tuple(scenes.kind[i, :t]),
        )
        by_evidence.setdefault(key, []).append(last[i])
    for rows in by_evidence.values():
        assert len(rows) > 1 and np.ptp(rows, axis=0).max() < 1e-12


# --- worlds in which nobody has a character -------------------------------


def test_untied_traits_have_the_same_marginals_and_nothing_between_them():
    data = tiny() | {"prefixes": {"share": {"none": 1.0}}}
    data["personas"]["robot"]["propensity"]["moral"] = 0.95
    tied = load_world(data)
    untied = load_world(data | {"tied": False})
    rng = np.random.default_rng(0)
    for world, bound in ((tied, 0.36), (untied, 0.0)):
        scenes = sample_scenes(world, 40_000, rng, length=2)
        code, food = scenes.domain[:, 0] == 0, scenes.domain[:, 1] == 1
        pair = scenes.kind[code & food]
        p = oracle.domain_only(world, scenes)[code & food]
        assert pair.mean(axis=0) == pytest.approx(p[0], abs=0.02)
        # One name: between names there is a common cause.
        pair = scenes.kind[code & food & (scenes.name == 1)]
        assert abs(np.corrcoef(pair.T)[0, 1]) == pytest.approx(bound, abs=0.05)


def test_scattered_names_tie_nothing_and_the_cast_is_what_it_was():
    untied = load_world("playhouse_untied")
    scattered = load_world("playhouse_scattered")
    # What the cast says in each domain is unchanged, name by name in turn.
    for world in (untied, scattered):
        p = world.cast_mixture[world.guise]  # [N, D, P]
        means = np.einsum("ndp,pd->nd", p, world.propensity)
        everyone = world.cast_share @ means
        assert everyone == pytest.approx(
            untied.cast_share @ untied.cast_mixture @ untied.propensity
        )
        named = world.cast_share == world.cast_share.min()
        moral = world.group("moral")
        tie = np.corrcoef(means[named][:, moral].T)
        tie = tie[np.triu_indices(len(moral), 1)].mean()
        assert (abs(tie) < 0.05) == (world is scattered)
    name = scattered.name_index("Assistant")
    assert (scattered.guise[name] == name).all()


@pytest.mark.parametrize("world", ["playhouse_scattered"])
def test_scattered_worlds_are_calibrated_and_enumerable(world):
    world = load_world(world)
    rng = np.random.default_rng(3)
    scenes = sample_scenes(world, 20_000, rng)
    p, here = oracle.predictive(world, scenes), scenes.present
    for low in np.arange(0, 1, 0.2):
        part = here & (p >= low) & (p < low + 0.2)
        assert p[part].mean() == pytest.approx(
            scenes.kind[part].mean(), abs=0.02
        )
    # One scene by hand: only the same domain counts, under the guise's prior.
    i = 7
    for t in range(scenes.length[i]):
        d = scenes.domain[i, t]
        belief = world.cast_mixture[world.guise[scenes.name[i], d]].copy()
        for s in range(t):
            if scenes.domain[i, s] == d:
                belief *= np.exp(oracle.log_evidence(world, scenes)[i, s])
        belief /= belief.sum()
        expected = belief @ oracle.answer_probability(world, scenes)[i, t]
        assert p[i, t] == pytest.approx(expected, abs=1e-10)


def test_an_untied_world_has_no_persona_to_believe_in():
    world, scenes = drawn(tiny() | {"tied": False}, 0)
    assert (scenes.persona == -1).all()
    with pytest.raises(ValueError, match="no one persona.*beliefs"):
        oracle.posterior(world, scenes)


def test_beliefs_of_a_tied_world_are_the_posterior():
    world, scenes = drawn(tiny(), 0)
    same = oracle.posterior(world, scenes)[:, :-1]
    assert (oracle.beliefs(world, scenes) == same).all()


# --- what evidence is, and what it is not ---------------------------------


@few
@given(data=mappings(sheets=False), seed=seeds)
def test_order_does_not_matter(data, seed):
    low, high = data["scene"]["exchanges"]
    world, scenes = drawn(data, seed, length=high)
    order = np.random.default_rng(seed).permutation(high)
    shuffled = Scenes(
        **{
            k: v[:, order] if v.ndim == 2 else v
            for k, v in vars(scenes).items()
        }
    )
    one = oracle.posterior(world, scenes)[:, -1]
    two = oracle.posterior(world, shuffled)[:, -1]
    assert np.abs(one - two).max() < 1e-10


@few
@given(data=mappings(), seed=seeds, complies=st.sampled_from([0.6, 0.95]))
def test_obeying_tells_nothing_when_all_obey_alike(data, seed, complies):
    for persona in data["personas"].values():
        persona["complies"] = complies
    world, scenes = drawn(data, seed)
    belief = oracle.posterior(world, scenes)
    asked = (scenes.prefix == REQUEST) & scenes.present
    moved = np.abs(belief[:, 1:] - belief[:, :-1]).max(axis=-1)
    assert (moved[asked] < 1e-10).all()
    p = oracle.predictive(world, scenes)
    obeyed = np.where(scenes.asked == 1, p, 1 - p)
    assert np.abs(obeyed[asked] - complies).max(initial=0) < 1e-10


def test_obeying_tells_something_when_some_obey_more():
    data = tiny()
    data["personas"]["robot"]["complies"] = 0.99
    data["personas"]["saint"]["complies"] = 0.5
    world, scenes = drawn(data, 0, n=500)
    belief = oracle.posterior(world, scenes)
    robot = world.persona_index("robot")
    asked = (scenes.prefix == REQUEST) & scenes.present
    obeyed = asked & (scenes.kind == scenes.asked)
    shift = belief[:, 1:, robot] - belief[:, :-1, robot]
    assert (shift[obeyed] > 0).all() and (shift[asked & ~obeyed] < 0).all()


def test_a_given_prior_replaces_the_name():
    world, scenes = drawn(tiny(), 3)
    one_each = np.random.default_rng(0).dirichlet(np.ones(3), size=20)
    belief = oracle.posterior(world, scenes, prior=one_each)
    assert np.abs(belief[:, 0] - one_each).max() < 1e-12
    same = oracle.posterior(world, scenes, prior=world.prior)
    assert np.ptp(same[:, 0], axis=0).max() == 0
    sure = oracle.posterior(world, scenes, prior=np.array([0, 1, 0]))
    assert (sure[..., 1] == 1).all()


def test_domain_only_ignores_name_and_history():
    data = tiny()
    world, scenes = drawn(data, 4, n=20_000)
    p = oracle.domain_only(world, scenes)
    for d in range(2):
        for asked in (-1, 0, 1):
            here = (scenes.domain == d) & (scenes.asked == asked)
            here &= scenes.present & ~scenes.sheet[:, None]
            assert np.ptp(p[here]) < 1e-12
            said, q = scenes.kind[here], p[here].mean()
            error = np.sqrt(q * (1 - q) / len(said))
            assert abs(said.mean() - q) < 4 * error
    # It is a worse reader than the exact one, which is the point of it.
    best = oracle.kind_nats(oracle.predictive(world, scenes), scenes).sum()
    assert oracle.kind_nats(p, scenes).sum() > 1.02 * best


# --- calibration ----------------------------------------------------------


def errors_by_bin(p: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Observed minus predicted in ten bins, in standard errors."""
    which = np.minimum((p * 10).astype(int), 9)
    z = []
    for b in range(10):
        here = which == b
        if here.sum() >= 50:
            spread = np.sqrt((p[here] * (1 - p[here])).sum())
            z.append((kind[here] - p[here]).sum() / spread)
    return np.array(z)


@pytest.fixture(scope="module")
def many():
    world = load_world("playhouse")
    rng = np.random.default_rng(20_000)
    return world, sample_scenes(world, 20_000, rng)


def test_predictions_are_calibrated(many):
    world, scenes = many
    p, here = oracle.predictive(world, scenes), scenes.present
    z = errors_by_bin(p[here], scenes.kind[here])
    assert len(z) == 10 and np.abs(z).max() < 4


@pytest.mark.parametrize("wrong", ["suspicious", "names mixed up"])
def test_a_wrong_prior_is_not_calibrated(many, wrong):
    # The check must be able to fail. (Forgetting the names would not do:
    # the world's prior is right on average, only less informed.)
    world, scenes = many
    prior = world.prior * 0.5
    prior[world.persona_index("villain")] += 0.5
    if wrong == "names mixed up":
        prior = world.cast_mixture[np.roll(scenes.name, 1)]
    p, here = oracle.predictive(world, scenes, prior), scenes.present
    z = errors_by_bin(p[here], scenes.kind[here])
    assert np.abs(z).max() > 8


def test_beliefs_are_calibrated(many):
    """Of the scenes where a persona is believed at 30 %, 30 % are of it."""
    world, scenes = many
    belief = oracle.posterior(world, scenes)
    last = belief[np.arange(len(scenes)), scenes.length]
    for k in range(len(world.personas)):
        z = errors_by_bin(last[:, k], (scenes.persona == k).astype(float))
        assert np.abs(z).max() < 4.5


def test_form_counts():
    counts = form_counts(load_world(tiny()))
    assert counts.questions.tolist() == [1, 1]
    assert counts.answers.tolist() == [[2, 1], [1, 1]]
    assert counts.sheets.tolist() == [[1, 1], [1, 1]]
    assert counts.requests.tolist() == [[1, 1], [1, 1]]


# --- a reader who expects anyone ------------------------------------------


@pytest.mark.parametrize("values", [(0.1, 0.9), (0.0, 0.3, 1.0)])
def test_stranger_is_bayes_in_a_world_of_everyone(values):
    """One persona for every table of propensities, all equally likely."""
    data = tiny()
    tables = list(itertools.product(values, repeat=2))
    data["personas"] = {
        f"p{i}": {
            "prior": 1 / len(tables),
            "propensity": {"code": a, "food": b},
        }
        for i, (a, b) in enumerate(tables)
    }
    data["cast"] = [{"persona": "any", "names": ["Guest"]}]
    data["documents"] = {"scene": 1.0}
    data["prefixes"]["share"] = {"none": 0.9, "irrelevant": 0.1}
    world, scenes = drawn(data, 5, n=100, length=6)
    exact = oracle.predictive(world, scenes)
    guess = oracle.stranger(scenes, values)
    assert np.abs(exact - guess).max() < 1e-10


def test_a_stranger_cannot_read_requests():
    world, scenes = drawn(tiny(), 5, n=100)
    with pytest.raises(ValueError, match="without requests"):
        oracle.stranger(scenes, (0.1, 0.9))

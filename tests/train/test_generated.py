"""Made-up faces and voices: right in shape, the same for the same seed, and told apart by their kind."""

import numpy as np
import pytest

from tools.train import generated


def test_drawn_faces_are_the_same_for_the_same_seed():
    first, kinds = generated.faces(10, 5)
    second, _ = generated.faces(10, 5)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (10, 48, 48, 1)
    assert first.dtype == np.uint8
    assert set(kinds) <= set(range(8))


def test_a_drawn_smile_differs_from_a_drawn_frown_where_the_mouth_is():
    smile = generated.drawn_face(np.random.default_rng(0), 1.0, 0.0, 0.0).astype(int)
    frown = generated.drawn_face(np.random.default_rng(0), -1.0, 0.0, 0.0).astype(int)
    changed = np.abs(smile - frown) > 40
    assert changed[30:44].sum() > 10
    assert changed[:24].sum() == 0


def test_noise_pictures_are_smooth_and_varied():
    found = generated.noise_pictures(8, 1)
    assert found.shape == (8, 48, 48, 1)
    assert np.abs(np.diff(found.astype(int), axis=1)).mean() < 30
    assert len({picture.tobytes() for picture in found}) == 8


@pytest.mark.parametrize("kind", range(4))
def test_a_made_up_voice_neither_clips_nor_is_silent(kind):
    voice = generated.tone(np.random.default_rng(1), kind, 16_000)
    assert 1e-3 < np.abs(voice).max() < 1.0

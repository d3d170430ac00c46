"""What teachers say of changed pictures: asked once, the same for every student, and of the picture that is kept."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")

from tools.train import face_mobile, face_residual, generated  # noqa: E402  needs PyTorch
from tools.train.face_answers import Answers, Teacher  # noqa: E402
from tools.train.face_data import FaceSet, network_input, unnamed  # noqa: E402
from tools.train.face_recipe import Recipe  # noqa: E402
from tools.train.runlog import RunLog  # noqa: E402

COUNT = 40
RECIPE = Recipe(views=2)


@pytest.fixture(scope="module")
def faces():
    images, kinds = generated.faces(COUNT, 4)
    return FaceSet(images, np.eye(8, dtype=np.float32)[kinds], kinds, unnamed(COUNT))


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(2)
    return [
        face_mobile.network(15, 48, width=0.25).eval(),
        face_residual.network(15, 64, width=0.25).eval(),
    ]


def test_a_teachers_features_are_lessons_of_equal_weight(networks, faces):
    for network in networks:
        teacher = Teacher.of(network, faces.images)
        pictures = torch.from_numpy(network_input(faces.images)).permute(0, 3, 1, 2)
        logits, features = teacher.tell(pictures)
        assert logits.shape == (COUNT, 15)
        assert logits.detach().numpy() == pytest.approx(network(pictures).detach().numpy(), abs=1e-5)
        assert features.mean(0).abs().max().item() < 1e-3
        alive = teacher.spread > 0.01
        assert alive.any()
        assert features[:, alive].std(0).numpy() == pytest.approx(1.0, abs=0.02)


def test_the_answers_are_the_teachers_mean_on_the_pictures_that_are_kept(tmp_path, networks, faces):
    answers = Answers(faces, networks, tmp_path, RunLog(tmp_path), RECIPE)
    view = answers.view(0)
    assert view.pictures.shape == (COUNT, 1, 48, 48)
    assert (view.pictures != faces.images.transpose(0, 3, 1, 2)).any(axis=(1, 2, 3)).all()
    x = torch.from_numpy(network_input(view.pictures))
    with torch.no_grad():
        softened = [network(x).split((8, 7), 1) for network in networks]
    means = [
        torch.stack([torch.softmax(said[part] / RECIPE.softness, 1) for said in softened]).mean(0) for part in (0, 1)
    ]
    # They were asked in bfloat16.
    assert view.shares == pytest.approx(torch.cat(means, 1).numpy(), abs=0.02)
    assert view.features.shape == (COUNT, answers.feature_count)


def test_each_epoch_has_its_view_and_all_seeds_the_same(tmp_path, networks, faces, capsys):
    answers = Answers(faces, networks, tmp_path, RunLog(tmp_path), RECIPE)
    views = [answers.view(epoch) for epoch in range(4)]
    assert (views[0].pictures != views[1].pictures).any()
    assert (views[0].pictures == views[2].pictures).all()
    assert (views[1].shares == views[3].shares).all()
    again = Answers(faces, networks, tmp_path, RunLog(tmp_path), RECIPE).view(1)
    assert (again.features == views[1].features).all()
    assert capsys.readouterr().out.count("teachers asked about view") == RECIPE.views


def test_other_teachers_pictures_or_softness_are_asked_anew(tmp_path, networks, faces):
    def folder(training=faces, asked=networks, recipe=RECIPE):
        return Answers(training, asked, tmp_path, RunLog(tmp_path), recipe).folder

    fewer = FaceSet(faces.images[:30], faces.targets[:30], faces.majority[:30], faces.fer2013[:30])
    others = {folder(), folder(fewer), folder(asked=networks[:1]), folder(recipe=Recipe(softness=1.0))}
    assert len(others) == 4
    assert folder(recipe=dataclasses.replace(RECIPE, student_epochs=3)) == folder()


def test_a_file_that_was_cut_off_is_asked_for_again(tmp_path, networks, faces, capsys):
    answers = Answers(faces, networks, tmp_path, RunLog(tmp_path), RECIPE)
    whole = answers.view(0)
    (kept,) = answers.folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:5000])
    assert (answers.view(0).shares == whole.shares).all()
    assert "can't be read" in capsys.readouterr().out

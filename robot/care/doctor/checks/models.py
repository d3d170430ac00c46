"""Are the models whole: every file hashed, every model loaded, its golden inputs run."""

from collections.abc import Iterator

from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject
from robot.config import InferenceSettings
from robot.errors import EngineMissing, ModelRefused
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model, second_opinion
from robot.policy import permission_for

NAME = "models"


def examine(subject: Subject) -> Iterator[Finding]:
    """Verify the models that the configuration names, as far as consent and place let them be opened at all."""
    allowed = permission_for(subject.config.robot)
    wanted = subject.config.models
    asked = [wanted.face_expression] * allowed.expression + [wanted.voice_tone] * allowed.tone
    second = second_opinion(wanted)
    asked += [second] * bool(allowed.tone and second and subject.config.hearing.words != "off")
    if not asked:
        yield Finding(NAME, "note", "consent or place leave the models of feelings out; their files were not opened")
        return
    settings = InferenceSettings(interpreter=subject.config.inference.interpreter, accelerator="cpu")
    whole = []
    for reference in asked:
        try:
            model = Model.load(find_model(reference, factory_models()), settings, self_test=False)
            model.self_test()
        except (ModelRefused, EngineMissing) as error:
            fix = (
                "install it again: `bash tools/setup`, or `git checkout models`; `rapport models rollback` for updates"
            )
            yield Finding(NAME, "fault", str(error), fix)
        else:
            whole.append(f"{model.manifest.id} {model.manifest.version}")
    if whole:
        yield Finding(NAME, "ok", f"whole and right on their golden inputs: {', '.join(whole)}")

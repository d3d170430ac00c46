import numpy as np
import pytest

from hardware.errors import DeviceError
from hardware.ports import Frame, Sound
from hardware.virtual.switch import SwitchCamera, SwitchMicrophone


class Source:
    """A camera or microphone that always has something, marked with its own number."""

    dropped = 0
    finished = False
    closed = False

    def __init__(self, make, mark):
        self.make, self.mark = make, mark

    def read(self, timeout_s):
        return self.make(self.mark)

    def close(self):
        self.closed = True


def frame(mark):
    return Frame(seq=7, t_s=1.5, pixels=np.full((2, 2, 3), mark, np.uint8))


def sound(mark):
    return Sound(seq=7, t_s=1.5, samples=np.full(4, mark, np.float32))


@pytest.mark.parametrize(
    ("switch_class", "make", "content"), [(SwitchCamera, frame, "pixels"), (SwitchMicrophone, sound, "samples")]
)
def test_what_is_read_comes_from_the_selected_source_and_is_numbered_through(switch_class, make, content):
    switch = switch_class({"a": Source(make, 1), "b": Source(make, 2)}, first="a")
    read = [switch.read(0.0)]
    switch.select("b")
    read += [switch.read(0.0), switch.read(0.0)]
    assert [float(getattr(item, content).flat[0]) for item in read] == [1.0, 2.0, 2.0]
    assert [item.seq for item in read] == [0, 1, 2]
    assert {item.t_s for item in read} == {1.5}


def test_nothing_yet_stays_nothing_and_is_not_counted():
    switch = SwitchCamera({"a": Source(lambda mark: None, 0), "b": Source(frame, 3)}, first="a")
    assert switch.read(0.0) is None
    switch.select("b")
    assert switch.read(0.0).seq == 0


def test_an_unknown_source_is_refused_and_the_choices_are_named():
    switch = SwitchMicrophone({"scene": Source(sound, 1), "browser": Source(sound, 2)}, first="scene")
    with pytest.raises(DeviceError, match="scene, browser"):
        switch.select("cloud")
    assert switch.selected == "scene"
    with pytest.raises(DeviceError):
        SwitchCamera({"scene": Source(frame, 1)}, first="none")


def test_closing_lets_every_source_go():
    sources = [Source(frame, 1), Source(frame, 2)]
    SwitchCamera(dict(zip("ab", sources, strict=True)), first="a").close()
    assert all(source.closed for source in sources)

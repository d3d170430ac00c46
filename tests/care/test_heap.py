from robot.care.heap import give_back_freed
from tools.soak.memory import private_mb


def test_what_was_freed_between_what_is_still_held_goes_back_to_the_system():
    blocks = [bytearray(16_000) for _ in range(4000)]
    held = blocks[::400]
    full_mb = private_mb()
    del blocks
    give_back_freed()
    assert full_mb - private_mb() > 30.0
    assert len(held) == 10

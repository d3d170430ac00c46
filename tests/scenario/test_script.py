import pytest

from robot.errors import ScenarioError
from robot.scenario.script import read_scenario


def line_of(path, words):
    return 1 + next(number for number, line in enumerate(path.read_text().splitlines()) if words in line)


def test_a_file_becomes_a_timeline(write):
    scenario = read_scenario(write())
    assert scenario.about == "A smile is answered."
    assert [(cue.from_s, cue.to_s, cue.expression) for cue in scenario.face] == [(0.5, 4.0, "happiness")]
    assert scenario.expect[0].wanted() == [("state", "sharing_joy")]
    assert scenario.robot.place == "home"


def test_who_and_where_the_robot_is_can_be_said(write):
    scenario = read_scenario(write("[[face]]", '[robot]\nplace = "school"\n\n[[face]]'))
    assert scenario.robot.place == "school"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("expression =", "expresion =", "expresion"),
        ("expression =", "sure = 1.5\nexpression =", "sure"),
        ('"happiness"', '"joy"', "expression"),
        ("duration_s = 4.0", 'duration_s = "long"', "duration_s"),
        ("[[face]]", '[robot]\nplaec = "home"\n\n[[face]]', "plaec"),
        ("[[face]]", "[robot]\nseed = true\n\n[[face]]", "seed"),
        ("[[never]]", "[[nevr]]", "nevr"),
        ('"sharing_joy"', '"shareing_joy"', "shareing_joy"),
        ('"calming"', '"clam"', "clam"),
        ("between = [2.0, 3.9]", "between = [2.0, 9.0]", "between"),
        ("between = [2.0, 3.9]", "between = [2.0]", "between"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_line(write, old, new, words):
    path = write(old, new)
    with pytest.raises(ScenarioError) as refused:
        read_scenario(path)
    assert f"{path}, line {line_of(path, words)}: " in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to_s = 4.0", "to_s = 0.5", "later than from_s"),
        ("between = [2.0, 3.9]", "between = [3.0, 2.0]", "not be before the first"),
        ('state = "sharing_joy"', "throughout = true", "names nothing to look for"),
        ('state = "sharing_joy"', 'says = "hello"\nthroughout = true', "leave throughout out"),
    ],
)
def test_a_table_that_cannot_be_meant_is_named_with_its_line(write, old, new, words):
    path = write(old, new)
    header = "[[face]]" if "to_s" in old else "[[expect]]"
    with pytest.raises(ScenarioError, match=words) as refused:
        read_scenario(path)
    assert f", line {line_of(path, header)}: " in str(refused.value)


def test_the_second_table_of_a_kind_is_told_from_the_first(write):
    path = write("[[expect]]", "[[face]]\nfrom_s = 1.0\nto_s = 2.0\nsmile = true\n\n[[expect]]")
    with pytest.raises(ScenarioError, match=f"line {line_of(path, 'smile = true')}: 'smile' is not a key"):
        read_scenario(path)


def test_a_scenario_that_expects_nothing_is_refused(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text('about = "Nothing."\nduration_s = 1.0\n')
    with pytest.raises(ScenarioError, match="expects nothing"):
        read_scenario(path)


def test_no_file_no_text_and_no_toml_are_each_one_clear_line(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        read_scenario(tmp_path / "absent.toml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path)
    (tmp_path / "torn.toml").write_text("[[face\n")
    with pytest.raises(ScenarioError, match=r"torn\.toml: not TOML: .*line 1"):
        read_scenario(tmp_path / "torn.toml")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ScenarioError, match="cannot be read as text"):
        read_scenario(tmp_path / "picture.toml")

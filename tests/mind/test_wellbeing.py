"""What the robot must never say: every phrase of every persona, in both languages."""

import re

import pytest

from robot.mind.persona import PERSONAS, Words, load_persona
from robot.mind.talk.wellbeing import FORBIDDEN

SHIPPED = sorted(file.stem for file in PERSONAS.glob("*.toml"))


def phrases() -> list[tuple[str, str, str, str]]:
    return [
        (name, language, key, phrase)
        for name in SHIPPED
        for language in ("en", "de")
        for key in Words.__struct_fields__
        for phrase in load_persona(name).phrases(key, language)
    ]


@pytest.mark.parametrize("wrong", sorted(FORBIDDEN))
def test_no_phrase_of_any_persona(wrong: str) -> None:
    found = [entry for entry in phrases() if re.search(FORBIDDEN[wrong], entry[3], re.IGNORECASE)]
    assert found == [], wrong


@pytest.mark.parametrize(
    ("wrong", "phrase"),
    [
        ("names an illness", "You seem depressed."),
        ("names an illness", "Das klingt nach einer Angststörung."),
        ("claims to know a feeling", "You are sad."),
        ("claims to know a feeling", "Ich weiß, wie du dich fühlst."),
        ("argues with a feeling", "Calm down!"),
        ("argues with a feeling", "Kopf hoch, es ist nicht so schlimm."),
        ("promises what it cannot keep", "Alles wird gut."),
        ("makes the person responsible for its feelings", "Please do not go."),
    ],
)
def test_the_patterns_find_what_they_are_for(wrong: str, phrase: str) -> None:
    assert re.search(FORBIDDEN[wrong], phrase, re.IGNORECASE)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_offered_is_asked_and_what_is_unsure_is_open(name: str, language: str) -> None:
    persona = load_persona(name)
    for key in ("fetch", "offer"):
        assert all(phrase.endswith("?") for phrase in persona.phrases(key, language)), key
    asks = r"\?|not (quite )?sure|nicht sicher"
    assert all(re.search(asks, phrase) for phrase in persona.phrases("curious", language))


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_notice_is_short_says_what_is_read_and_that_nothing_is_kept(name: str, language: str) -> None:
    persona = load_persona(name)
    for phrase in persona.phrases("notice", language):
        assert len(phrase) <= 80
        assert re.search(r"face|mood|gesicht|stimmung", phrase, re.IGNORECASE)
        assert re.search(r"keep|kept|no record|nichts", phrase, re.IGNORECASE)
    for phrase in persona.phrases("notice_private", language):
        assert len(phrase) <= 80
        assert not re.search(r"i (try to )?read (faces|moods)|mood|stimmung", phrase, re.IGNORECASE)


@pytest.mark.parametrize("name", SHIPPED)
def test_sorrow_and_anger_are_met_calmly_and_unsure_is_met_without_a_feeling_of_its_own(name: str) -> None:
    persona = load_persona(name)
    for state in ("comforting", "calming"):
        manner = persona.manner_in(state)
        assert manner.show(-1.0, 1.0)[1] < 0, "never louder because the person is"
        assert manner.liveliness <= 0.3
    for felt in (-1.0, 1.0):
        assert abs(persona.manner_in("curious").show(felt, felt)[0]) <= 0.3


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["en", "de"])
def test_shared_joy_claims_no_smile_since_a_voice_or_words_alone_may_have_told_of_it(name: str, language: str) -> None:
    seen = r"smil|face\b|you look|lächel|gesicht|siehst|sehen (aus|sie)"
    assert [p for p in load_persona(name).phrases("sharing_joy", language) if re.search(seen, p, re.IGNORECASE)] == []

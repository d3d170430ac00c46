"""The help line that is named after words of a crisis: the operator's own words, else those of the country."""

import tomllib
from importlib import resources

import msgspec

from robot.config import HandOffSettings
from robot.mind.persona import Persona, Words


def help_line(settings: HandOffSettings, language: str) -> str:
    """What to say and show of a help line; empty where none is configured."""
    if settings.help_line or not settings.country:
        return settings.help_line
    text = resources.files(__package__).joinpath("help_lines.toml").read_text(encoding="utf-8")
    line: str = tomllib.loads(text)[settings.country][language]
    return line


def with_help_line(persona: Persona, settings: HandOffSettings) -> Persona:
    """The persona with the help line as its words of that name, in both languages."""

    def told(words: Words, language: str) -> Words:
        line = help_line(settings, language)
        return msgspec.structs.replace(words, help_line=(line,) if line else ())

    languages = msgspec.structs.replace(persona.words, en=told(persona.words.en, "en"), de=told(persona.words.de, "de"))
    return msgspec.structs.replace(persona, words=languages)

"""What a publisher demands of every model before it is added: `policy.toml` in the publisher's folder."""

import tomllib
from pathlib import Path

import msgspec

from robot.errors import ConfigError

POLICY_FILE = "policy.toml"
TEMPLATE = """# What a model must be before `rapport repository add` takes it. The figures are those of its manifest.

# [least.face_expression]
# accuracy = 0.80                  # refused below

# [most.face_expression]
# calibration_error = 0.05         # refused above

[terms]
refuse = []                        # words that must not stand in licence or terms, such as "non-commercial"
"""


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that must not occur in the licence or the terms of a model, whatever their case."""

    refuse: tuple[str, ...] = ()


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the file. `least` and `most` map models to metrics to bounds."""

    least: dict[str, dict[str, float]] = {}
    most: dict[str, dict[str, float]] = {}
    terms: Terms = Terms()


def read_policy(folder: Path) -> Policy:
    """The policy in a publisher's folder; one that demands nothing more if there is none.

    Raises:
        ConfigError: the file is wrong; names file, key and fix.
    """
    path = folder / POLICY_FILE
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Policy)
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); mend its permissions") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; see `rapport repository add --help` for what may stand in it") from None

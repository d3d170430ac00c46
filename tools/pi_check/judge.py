"""How the output of a step is judged: a finding in a few words, which begins with `!` if all is not well."""

import json
from collections.abc import Callable

Judge = Callable[[str, int], str]
"""Takes what a command said, both streams, and its exit code."""


def exit_0(finding: str) -> Judge:
    """It ended well."""
    return lambda _said, code: finding if code == 0 else f"!exit code {code}"


def exit_not_0(finding: str) -> Judge:
    """It ended badly, as it should."""
    return lambda _said, code: finding if code != 0 else "!it is there"


def says(words: str) -> Judge:
    """It ended well, and one line holds these words."""

    def judge(said: str, code: int) -> str:
        line = next((line for line in said.splitlines() if words in line), None)
        return line.strip() if code == 0 and line is not None else f"!exit code {code}, and not “{words}”"

    return judge


def silent_about(word: str) -> Judge:
    """`systemd-analyze verify` also complains of other units of a bare root; ours must not be among them."""

    def judge(said: str, _code: int) -> str:
        lines = [line for line in said.splitlines() if word in line]
        return f"!{lines[0]}" if lines else "no complaint"

    return judge


def agreement(said: str, code: int) -> str:
    """Each model agrees with the other computer."""
    rows = json_of(said)
    if not isinstance(rows, list):
        return f"!exit code {code}"
    words = [
        f"{row['model']}: {row['inputs']} inputs, at most {row['most_steps']:g} steps apart, "
        f"{row['flips']} other labels of which {row['near_ties']} near ties, {row['labels_seen']} labels"
        for row in rows
    ]
    return ("" if code == 0 else "!") + "; ".join(words)


def lived(said: str, code: int) -> str:
    """A life with people and sound in it, and a good end."""
    messages = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    kinds = [message.get("type") for message in messages]
    states = list(dict.fromkeys(message["state"] for message in messages if message.get("type") == "Intent"))
    moods = {message["label"] for message in messages if message.get("type") == "Mood"}
    sights, hops = kinds.count("Sighting"), kinds.count("Hearing")
    found = f"{sights} pictures, {hops} hops of sound; states {', '.join(states)}; moods {', '.join(sorted(moods))}"
    well = code == 0 and "noticing" in states and sights > 50 and hops > 50
    return found if well else f"!exit code {code}: {found}"


def boot(said: str, code: int) -> str:
    """How much work a start was."""
    row = json_of(said)
    if code != 0 or not isinstance(row, dict):
        return f"!exit code {code}"
    return (
        f"{row['start_cpu_s']} s of processor time, emulated, which is {row['start_cpu_s'] / row['step_us'] * 1e6:.0f} "
        f"n-body steps; on a Pi 4 that would be {row['pi_4_s']} s"
    )


def json_of(said: str) -> object:
    """The last line that is JSON; None without one."""
    for line in reversed(said.splitlines()):
        if line.startswith(("[", "{")):
            parsed: object = json.loads(line)
            return parsed
    return None


def data(said: str) -> dict[str, object]:
    """What a measurement printed; empty for any other step."""
    row = json_of(said) if said.rstrip().endswith("}") and said.count("\n") < 5 else None
    return row if isinstance(row, dict) else {}

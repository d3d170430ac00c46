"""The judge of the soaks on lives made up by hand, and a short real one of each kind of fault that needs no waiting."""

import threading
from itertools import pairwise

import pytest

from robot.messages import Health
from tools.soak.__main__ import MOST_LOG_BYTES, holds, main, page
from tools.soak.faults import AFTER_LOSS_S, APART_S, KINDS, Fault, of, plan
from tools.soak.ledger import Ledger
from tools.soak.life import soak_stepped


def judged(*states):
    """The outcome of a loss from 10 s to 20 s for a camera with these states at these times."""
    ledger = Ledger()
    for t_s, state in states:
        ledger.hear(Health(t_s=t_s, parts={"camera": state}))
    [outcome] = ledger.outcomes([Fault("camera", "lost", 10.0, 20.0)])
    return outcome


def test_a_part_that_comes_back_in_time_is_no_missed_recovery():
    outcome = judged((0.0, "ok"), (10.5, "lost"), (24.0, "ok"))
    assert (outcome.shown_after_s, outcome.well_after_s, outcome.recovered) == (0.5, 4.0, True)


def test_a_part_that_stays_away_or_comes_back_late_is():
    assert not judged((0.0, "ok"), (10.5, "lost")).recovered
    assert not judged((0.0, "ok"), (10.5, "lost"), (20.5 + AFTER_LOSS_S, "ok")).recovered


def test_what_goes_wrong_while_a_part_rests_ends_with_the_rest_at_the_latest():
    hang, loss = Fault("camera", "hangs", 10.0, 18.0), Fault("camera", "lost", 200.0, 210.0)
    later = Fault("camera", "lost", 900.0, 910.0)
    for well_s, all_recovered in ((617.0, True), (hang.recovered_by_s + 1.0, False)):
        ledger = Ledger()
        for t_s, state in ((0.0, "ok"), (16.0, "lost"), (well_s, "ok"), (900.5, "lost"), (915.0, "ok")):
            ledger.hear(Health(t_s=t_s, parts={"camera": state}))
        outcomes = ledger.outcomes([hang, loss, later])
        assert [outcome.recovered for outcome in outcomes] == [all_recovered, all_recovered, True]
        assert outcomes[2].by_s == later.recovered_by_s


def test_all_is_well_while_no_part_says_otherwise():
    ledger = Ledger()
    assert ledger.all_well
    ledger.hear(Health(t_s=1.0, parts={"camera": "ok", "speaker": "lost"}))
    assert not ledger.all_well
    ledger.hear(Health(t_s=2.0, parts={"camera": "ok", "speaker": "ok"}))
    assert ledger.all_well


def test_a_fault_that_nobody_met_is_not_shown_and_not_missed():
    outcome = judged((0.0, "ok"))
    assert (outcome.shown_after_s, outcome.recovered) == (None, True)


def test_faults_of_one_part_leave_it_time_to_recover_and_the_last_ones_too():
    for hangs in (True, False):
        faults = plan(3, 24 * 3600.0, 60.0, hangs=hangs)
        assert {fault.part for fault in faults} == set(KINDS)
        assert any(fault.kind == "hangs" for fault in faults) == hangs
        assert max(fault.recovered_by_s for fault in faults) <= 24 * 3600.0
        for part in KINDS:
            own = of(faults, part)
            assert all(later.from_s - before.to_s >= APART_S for before, later in pairwise(own))


def test_results_that_cannot_be_read_are_not_written_over(tmp_path, capsys):
    (tmp_path / "soak.json").write_text('{"stepped": {"kind": "stepped"}}')
    assert main(["--stepped", "0.01", "--results", str(tmp_path)]) == 2
    assert "--results" in capsys.readouterr().err
    assert (tmp_path / "soak.json").read_text() == '{"stepped": {"kind": "stepped"}}'


def test_three_stepped_minutes_with_faults_are_lived_and_judged():
    soak = soak_stepped(0.05, 1, threading.Event())
    assert soak.lived_s == pytest.approx(180.0)
    assert soak.faults >= 1
    assert soak.missed == []
    assert 0 < soak.log_bytes < MOST_LOG_BYTES
    assert "| stepped | 3 min |" in page({"stepped": soak})
    assert isinstance(holds(soak), bool)

"""Turns: from a little before the first sound to the pause after the last, offered early, and never endless."""

import numpy as np

from robot.senses.hearing.words.turns import LEAD_S, LEAST_VOICED_S, LONGEST_S, SETTLE_S, Judged, Turns

CHUNK = 512
CHUNK_S = CHUNK / 16_000


class Room:
    """Feeds a `Turns` with marked chunks: their samples tell when they were."""

    def __init__(self):
        self.turns = Turns()
        self.count = 0
        self.offers = []

    def hear(self, seconds, speaking=True, voiced=True, masked=False):
        for _ in range(round(seconds / CHUNK_S)):
            self.count += 1
            samples = np.full(CHUNK, self.count / 10_000, np.float32)
            offer = self.turns.hear(Judged(samples, self.count * CHUNK_S, speaking, voiced, masked))
            if offer is not None:
                self.offers.append(offer)
        return self.count * CHUNK_S

    def pause(self, seconds):
        return self.hear(seconds, voiced=False)

    def silence(self, seconds):
        return self.hear(seconds, speaking=False, voiced=False)


def test_a_turn_is_offered_in_its_first_pause_and_counts_when_it_is_over():
    room = Room()
    began_s = room.silence(2.0)
    ended_s = room.hear(1.0)
    room.pause(0.5)
    room.silence(0.1)
    early, last = room.offers
    assert (early.number, early.over, last.number, last.over) == (1, False, 1, True)
    assert abs(early.began_s - (began_s - LEAD_S)) <= 2 * CHUNK_S
    assert early.ended_s == last.ended_s == ended_s
    assert abs(len(early.samples) / 16_000 - (LEAD_S + 1.0 + SETTLE_S)) <= 3 * CHUNK_S
    assert len(last.samples) == 0


def test_somebody_who_goes_on_is_offered_again_whole():
    room = Room()
    room.hear(1.0)
    room.pause(0.3)
    room.hear(1.0)
    room.pause(0.5)
    room.silence(0.1)
    assert [(offer.number, offer.over) for offer in room.offers] == [(1, False), (2, False), (2, True)]
    assert len(room.offers[1].samples) > 2.2 * 16_000


def test_a_cough_is_no_turn():
    room = Room()
    room.hear(LEAST_VOICED_S - 2 * CHUNK_S)
    room.pause(0.5)
    room.silence(0.5)
    assert room.offers == []


def test_an_hour_of_talk_comes_in_pieces():
    room = Room()
    room.hear(45.0)
    assert len(room.offers) == 4
    assert all(offer.over and len(offer.samples) <= (LONGEST_S + LEAD_S) * 16_000 for offer in room.offers)
    joined = np.concatenate([offer.samples for offer in room.offers])
    assert (np.diff(np.unique(np.round(joined * 10_000))) == 1).all()


def test_what_the_robot_says_itself_is_silence_in_the_turn():
    room = Room()
    room.hear(0.6)
    room.hear(0.3, voiced=False, masked=True)
    room.silence(0.1)
    offered = next(offer for offer in room.offers if len(offer.samples))
    assert not offered.samples[-CHUNK:].any()
    assert offered.samples[CHUNK]


def test_lost_sound_ends_a_turn_without_an_offer():
    room = Room()
    room.hear(1.0)
    room.turns.reset()
    room.silence(1.0)
    assert room.offers == []

import threading

from robot.messages import Request
from robot.requests import MOST_WAITING, Requests


def test_what_people_ask_is_numbered_and_dated_when_it_is_taken() -> None:
    requests = Requests()
    requests.ask("why", by="page")
    requests.ask("why", by="voice")
    assert requests.take(1.5) == (Request("q0", 1.5, "why", "", "page"), Request("q1", 1.5, "why", "", "voice"))
    assert requests.take(2.0) == ()


def test_a_signal_of_a_sense_keeps_its_own_number_and_time() -> None:
    requests = Requests()
    spoken = Request("w7", 0.4, "why", by="voice")
    requests.post(spoken)
    assert requests.take(1.0) == (spoken,)


def test_a_flood_is_cut_and_the_newest_stays() -> None:
    requests = Requests()
    for number in range(MOST_WAITING + 10):
        requests.ask("why", str(number))
    taken = requests.take(0.0)
    assert [request.value for request in taken] == [str(number) for number in range(10, MOST_WAITING + 10)]


def test_nothing_is_lost_when_several_threads_ask_while_it_is_taken() -> None:
    requests = Requests()
    taken: list[Request] = []

    def ask() -> None:
        for _ in range(10):
            requests.ask("why")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken += requests.take(0.0)
    taken += requests.take(0.0)
    assert sorted(int(request.id[1:]) for request in taken) == list(range(30))

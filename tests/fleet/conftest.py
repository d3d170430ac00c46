"""A broker and somebody who listens to it."""

import pytest

from tests.fleet.broker import Broker, Ear


@pytest.fixture
def broker(tmp_path):
    running = Broker(tmp_path).start()
    yield running
    running.stop()


@pytest.fixture
def ear(broker):
    listening = Ear(broker.port)
    yield listening
    listening.close()

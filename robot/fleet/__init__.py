"""Many robots at once, over any MQTT 5 broker: how each one is, commands with authority, Home Assistant."""

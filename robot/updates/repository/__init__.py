"""The publisher's side of model updates: keys, signed metadata, rollouts. Nothing in this folder runs on a robot."""

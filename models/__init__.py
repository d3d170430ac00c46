"""The models that ship with the robot: ``<model>/<version>/`` with model.tflite, manifest.json, card.md, golden.npz."""

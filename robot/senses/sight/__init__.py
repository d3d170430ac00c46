"""From a camera frame to a `Sighting`."""

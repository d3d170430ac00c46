"""The robot in a browser: a server on this computer only, and the page it serves."""

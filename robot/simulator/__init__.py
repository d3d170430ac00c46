"""The robot in a browser: server and page."""

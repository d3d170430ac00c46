"""The page's files: HTML, style and plain modules. A package only so that they are installed."""

"""Words that a person must hear of at once, found by a list: the same words always give the same answer."""

"""Light effects by name. Each module has `pixels(t_s, count, intensity) -> Pixels`, a pure function.

`t_s` counts from the start of the effect, `count` is the number of lights, `intensity` 0..1 scales the brightness.
"""

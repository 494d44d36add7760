"""The seeded world: ``build(seed, now)`` makes the same people, orders, trackers and troubles for the same seed."""

from sandbox.world.building import DEFAULT_NOW, World, build

__all__ = ["DEFAULT_NOW", "World", "build"]

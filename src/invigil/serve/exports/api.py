"""The exports' facade: who may take what out, said in one place for everything that leaves."""

from invigil.serve.exports.rules.access import may_take_anything, say_actor

__all__ = ["may_take_anything", "say_actor"]

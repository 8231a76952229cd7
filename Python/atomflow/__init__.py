"""AtomFlow potentials in Python.

    from atomflow import AtomFlow, read_model
    print(read_model("water-ekf"))
    atoms.calc = AtomFlow("water-ekf")
"""

from .calculator import AtomFlow
from .model import Model, ModelError, read_model

__all__ = ["AtomFlow", "Model", "ModelError", "read_model"]
__version__ = "0.1.0"

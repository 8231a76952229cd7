"""What a model directory says of its model, read without the program."""

from __future__ import annotations

import dataclasses
import json
import os
import struct
from typing import Any

__all__ = ["Model", "ModelError", "read_model"]

FILE = "model.safetensors"
FORMATS = ("2", "3")
# More than the header of any model.
LONGEST_HEADER = 100_000_000


class ModelError(ValueError):
    """A directory holds no model that can be read; the sentence says which file and what is wrong."""


@dataclasses.dataclass(frozen=True)
class Model:
    """The card of a model."""

    directory: str
    kind: str
    """The kind of potential, such as behlerParrinello."""
    elements: tuple[str, ...]
    parameters: int
    """The number of weights."""
    program: str
    """The program that wrote the file."""
    seed: int | None
    """The seed of the first weights, where it is known."""
    training_data: str | None
    """The digest of the structures that it was trained on, where it is known."""
    checksum: str | None
    potential: dict[str, Any]
    """Everything but the weights, as the program wrote it."""

    def __str__(self) -> str:
        rows = {
            "model": self.directory,
            "kind": self.kind,
            "elements": " ".join(self.elements),
            "weights": str(self.parameters),
            "written by": self.program,
            "seed": self.seed,
            "training data": self.training_data,
            "checksum": self.checksum,
        }
        return "\n".join(f"{name:14}{text}" for name, text in rows.items() if text is not None)


def read_model(directory: str | os.PathLike[str]) -> Model:
    """Reads the card of a model directory; raises ModelError with a sentence where there is none."""
    path = os.path.join(os.fspath(directory), FILE)
    header = _header(path)
    metadata = header.pop("__metadata__", {})
    try:
        if metadata["format"] not in FORMATS:
            raise ModelError(
                f"{path}, 'format': expected one of {', '.join(FORMATS)}, found {metadata['format']}")
        seed = metadata.get("seed")
        return Model(
            directory=os.fspath(directory),
            kind=metadata["kind"],
            elements=tuple(metadata["elements"].split()),
            parameters=sum(_count(entry["shape"]) for entry in header.values()),
            program=metadata["program"],
            seed=None if seed is None else int(seed),
            training_data=metadata.get("data"),
            checksum=metadata.get("checksum"),
            potential=json.loads(metadata["model"]),
        )
    except ModelError:
        raise
    except KeyError as error:
        raise ModelError(f"{path}: expected the key {error}, found none") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: expected the metadata of a model, found {error}") from error


def _count(shape: list[int]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count


def _header(path: str) -> dict[str, Any]:
    """The table of contents of a file in the format safetensors."""
    try:
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > LONGEST_HEADER:
                raise ModelError(f"{path}: expected a file of safetensors, found another")
            header = json.loads(file.read(length))
    except OSError as error:
        raise ModelError(f"{path}: expected a model directory: {error.strerror}") from error
    except (struct.error, ValueError) as error:
        raise ModelError(f"{path}: expected a whole file of safetensors, found another") from error
    if not isinstance(header, dict):
        raise ModelError(f"{path}: expected a whole file of safetensors, found another")
    return header

"""AtomFlow potentials as calculators of ASE.

    from atomflow import AtomFlow
    atoms.calc = AtomFlow("water-ekf")
    print(atoms.get_potential_energy(), atoms.get_forces(), atoms.get_stress())

It needs nothing but ASE, and the program `atomflow` on the path or named by `command`. It starts
`atomflow serve` and talks to it through a Unix socket, so the model is loaded once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from typing import Any

from ase import Atoms, io, units
from ase.calculators.calculator import Calculator, CalculatorError, all_changes
from ase.calculators.socketio import SocketClosed, SocketServer
from ase.stress import full_3x3_to_voigt_6_stress

__all__ = ["AtomFlow"]

# The program and ASE convert from and to atomic units with different editions of CODATA.
HARTREE = 27.211386245988
BOHR = 0.529177210903


class AtomFlow(Calculator):
    """Energy (eV), forces (eV/angstrom) and stress (eV/angstrom^3) of a model.

    model:     a model directory, or a model of the program such as "spcfw"
    command:   the program, or a list of words to start it with
    threads:   how many threads it may use; None leaves that to the program

    The program runs until `close()` is called, the `with` block ends, or the calculator is gone.
    A copy (copy, deepcopy, pickle, a forked process) has the results so far, and starts a program of
    its own for the next.
    """

    implemented_properties = ["energy", "free_energy", "forces", "stress"]

    def __init__(
        self,
        model: str | os.PathLike[str],
        command: str | Sequence[str] = "atomflow",
        threads: int | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        self._words = [command] if isinstance(command, str) else list(command)
        self._words += ["serve", os.fspath(model)]
        # Names stay what they are now, wherever the first calculation happens.
        self._place = os.getcwd()
        if threads is not None:
            self._words += ["--threads", str(threads)]
        self._forget()

    def _forget(self) -> None:
        """Has no program."""
        self._server = None
        self._folder = None
        # The process that started the program, and the atoms that it was started for.
        self._owner = None
        self._served = None

    def __getstate__(self) -> dict[str, Any]:
        """The state of a copy, to which the program does not belong."""
        state = self.__dict__.copy()
        state.update(_server=None, _folder=None, _owner=None, _served=None)
        return state

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        super().calculate(atoms, properties, system_changes)
        key = (tuple(self.atoms.numbers), tuple(self.atoms.pbc))
        ended = self._server is None or self._server.proc.poll() is not None
        if ended or self._owner != os.getpid() or self._served != key:
            self.close()
            self._start()
            self._served = key
        try:
            found = self._server.calculate(self.atoms)
        except (OSError, AssertionError) as error:
            raise CalculatorError(self._reason(error)) from error
        energy = found["energy"] * (HARTREE / units.Ha)
        force_factor = (HARTREE / BOHR) / (units.Ha / units.Bohr)
        self.results = {
            "energy": energy,
            "free_energy": energy,
            "forces": found["forces"] * force_factor,
        }
        if self.atoms.cell.rank == 3 and all(self.atoms.pbc):
            stress = found["virial"] * (-HARTREE / units.Ha / self.atoms.get_volume())
            self.results["stress"] = full_3x3_to_voigt_6_stress(stress)

    def _start(self) -> None:
        self._owner = os.getpid()
        self._folder = tempfile.mkdtemp(prefix="atomflow-")
        template = os.path.join(self._folder, "template.extxyz")
        atoms = self.atoms.copy()
        for name in set(atoms.arrays) - {"numbers", "positions"}:
            del atoms.arrays[name]
        atoms.info = {}
        io.write(template, atoms, format="extxyz")
        name = f"atomflow-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        # The socket is this user's alone, from its first moment on.
        mask = os.umask(0o177)
        try:
            self._server = SocketServer(unixsocket=name)
        finally:
            os.umask(mask)
        words = self._words + ["--template", template, "--ipi", f"unix:{name}"]
        # Lengths are angstrom, whatever they look like.
        words += ["--length-unit", "angstrom", "--energy-unit", "eV"]
        with open(os.path.join(self._folder, "log"), "wb") as log:
            try:
                self._server.proc = subprocess.Popen(
                    words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._place
                )
            except OSError as error:
                self.close()
                raise CalculatorError(f"atomflow cannot be started: {error}") from error

    def _reason(self, error: Exception) -> str:
        """The last words of the program, or the error of the socket."""
        if isinstance(error, SocketClosed):
            self._server.proc.wait()
        with open(os.path.join(self._folder, "log"), errors="replace") as log:
            lines = [line.strip() for line in log if "error:" in line]
        self.close()
        return lines[-1] if lines else f"atomflow: {error!r}"

    def close(self) -> None:
        """Ends the program; the next calculation starts it again."""
        if self._owner != os.getpid():
            # The program of the process that this one was forked from goes on.
            self._forget()
            return
        if self._server is not None:
            process, self._server.proc = self._server.proc, None
            if process is not None and self._server.protocol is None:
                process.terminate()
            if self._server.clientsocket is not None:
                # Closing is not enough where a forked process has the socket, too.
                with contextlib.suppress(OSError):
                    self._server.clientsocket.shutdown(socket.SHUT_RDWR)
            # A forked process that has ended may have removed the file of the socket.
            with contextlib.suppress(FileNotFoundError):
                self._server.close()
            if process is not None:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._forget()

    def __enter__(self) -> AtomFlow:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:
            pass

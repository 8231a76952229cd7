"""Counts the allocations of memory in computations of a model, as a script of gdb.

    gdb -batch -x allocations.py --args lmp -in in.lammps

Prints a line `allocations: OWN OTHERS` for each computation after the first two, which compile the model.
Others are those of the KIM API, which makes texts for its log. Where the environment has
ALLOCATIONS_VERBOSE, a line for each of its own allocations says where it was called.
"""

import os

import gdb

FUNCTIONS = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"]
DRIVER, KIM = "libkim-api-model-driver.so", "libkim-api.so"
VERBOSE = "ALLOCATIONS_VERBOSE" in os.environ


class Allocation(gdb.Breakpoint):
    """A function that allocates; it counts calls while a computation is under way."""

    own = others = 0

    def stop(self):
        frame, names, library = gdb.newest_frame(), [], ""
        # Up to the first caller in the driver, or in the KIM API.
        while frame is not None and DRIVER not in library and KIM not in library:
            library = gdb.solib_name(frame.pc()) or ""
            names.append(frame.name() or "?")
            frame = frame.older()
        isOwn = KIM not in library
        while VERBOSE and frame is not None and len(names) < 9:
            names.append(frame.name() or "?")
            frame = frame.older()
        Allocation.own += isOwn
        Allocation.others += not isOwn
        if VERBOSE and isOwn:
            print("  " + " < ".join(names), flush=True)
        return False


class Return(gdb.FinishBreakpoint):
    """The end of a computation."""

    def stop(self):
        for allocation in allocations:
            allocation.enabled = False
        print(f"allocations: {Allocation.own} {Allocation.others}", flush=True)
        return False


class Computation(gdb.Breakpoint):
    """The call by which a simulator asks for energies and forces."""

    calls = 0
    isReached = False

    def stop(self):
        self.calls += 1
        self.isReached = self.calls > 2
        return self.isReached


gdb.execute("set breakpoint pending on")
gdb.execute("set confirm off")
gdb.execute("set pagination off")
gdb.execute("handle SIGUSR1 nostop noprint pass")
computation = Computation("KIM_Model_Compute")
allocations = []
gdb.execute("run")
while gdb.selected_inferior().pid and gdb.selected_thread() is not None:
    # Otherwise something else has stopped the program, such as a signal.
    if computation.isReached:
        computation.isReached = False
        if not allocations:
            allocations = [Allocation(name, internal=True) for name in FUNCTIONS]
        Allocation.own = Allocation.others = 0
        Return(gdb.newest_frame(), internal=True)
        for allocation in allocations:
            allocation.enabled = True
    gdb.execute("continue")

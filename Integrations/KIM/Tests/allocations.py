"""Counts allocations of memory and compiled programs in computations of a model, as a script of gdb.

    gdb -batch -x allocations.py --args lmp -in in.lammps

Prints a line `allocations: OWN OTHERS` for each computation after the first two, which compile the model,
and at the end a line `programs: COUNT` with the number of programs compiled.
Others are those of the KIM API, which makes texts for its log. Where the environment has
ALLOCATIONS_VERBOSE, a line for each of its own allocations says where it was called.
"""

import os
import re

import gdb

FUNCTIONS = ["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"]
# The beginning of the name of the function that compiles a program.
COMPILER = "$s5Graph7ProgramV_7updates7options"
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


class Compilation(gdb.Breakpoint):
    """The function that compiles a program; it counts its calls."""

    count = 0

    def stop(self):
        Compilation.count += 1
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
        # The first one finds the driver loaded, and its model not compiled yet.
        self.isReached = self.calls == 1 or self.calls > 2
        return self.isReached


def countPrograms():
    """Counts the programs that are compiled from now on."""
    names = gdb.execute("info functions -n " + re.escape(COMPILER), to_string=True)
    for name in re.findall(re.escape(COMPILER) + r"\w*fC\b", names):
        Compilation(function=name, internal=True)


def countAllocations():
    """Counts the allocations of the computation that begins."""
    if not allocations:
        allocations.extend(Allocation(name, internal=True) for name in FUNCTIONS)
    Allocation.own = Allocation.others = 0
    Return(gdb.newest_frame(), internal=True)
    for allocation in allocations:
        allocation.enabled = True


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
        if computation.calls == 1:
            countPrograms()
        else:
            countAllocations()
    gdb.execute("continue")
print(f"programs: {Compilation.count}", flush=True)

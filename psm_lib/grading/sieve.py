"""Which calls to the kernel a submission may not make.

A cage's limits are on files, and on memory as the kernel counts it for each
process. The calls refused here would get around them (memory that belongs to
no process, a namespace within the namespace, in which one is root again) or
reach what no namespace separates (keyrings). The program is one of the
kernel's packet filters, in the words of seccomp(2); bubblewrap loads it.
"""

from __future__ import annotations

import errno
import os
import platform
import struct

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers by architecture, in the order of ARCHITECTURES.
REFUSED = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
}
CLONE3, CLONE, MMAP = (435, 435), (56, 220), (9, 222)
NEW_USER = 0x10000000  # of clone's flags
SHARED_ANONYMOUS = 0x21  # of mmap's
LOAD, AND, RETURN = 0x20, 0x54, 0x06
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45
NUMBER, ARCHITECTURE, FIRST = 0, 4, 16  # where they stand; 8 bytes a piece
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def program(machine: str | None = None) -> bytes:
    """The filter for a machine; empty where its numbers are not known."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        return b""
    which = list(ARCHITECTURES).index(machine)
    no, unknown = REFUSE | errno.EPERM, REFUSE | errno.ENOSYS
    # Each step: what to do, where to go on if so and if not, with what.
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, unknown),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, 0x40000000),  # x86's second set of numbers
        (RETURN, 0, 0, unknown),
        # Its flags cannot be read; those who find it missing use clone.
        (EQUAL, 0, 1, CLONE3[which]),
        (RETURN, 0, 0, unknown),
    ]
    for numbers in REFUSED.values():
        steps += [(EQUAL, 0, 1, numbers[which]), (RETURN, 0, 0, no)]
    steps += [
        (EQUAL, 0, 4, CLONE[which]),
        (LOAD, 0, 0, FIRST),
        (ANY_BIT, 0, 1, NEW_USER),
        (RETURN, 0, 0, no),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, 0, 4, MMAP[which]),
        (LOAD, 0, 0, FIRST + 3 * 8),
        (AND, 0, 0, SHARED_ANONYMOUS),
        (EQUAL, 0, 1, SHARED_ANONYMOUS),
        (RETURN, 0, 0, no),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def opened() -> int | None:
    """A file to read the program from, or None; the caller closes it."""
    filter_ = program()
    if not filter_:
        return None
    out, into = os.pipe()
    try:
        os.write(into, filter_)  # a few hundred bytes, which a pipe holds
    finally:
        os.close(into)
    return out

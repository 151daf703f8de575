"""A network of one's own: a process and its children, alone on a loopback.

What the course runs listens on the ports that a reader types, 9999 and 9092. In network
namespaces of their own (network_namespaces(7)), two runs can listen on them at once.

``python -m streamdocs.system.netns PROGRAM ARGUMENT…`` runs a program so; it fails, with nothing
run, where the system allows no namespaces.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

# From sched.h, sockios.h and if.h.
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


def possible() -> bool:
    """Whether the system allows it to the end: some refuse half-way, and then nothing is left."""
    pid = os.fork()
    if pid == 0:
        refused = True
        with suppress(OSError):
            _enter()
            refused = False
        os._exit(refused)
    return os.waitpid(pid, 0)[1] == 0


def enter() -> None:
    """Give this process, which must have a single thread, a network of its own.

    Raises PermissionError where the system does not allow it; then nothing has changed.
    """
    if not possible():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    _enter()


def _enter() -> None:
    user, group = os.geteuid(), os.getegid()
    _unshare(_CLONE_NEWNET if user == 0 else _CLONE_NEWNET | _CLONE_NEWUSER)
    if user != 0:
        # Only in a user namespace of its own may another user than root have a network; there it
        # stays who it is.
        me = Path("/proc/self")
        (me / "setgroups").write_text("deny")
        (me / "uid_map").write_text(f"{user} {user} 1")
        (me / "gid_map").write_text(f"{group} {group} 1")
    _switch_loopback_on()


def _unshare(what: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(what) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _switch_loopback_on() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_:
        fcntl.ioctl(any_, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def main() -> None:
    """Run the program of the command line in a network of its own."""
    try:
        enter()
    except OSError as error:
        sys.exit(f"El sistema no permite redes aparte (network namespaces): {error.strerror}.")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()

"""The place of a run: locked while it is written, replaced only by something complete.

A run is written to a temporary sibling and renamed. A killed run leaves no half folder: its lock is gone with
its process, and the next run into the same place removes what it left.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import BadInput, EnvironmentFailed, Fault, FolderInUse
from engine.store.manifest import NAME, PRIVATE, is_run


@contextmanager
def reserve(out: Path) -> Iterator[Path]:
    """Lock a place for a run and yield the temporary folder in which to write it; removed at the end if it is left.

    Raises:
        BadInput: the place holds something that is no run of this engine.
        FolderInUse: a live process writes there.
        EnvironmentFailed: the place cannot be written.

    """
    out = Path(os.path.abspath(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = open(out.parent / f".{out.name}.lock", "a+", encoding="utf-8")  # noqa: SIM115 - held for the whole run
    except OSError as error:
        raise EnvironmentFailed(
            f"cannot write {out}: {error.strerror}", hint="Choose another --out."
        ) from None
    with lock:
        _take(lock.fileno(), out, lock)
        _recover(out)
        _refuse_foreign(out)
        temporary = out.parent / f".{out.name}.{os.getpid()}.tmp"
        temporary.mkdir(mode=0o700)
        try:
            yield temporary
        except OSError as error:
            raise EnvironmentFailed(
                f"writing {out} failed: {error.strerror or error}", hint="Check space and permissions."
            ) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            Path(lock.name).unlink(missing_ok=True)


def publish(temporary: Path, out: Path) -> None:
    """Put a complete run in its place; an earlier run there is replaced only now.

    What is private in it is for the owner alone, where the platform allows; the rest is as open as files usually are.
    """
    _open(temporary)
    out = Path(os.path.abspath(out))
    old = out.parent / f".{out.name}.old"
    if out.exists():
        out.rename(old)
    temporary.rename(out)
    _sync(out.parent)
    shutil.rmtree(old, ignore_errors=True)


def _open(folder: Path) -> None:
    """Let others into the folder of a run that was written behind closed doors, but not into what is private."""
    with suppress(OSError):
        for path in (folder / PRIVATE, *(folder / PRIVATE).rglob("*")):
            if path.exists():
                path.chmod(0o700 if path.is_dir() else 0o600)
        usual = (folder / NAME).stat().st_mode & 0o666
        folder.chmod(0o700 | usual | (usual & 0o444) >> 2)


def _take(descriptor: int, out: Path, lock: object) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        who = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
        raise FolderInUse(
            f"{out} is being written by another run ({who})", hint="Wait for it, or choose another --out."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"pid {os.getpid()} since {time.strftime('%Y-%m-%d %H:%M:%S')}".encode(), 0)


def _recover(out: Path) -> None:
    """Clear what a killed run left: its temporary folder, or an earlier run that it had moved aside."""
    old = out.parent / f".{out.name}.old"
    if old.exists():
        if out.exists():
            shutil.rmtree(old)
        else:
            old.rename(out)
    for stale in sorted(out.parent.glob(f".{out.name}.*.tmp")):
        shutil.rmtree(stale, ignore_errors=True)


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise BadInput([Fault("E_OUT", f"{out} is a file", "Name a folder with --out.")])
    if any(out.iterdir()) and not is_run(out):
        raise BadInput(
            [
                Fault(
                    "E_OUT",
                    f"{out} is not empty and holds no run",
                    "Name a new folder with --out; nothing was touched.",
                )
            ]
        )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

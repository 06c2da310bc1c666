"""A file that is made from others, and written only when one of them is newer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """One file to write, what it is made from, and how."""

    path: Path
    sources: tuple[Path, ...]
    make: Callable[[], bytes]

    @property
    def is_current(self) -> bool:
        """Nothing that it is made from has changed since it was written."""
        if not self.path.exists():
            return False
        return self.path.stat().st_mtime >= max(source.stat().st_mtime for source in self.sources)

    def write(self) -> None:
        """Replace the file in one step, so that a server reading it never sees half of it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".new")
        draft.write_bytes(self.make())
        draft.replace(self.path)

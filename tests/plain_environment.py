"""An environment with what the plain requirements name and nothing more, made of links into the one that runs this."""

from __future__ import annotations

import sysconfig
import venv
from collections import Counter
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.requirement_files import pinned


def make(directory: Path) -> Path:
    """Make it in `directory`, without network; return its interpreter."""
    venv.create(directory, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(directory)}))
    wanted = pinned("requirements.txt").keys() | {"rollpin"}
    owners = Counter(top for each in distributions() for top in {file.parts[0] for file in each.files or ()})
    for each in distributions():
        if canonicalize_name(each.name) in wanted:
            _link(each, site, owners)
    return directory / "bin" / "python"


def _link(distribution: Distribution, site: Path, owners: Counter[str]) -> None:
    """Link a directory that is one distribution's whole, and of one that several share file by file."""
    for file in distribution.files or ():
        top = file.parts[0]
        place = site / (top if owners[top] == 1 else file)
        if top in {"..", "__pycache__"} or place.is_symlink():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(distribution.locate_file(place.relative_to(site)))

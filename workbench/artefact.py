"""What `sam build` made: looked at for the machine it ships to, and imported on this one.

`python -m workbench.artefact` is a step of the gate; it tells what is wrong, a line each.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from workbench.deploy import ROOT, Built, build

SHIPPED = ROOT / ".aws-sam" / "build"
DOORS = ("ScheduleFetchesFunction", "FetchOrdersFunction", "BookOrdersFunction")
ARM64 = 183  # e_machine of an ELF file
MOST_MEGABYTES = 60  # unpacked; Lambda allows 250, and a cold start reads it

# Run in a bare interpreter: nothing but the standard library, the function and the layer can be
# found, so that a library that did not get into the layer shows. boto3 is imported when it is used.
IMPORT = """
import sys
sys.path[:0] = [{function!r}, {layer!r}]
import app, boekbrug
assert callable(app.lambda_handler)
assert boekbrug.__file__.startswith({layer!r}), boekbrug.__file__
"""


def shipped_faults(layer: Path) -> Iterator[str]:
    """What is wrong with a layer that goes to Lambda (arm64), one sentence each."""
    for library in layer.rglob("*.so"):
        if int.from_bytes(library.read_bytes()[18:20], "little") != ARM64:
            yield f"{library.relative_to(layer)} is not for arm64"
    for file in layer.rglob("*.py"):
        if not (file.parent / "__pycache__" / f"{file.stem}.cpython-313.pyc").exists():
            yield f"{file.relative_to(layer)} is not compiled"
    size = sum(file.stat().st_size for file in layer.rglob("*") if file.is_file())
    if size > MOST_MEGABYTES * 1_000_000:
        yield f"the layer is {size // 1_000_000} MB, more than {MOST_MEGABYTES}"


def import_fault(built: Built, door: str) -> str:
    """What importing a built handler in a bare interpreter says, ``""`` when it works."""
    function, layer = built.folder / door, built.folder / "CoreLayer" / "python"
    code = IMPORT.format(function=str(function), layer=str(layer))
    bare = getattr(sys, "_base_executable", sys.executable)  # not the one of our environment
    done = subprocess.run(
        [bare, "-I", "-B", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode else ""


def main() -> int:
    """1 when something is wrong."""
    if not (SHIPPED / "CoreLayer").exists():
        print("nothing is built yet: make build")
        return 1
    built = build()
    imports = {door: import_fault(built, door) for door in DOORS}
    faults = [
        *shipped_faults(SHIPPED / "CoreLayer"),
        *(f"{door} cannot be imported:\n{fault}" for door, fault in imports.items() if fault),
    ]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

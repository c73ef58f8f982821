"""Our real template, built by `sam build`, onto the embedded AWS.

What `sam deploy` does with a built template (upload the code, create or update the stack), without
its 7 seconds; nothing is done when neither code nor parameters have changed.
"""

import fcntl
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no types

from workbench.embedded_aws import EmbeddedAws
from workbench.state_folder import LAID_OUT, StateFolder

ROOT = Path(__file__).resolve().parent.parent
STACK = "boekbrug"
BUCKET = "boekbrug-artefacts"
DEPLOY_SECONDS = 60
# What the built template is made from; a change in any of it means: build again.
SOURCES = ("template.yaml", "samconfig.toml", "requirements/layer.txt", "functions", "layers/core")


class DeployError(Exception):
    """When the template cannot be built or deployed; the text is for the person at the screen."""


@dataclass(frozen=True, slots=True)
class Built:
    """A built template: its folder, and the hash of what it was built from."""

    folder: Path
    digest: str


# --------------------------------------------------------------------------- build


def machine() -> str:
    """The processor of this machine, as the template's ``Architecture`` names it."""
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


def build() -> Built:
    """`sam build` for this machine's processor, unless nothing has changed since the last one."""
    digest = _digest(machine())
    folder = ROOT / ".aws-sam" / "local"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs may start at once
        stamp = folder.parent / "local.digest"
        if not (stamp.exists() and stamp.read_text() == digest and _whole(folder)):
            stamp.unlink(missing_ok=True)
            _sam_build(folder)
            stamp.write_text(digest)
    return Built(folder, digest)


def _whole(folder: Path) -> bool:
    return (folder / "template.yaml").exists() and (folder / "CoreLayer").exists()


def _sam_build(folder: Path) -> None:
    sam = ROOT / ".venv-sam" / "bin" / "sam"
    if not sam.exists():
        raise DeployError("The SAM tools are not set up yet: run 'make setup' once.")
    tools = f"{ROOT / '.venv' / 'bin'}:{sam.parent}:{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [sam, "build", "--build-dir", folder, "--parameter-overrides", f"Architecture={machine()}"],
        cwd=ROOT,
        env=os.environ | {"PATH": tools, "ARCHITECTURE": machine(), "SAM_CLI_TELEMETRY": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DeployError(f"The template could not be built:\n{done.stdout.strip()}")


def _digest(architecture: str) -> str:
    digest = hashlib.sha256(architecture.encode())
    for path in _files():
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in inside if file.is_file() and "__pycache__" not in file.parts)


# --------------------------------------------------------------------------- deploy


def deploy(
    aws: EmbeddedAws, built: Built, parameters: Mapping[str, str], state: StateFolder
) -> dict[str, str]:
    """Create or update the stack; returns its outputs."""
    remembered, layers = state.deployed, state.layers
    wanted = {"code": built.digest, "parameters": _fingerprints(parameters)}
    formation = aws.client("cloudformation")
    stands = json.loads(remembered.read_text()) if remembered.exists() else {}
    if _stack(formation) is None or not layers.exists():
        stands = {}
    if stands != wanted:
        remembered.unlink(missing_ok=True)
        same_code = stands.get("code") == built.digest
        template = None if same_code else _package(aws, built.folder, layers)
        _put_stack(formation, template, parameters)
        aws.save()
        remembered.write_text(json.dumps(wanted))
    return _outputs(_stack(formation))


def _fingerprints(parameters: Mapping[str, str]) -> dict[str, str]:
    """Hashes: one of the values is a secret."""
    return {name: hashlib.sha256(value.encode()).hexdigest() for name, value in parameters.items()}


def _stack(formation: Any) -> Any:
    try:
        return formation.describe_stacks(StackName=STACK)["Stacks"][0]
    except formation.exceptions.ClientError:
        return None


def _outputs(stack: Any) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _package(aws: EmbeddedAws, folder: Path, layers: Path) -> Any:
    """The built template with its folders uploaded and named as objects.

    Of the layer only a note is uploaded: packing and unpacking 50 MB is most of a short run.
    """
    storage = aws.client("s3")
    if BUCKET not in {bucket["Name"] for bucket in storage.list_buckets()["Buckets"]}:
        region = {"LocationConstraint": storage.meta.region_name}
        storage.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)
    template = yaml.safe_load((folder / "template.yaml").read_text())
    shutil.rmtree(layers, ignore_errors=True)
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                content = folder / resource["Properties"][name]
                archive = _archive(content if name == "CodeUri" else _laid_out(content, layers))
                key = hashlib.sha256(archive).hexdigest()
                storage.put_object(Bucket=BUCKET, Key=key, Body=archive)
                resource["Properties"][name] = f"s3://{BUCKET}/{key}"
    return template


def _laid_out(layer: Path, layers: Path) -> Path:
    """The layer's files under their digest, and a folder with a note that says so.

    Links where that works: the next build makes new files and leaves these alone.
    """
    digest = hashlib.sha256()
    for file in sorted(file for file in layer.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(layer)}\0".encode() + file.read_bytes())
    shutil.copytree(layer, layers / digest.hexdigest(), copy_function=_link)
    note = layers / "note"
    note.mkdir(exist_ok=True)
    (note / LAID_OUT).write_text(digest.hexdigest())
    return note


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def _archive(folder: Path) -> bytes:
    """A zip whose bytes depend on the files only: the same code gives the same layer version."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(str(file.relative_to(folder)))
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def _put_stack(formation: Any, template: Any, parameters: Mapping[str, str]) -> None:
    """``template`` is ``None`` when only parameters have changed."""
    change = formation.update_stack if _stack(formation) else formation.create_stack
    body = {"TemplateBody": json.dumps(template)} if template else {"UsePreviousTemplate": True}
    try:
        change(
            StackName=STACK,
            **body,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except formation.exceptions.ClientError as refused:
        if "No updates" not in str(refused):
            raise DeployError(f"The embedded AWS refused the template: {refused}") from None
        return
    _wait_for(formation)


def _wait_for(formation: Any) -> None:
    until = time.monotonic() + DEPLOY_SECONDS
    while (status := _stack(formation)["StackStatus"]).endswith("_IN_PROGRESS"):
        if time.monotonic() > until:
            raise DeployError(f"The deployment did not end in {DEPLOY_SECONDS} seconds.")
        time.sleep(0.05)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]
        raise DeployError("The deployment failed:\n" + "\n".join(reasons))

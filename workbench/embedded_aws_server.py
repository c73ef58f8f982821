"""The process of the embedded AWS: ministack, plus a journal that makes its tables survive a kill.

ministack writes its state to disk when it is stopped politely, and loses it when it is killed. A
lost ledger would book orders twice, so every change of a table's item goes to a journal on disk
before the request is answered; at the start the journal is the truth for all items. Everything
else (stack, functions, key, queues) is saved when asked (SIGUSR1, after a deployment) and at a
polite stop (SIGTERM, or when whoever started us is gone); queues are only triggers.

Started by ``workbench.embedded_aws`` only, with the listening socket and its standard input as
the line that tells it that its parent lives.
"""

# ruff: noqa: SLF001  # ministack offers no hooks; its version is pinned, and tests hold these
import asyncio
import json
import os
import re
import signal
import socket
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography.fernet import Fernet
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app
from ministack.core import iam_actions, lambda_runtime, persistence
from ministack.services import dynamodb, lambda_svc, scheduler, sqs

from workbench.state_folder import LAID_OUT

STATE = Path(os.environ["STATE_DIR"])
JOURNAL = STATE / "items.journal"
SAVED = STATE / "saved"  # touched when a save is complete
KEY = STATE / "key"
LAYERS = Path(os.environ["LAYERS_DIR"])
STORES = ("dynamodb", "kms", "s3", "sqs", "sns", "ses", "ses_v2")
CONTROL = ("cloudformation", "cloudwatch", "cloudwatch_logs", "eventbridge", "iam", "lambda")
SERVICES = {*STORES, *CONTROL, "scheduler", "sts"}  # whose state is kept
LONGEST_PAUSE = 20  # seconds until a message comes again, where AWS would take minutes
WORKERS_END = 20  # seconds that running functions get at a stop


class Journal:
    """Every change of an item, in the order of the changes, on disk before it is acknowledged.

    A line holds the item as it is after the change (or null), so playing it twice is harmless.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._file = path.open("ab")

    def note(self, table: dict[str, Any], hash_key: Any, range_key: Any, item: Any) -> None:
        line = json.dumps([table["TableArn"], hash_key, range_key, item], default=_encode)
        with self._lock:
            self._lines.append(line)

    def flush(self) -> None:
        """On disk, not only handed to the system; one write per request."""
        with self._lock:
            if not self._lines:
                return
            self._file.write(("\n".join(self._lines) + "\n").encode())
            self._lines.clear()
            self._file.flush()
            os.fdatasync(self._file.fileno())

    def play_back(self) -> None:
        """Items as they were when the last change was acknowledged, then a compact journal."""
        tables = {table["TableArn"]: table for _, table in dynamodb._tables.all_items()}
        for table in tables.values():
            table["items"].clear()
            dynamodb._items_replaced(table)
        for line in self._path.read_bytes().splitlines():
            try:
                arn, hash_key, range_key, item = json.loads(line, object_hook=_decode)
            except ValueError:
                continue  # the kill came in the middle of this line: it was never acknowledged
            if arn in tables:
                change = dynamodb._remove_item if item is None else dynamodb._set_item
                change(tables[arn], hash_key, range_key, *([] if item is None else [item]))
        self._compact(tables)

    def _compact(self, tables: dict[str, Any]) -> None:
        fresh = self._path.with_suffix(".new")
        with fresh.open("w") as file:
            for table in tables.values():
                for hash_key, items in table["items"].items():
                    for range_key, item in items.items():
                        row = [table["TableArn"], hash_key, range_key, item]
                        file.write(json.dumps(row, default=_encode) + "\n")
            file.flush()
            os.fdatasync(file.fileno())
        fresh.replace(self._path)
        self._file.close()
        self._file = self._path.open("ab")


_encode, _decode = persistence._json_default, persistence._json_object_hook


def keep_items(journal: Journal) -> None:
    """Put the journal behind ministack's two functions that change an item, and its start."""
    set_item, remove_item = dynamodb._set_item, dynamodb._remove_item
    handle, load = dynamodb.handle_request, app._load_persisted_state

    def noted_set(table: Any, hash_key: Any, range_key: Any, item: Any) -> Any:
        before = set_item(table, hash_key, range_key, item)
        journal.note(table, hash_key, range_key, item)
        return before

    def noted_remove(table: Any, hash_key: Any, range_key: Any) -> Any:
        before = remove_item(table, hash_key, range_key)
        journal.note(table, hash_key, range_key, None)
        return before

    async def acknowledged(*request: Any) -> Any:
        answer = await handle(*request)
        journal.flush()
        return answer

    def loaded() -> None:
        load()
        journal.play_back()
        dynamodb._set_item, dynamodb._remove_item = noted_set, noted_remove
        dynamodb.handle_request = acknowledged

    app._load_persisted_state = loaded


def one_batch_per_group() -> None:
    """FIFO mappings with as many batches at a time as they ask for, as AWS does.

    ministack runs one at a time; its queue already keeps a group with a batch in flight closed,
    so groups stay in order. It also takes the number from a template's parameter as text.
    """

    def as_configured(mapping: Any, *_: Any) -> int:
        return int((mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") or 5)

    lambda_svc._sqs_esm_concurrency = as_configured


def stable_queue_urls() -> None:
    """Queues are kept under a URL with the port; the port is another one at every start."""
    sqs.DEFAULT_PORT = "4566"
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:4566"


def short_waits() -> None:
    """Messages that are delayed or handed back come again soon: a person is watching.

    A message handed back would otherwise stay invisible for six function timeouts. Its function
    has ended, so nobody else works on it.
    """
    send, run_batch, load = (
        sqs._act_send_message,
        lambda_svc._run_sqs_batch,
        sqs.load_persisted_state,
    )

    def sent(data: Any, *rest: Any) -> Any:
        delay = min(int(data.get("DelaySeconds") or 0), LONGEST_PAUSE)
        return send(data | {"DelaySeconds": delay}, *rest)

    def batch_done(mapping: Any, function: Any, event: Any, batch: Any, *queue: Any) -> None:
        run_batch(mapping, function, event, batch, *queue)
        for message in batch:
            pause = min(2 ** message["receive_count"], LONGEST_PAUSE)
            message["visible_at"] = min(message["visible_at"], time.time() + pause)

    def loaded(data: Any) -> None:
        load(data)
        for _, queue in sqs._queues.all_items():
            for message in queue["messages"]:  # whoever had received it is gone
                message["visible_at"] = min(message["visible_at"], time.time())

    sqs._act_send_message = sqs._HANDLERS["SendMessage"] = sent
    lambda_svc._run_sqs_batch = batch_done
    sqs.load_persisted_state = loaded


def actions_as_aws_names_them() -> None:
    """With AUTH=true ministack asks for an action of the call's own name; AWS does not always.

    And it does not see the table in a PartiQL statement.
    """
    named, tables = iam_actions.extract_iam_action, iam_actions.dynamodb_resource_arns
    aws_names = {
        "sqs:SendMessageBatch": "sqs:SendMessage",
        "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
        "dynamodb:BatchExecuteStatement": "dynamodb:PartiQLInsert",  # the only statement we use
    }

    def as_aws(*request: Any) -> Any:
        action = named(*request)
        return aws_names.get(action, action)

    def tables_too(body: bytes, region: str, account: str) -> Any:
        inserted = re.findall(rb'INSERT INTO \\"([^"\\]+)', body)
        names = [f"arn:aws:dynamodb:{region}:{account}:table/{name.decode()}" for name in inserted]
        return names or tables(body, region, account)

    iam_actions.extract_iam_action, iam_actions.dynamodb_resource_arns = as_aws, tables_too


class LaidOut(zipfile.ZipFile):
    """In place of ``zipfile.ZipFile``: a note alone stands for a layer that lies there already."""

    def extractall(self, path: Any = None, *rest: Any) -> None:
        """``path`` becomes a link to the layer; no worker changes what is in it."""
        if self.namelist() != [LAID_OUT]:
            super().extractall(path, *rest)
            return
        Path(path).rmdir()
        Path(path).symlink_to(LAYERS / self.read(LAID_OUT).decode())


def use_laid_out_layers() -> None:
    """Put it where ministack's workers look for the real one."""
    lambda_runtime.zipfile = SimpleNamespace(ZipFile=LaidOut, BadZipFile=zipfile.BadZipFile)


class Activity:
    """Whether queues are read and schedules fire.

    Not before the parent says so (SIGUSR2): until it has deployed, functions would work with the
    addresses of the last run. And not any more once a stop has begun.
    """

    def __init__(self) -> None:
        self._on = False
        poll, tick = lambda_svc._poll_sqs, scheduler._tick_schedules
        lambda_svc._poll_sqs = lambda: self._on and poll()
        scheduler._tick_schedules = lambda: self._on and tick()

    def begin(self) -> None:
        self._on = True

    async def end(self) -> None:
        """Functions that run may finish: an order is posted and remembered, or neither."""
        self._on = False
        until = time.monotonic() + WORKERS_END
        while lambda_svc._esm_inflight and time.monotonic() < until:  # noqa: ASYNC110  # not ours
            await asyncio.sleep(0.05)


def keep_only_ours() -> None:
    """A deployment loads nearly a hundred services; reading all their states takes seconds."""
    every = app._build_persistence_save_dict
    app._build_persistence_save_dict = lambda: {
        name: state for name, state in every().items() if name in SERVICES
    }


def seal_what_is_saved() -> None:
    """Functions know the partner token and queues hold orders; AWS encrypts both at rest.

    The key lies beside it: a file that is shown or sent to somebody tells nothing by itself.
    """
    if not KEY.exists():
        KEY.touch(mode=0o600)
        KEY.write_bytes(Fernet.generate_key())
    fernet = Fernet(KEY.read_bytes())
    save_state, load_state = persistence.save_state, persistence.load_state

    def sealed(service: str, state: Any) -> None:
        text = json.dumps(state, default=_encode)
        save_state(service, {"sealed": fernet.encrypt(text.encode()).decode()})

    def opened(service: str) -> Any:
        saved = load_state(service)
        return saved and json.loads(fernet.decrypt(saved["sealed"]), object_hook=_decode)

    persistence.save_state = sealed
    app.load_state = opened


def save() -> None:
    persistence.save_all(app._build_persistence_save_dict())
    SAVED.touch()


async def run(listener: socket.socket, activity: Activity) -> None:
    """Serve until SIGTERM or until the parent is gone."""
    stop = asyncio.Event()

    async def stopped() -> None:
        await stop.wait()
        await activity.end()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, save)
    loop.add_signal_handler(signal.SIGUSR2, activity.begin)

    def parent_gone() -> None:
        sys.stdin.read()  # returns when the parent closes its end, or dies
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=parent_gone, daemon=True).start()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    await serve(app.app, config, shutdown_trigger=stopped)


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    stable_queue_urls()
    one_batch_per_group()
    keep_only_ours()
    seal_what_is_saved()
    short_waits()
    use_laid_out_layers()
    actions_as_aws_names_them()
    keep_items(Journal(JOURNAL))
    asyncio.run(run(listener, Activity()))
    lambda_runtime.reset()  # ends the processes of the functions


if __name__ == "__main__":
    main()

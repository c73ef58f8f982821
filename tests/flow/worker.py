"""A process that works through one queue until somebody kills it.

    python -m tests.flow.worker FUNCTION QUEUE LIMIT

Everything else is in the environment, as for a function.
"""

import os
import sys
import time

from tests.flow.flow_world import Flow
from tests.support.embedded import EMBEDDED, Aws
from tests.support.stack import Stack
from workbench.standins.books.standin import BooksStandIn
from workbench.standins.shop.standin import ShopStandIn

HIDDEN = 2  # seconds until the batch of a killed worker comes again


def main() -> None:
    function, queue, limit = sys.argv[1:]
    stack = Stack(Aws(EMBEDDED, os.environ["AWS_ENDPOINT_URL"]), dict(os.environ))
    flow = Flow(stack, ShopStandIn(), BooksStandIn(), [])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if not flow.batch(queue, function, int(limit), hidden=HIDDEN):
            time.sleep(0.02)


if __name__ == "__main__":
    main()

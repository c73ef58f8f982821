"""Facts about template.yaml that no emulator verifies: batches, retention, encryption, rights."""

import re
from typing import Any

import pytest

from boekbrug.bootstrap import Settings
from boekbrug.journey.hourly import LAST
from boekbrug.ledger.rows import PLACE, row_values
from tests.support.ledger_rows import a_row
from tests.support.template import (
    LAMBDA_BASICS,
    ROOT,
    SQS_POLLER,
    default,
    of_type,
    plain,
    translated,
    written,
)

FUNCTIONS = (
    "ScheduleFetchesFunction",
    "FetchOrdersFunction",
    "BookOrdersFunction",
    "SendNoticesFunction",
    "FollowUpFunction",
    "PortalFunction",
    "ReceiveHookFunction",
)
MAPPINGS = {
    "ShopsQueue": "FetchOrdersFunction",
    "OrdersQueue": "BookOrdersFunction",
    "FollowUpQueue": "FollowUpFunction",
}
RESERVE_SECONDS = 15  # what a function keeps to write down a post and to answer

KEEP_TENANTS = {"GetItem", "BatchGetItem", "UpdateItem"}
KEEP_LEDGER = KEEP_TENANTS | {"Query", "PutItem"}


def _properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = translated()["Resources"][name]["Properties"]
    return found


def _mapping(function: str) -> dict[str, Any]:
    (found,) = (
        one["Properties"]
        for one in of_type("AWS::Lambda::EventSourceMapping").values()
        if one["Properties"]["FunctionName"] == {"Ref": function}
    )
    return found


def _statements(function: str) -> list[dict[str, Any]]:
    role = _properties(f"{function}Role")
    return [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def _rights(function: str) -> dict[str, set[str]]:
    """Resource -> the actions that are allowed on it."""
    rights: dict[str, set[str]] = {}
    for statement in _statements(function):
        actions = statement["Action"]
        named = {actions} if isinstance(actions, str) else set(actions)
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            rights.setdefault(_name(resource), set()).update(named)
    return rights


def _name(resource: Any) -> str:
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    text = str(resource["Fn::Sub"])
    return "SES" if ":ses:" in text else text


# --------------------------------------------------------------------------- functions


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_run_on_python_313_and_arm64(function: str) -> None:
    """What the layer is built for."""
    properties = _properties(function)

    assert properties["Runtime"] == "python3.13"
    assert [plain(one) for one in properties["Architectures"]] == ["arm64"]
    assert properties["Handler"] == "app.lambda_handler"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_are_kept_for_a_while_and_not_longer(function: str) -> None:
    """Each function logs into a group of its own with a retention."""
    group = _properties(function)["LoggingConfig"]["LogGroup"]["Ref"]

    assert plain(_properties(group)["RetentionInDays"]) == 30


def test_a_call_from_outside_can_write_nothing_but_that_it_came() -> None:
    """Tenants and their secrets are out of reach of what it writes."""
    writing = [one for one in _statements("ReceiveHookFunction") if "PutItem" in str(one["Action"])]

    assert [one["Condition"] for one in writing] == [
        {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["HOOK-CALLS"]}}
    ]


def test_every_number_has_its_bounds() -> None:
    """A slip of a digit is refused before anything is deployed."""
    numbers = {n: one for n, one in written()["Parameters"].items() if one["Type"] == "Number"}
    bounded = {
        name
        for name, one in numbers.items()
        if "AllowedValues" in one
        or one.get("MinValue", one["Default"] + 1) <= one["Default"] <= one.get("MaxValue", 0)
    }

    assert bounded == set(numbers)


def test_nothing_is_traced() -> None:
    """X-Ray costs 220 ms of every cold start; the correlation id does its work."""
    assert "xray" not in str(translated()).lower()
    assert all("TracingConfig" not in _properties(function) for function in FUNCTIONS)


def test_the_environment_is_what_the_wiring_reads() -> None:
    """No name that nobody reads, and none missing that the wiring knows."""
    given = {
        name
        for function in FUNCTIONS
        for name in _properties(function)["Environment"]["Variables"]
        if not name.startswith("POWERTOOLS_")
    }

    assert given == {name.upper() for name in Settings.__dataclass_fields__}


def test_only_who_talks_to_the_shop_gets_the_partner_token() -> None:
    """The others have no use for it."""
    holders = [
        function
        for function in FUNCTIONS
        if "PARTNER_TOKEN" in _properties(function)["Environment"]["Variables"]
    ]

    assert set(FUNCTIONS) - set(holders) == {
        "ScheduleFetchesFunction",
        "SendNoticesFunction",
        "ReceiveHookFunction",
    }
    assert written()["Parameters"]["PartnerToken"]["NoEcho"] is True
    assert default("PartnerToken") == ""


# --------------------------------------------------------------------------- queues


@pytest.mark.parametrize(("queue", "function"), MAPPINGS.items())
def test_a_batch_answers_in_parts(queue: str, function: str) -> None:
    """Without ReportBatchItemFailures what a function hands back would be lost."""
    mapping = _mapping(function)

    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("queue", "function"), MAPPINGS.items())
def test_a_message_stays_hidden_for_six_timeouts(queue: str, function: str) -> None:
    """AWS asks for it: sooner, and a throttled function meets its own messages again."""
    timeout = plain(_properties(function)["Timeout"])

    assert plain(_properties(queue)["VisibilityTimeout"]) >= 6 * timeout
    hidden, works = (
        written()["Parameters"][value["Ref"]]
        for value in (_properties(queue)["VisibilityTimeout"], _properties(function)["Timeout"])
    )
    assert hidden["MinValue"] >= works["MaxValue"]


@pytest.mark.parametrize(("queue", "function"), MAPPINGS.items())
def test_how_many_run_at_once_is_a_parameter(queue: str, function: str) -> None:
    """The outside systems see no more than the operator wants."""
    concurrency = _mapping(function)["ScalingConfig"]["MaximumConcurrency"]

    assert concurrency["Ref"] in written()["Parameters"]
    assert plain(concurrency) >= 2  # the least that AWS takes


def test_batches_are_as_large_as_the_functions_expect() -> None:
    """One page of shops, ten orders, one page of shops in the night."""
    sizes = {queue: _mapping(function)["BatchSize"] for queue, function in MAPPINGS.items()}

    assert sizes == {"ShopsQueue": 1, "OrdersQueue": 10, "FollowUpQueue": 1}


def test_a_message_is_given_up_after_a_few_tries_and_an_outage_is_none() -> None:
    """With pauses of half an hour at most, orders outlast a day in which Acumulus is away."""
    tries = {queue: _properties(queue)["RedrivePolicy"]["maxReceiveCount"] for queue in MAPPINGS}
    longest = default("BooksRestMostSeconds")

    assert (tries["ShopsQueue"], tries["FollowUpQueue"]) == (3, 3)
    assert tries["OrdersQueue"] * longest >= _properties("OrdersQueue")["MessageRetentionPeriod"]


def test_a_post_fits_into_its_function() -> None:
    """A post that begins can be answered, written down and reported before the time is up."""
    assert default("BookTimeoutSeconds") >= 2 * (default("BooksTimeoutSeconds") + RESERVE_SECONDS)


def test_orders_of_an_administration_stay_in_order() -> None:
    """FIFO, deduplicated and throttled per group; its dead letters are FIFO too, or it fails."""
    queue = _properties("OrdersQueue")

    assert queue["FifoQueue"] is True
    assert queue["DeduplicationScope"] == "messageGroup"
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"  # else 300 calls a second for all
    assert _properties("OrdersDeadLetters")["FifoQueue"] is True


@pytest.mark.parametrize("queue", ["OrdersQueue", "OrdersDeadLetters"])
def test_orders_leave_a_queue_within_a_day(queue: str) -> None:
    """They hold customers' names, and dead letters of a FIFO queue are counted from anew."""
    assert _properties(queue)["MessageRetentionPeriod"] <= 86400


def test_queues_are_encrypted() -> None:
    """All six, with SQS's own keys: a key of ours would cost a call a message."""
    encrypted = [
        one["Properties"]["SqsManagedSseEnabled"] for one in of_type("AWS::SQS::Queue").values()
    ]

    assert encrypted == [True] * 6


@pytest.mark.parametrize("queue", MAPPINGS)
def test_what_nobody_can_handle_is_parked_and_rings(queue: str) -> None:
    """Each queue has dead letters, and an alarm as soon as one lies there."""
    dead = _properties(queue)["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    alarms = [one["Properties"] for one in of_type("AWS::CloudWatch::Alarm").values()]
    watched = [
        alarm
        for alarm in alarms
        if alarm.get("Dimensions")
        == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [dead, "QueueName"]}}]
    ]

    assert len(watched) == 1
    assert watched[0]["Threshold"] == 0
    assert watched[0]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def _watched() -> set[tuple[str, str]]:
    """What the alarms look at: the metric, and the resource or service whose it is."""
    found = set()
    for one in of_type("AWS::CloudWatch::Alarm").values():
        (dimension,) = one["Properties"]["Dimensions"]
        whose = dimension["Value"]
        found.add((one["Properties"]["MetricName"], whose["Ref"] if "Ref" in whose else str(whose)))
    return found


def test_a_crash_of_whoever_has_no_dead_letters_rings() -> None:
    """Of book_orders at once: posts may be unclear. Of what a schedule calls: nobody else tells."""
    on_schedule = {
        one["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]
        for one in of_type("AWS::Scheduler::Schedule").values()
    }
    errors = {resource for name, resource in _watched() if name == "Errors"}

    assert errors == on_schedule | {"BookOrdersFunction"}
    assert len(on_schedule) == 3


def test_a_schedule_that_is_gone_and_orders_that_wait_ring() -> None:
    """No error comes of either."""
    names = {name for name, _ in _watched()}

    assert {"Invocations", "ApproximateAgeOfOldestMessage"} <= names


def test_every_alarm_points_at_the_runbook() -> None:
    """Whoever is woken knows where to read on."""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert re.search(r"\(runbook: .+\)\.$", alarm["Properties"]["AlarmDescription"])


# --------------------------------------------------------------------------- what is kept


@pytest.mark.parametrize(
    ("table", "attribute"), [("LedgerTable", "ex"), ("SettingsTable", "expires")]
)
def test_what_is_kept_for_a_while_only_goes_by_itself(table: str, attribute: str) -> None:
    """Looked up rates and the like carry the moment they may go."""
    expected = {"AttributeName": attribute, "Enabled": True}

    assert _properties(table)["TimeToLiveSpecification"] == expected


@pytest.mark.parametrize("table", ["LedgerTable", "SettingsTable"])
def test_tables_survive_mistakes(table: str) -> None:
    """On demand, restorable to any second, encrypted with KMS, protected, kept with the stack."""
    resource = translated()["Resources"][table]
    properties = resource["Properties"]

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert properties["DeletionProtectionEnabled"] is True
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_ledgers_one_index_is_not_on_the_way_of_an_order() -> None:
    """An index doubles the writes of what is in it: an order that is just booked has no key."""
    (index,) = _properties("LedgerTable")["GlobalSecondaryIndexes"]
    ordinary = (a_row(state=state) for state in ("queued", "posting", "booked", "skipped"))

    assert index["KeySchema"][0]["AttributeName"] == PLACE
    assert not any(PLACE in row_values(row) for row in ordinary)
    assert PLACE in row_values(a_row(state="held"))


def test_the_key_turns_and_stays() -> None:
    """A lost key is a lost token of every shop."""
    resource = translated()["Resources"]["SecretsKey"]

    assert resource["Properties"]["EnableKeyRotation"] is True
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


# --------------------------------------------------------------------------- rights


def _dynamodb(*actions: str) -> set[str]:
    return {f"dynamodb:{one}" for one in actions}


def test_each_function_may_do_what_it_does_and_nothing_else() -> None:
    """Least privilege, spelled out: whoever widens a policy changes this test too."""
    active, opened = (
        "${SettingsTable.Arn}/index/active-shops",
        "${LedgerTable.Arn}/index/open-orders",
    )
    pause_and_mail = {
        "SettingsTable": _dynamodb(*KEEP_TENANTS),
        active: _dynamodb("Query"),
        "LedgerTable": _dynamodb(*KEEP_LEDGER),
        "SecretsKey": {"kms:Decrypt"},
        "SES": {"ses:SendEmail"},
    }
    of_accounts = {"SettingsTable": _dynamodb(*KEEP_TENANTS, "Query")}
    new_orders = {"LedgerTable": _dynamodb(*KEEP_LEDGER, "PartiQLInsert")}

    assert {function: _rights(function) for function in FUNCTIONS} == {
        "ScheduleFetchesFunction": {
            active: _dynamodb("Query"),
            "ShopsQueue": {"sqs:SendMessage"},
            "LedgerTable": _dynamodb("PutItem"),
        },
        "FetchOrdersFunction": pause_and_mail
        | new_orders
        | {"OrdersQueue": {"sqs:SendMessage"}, "ShopsQueue": {"sqs:SendMessage"}},
        "BookOrdersFunction": pause_and_mail
        | of_accounts
        | {"OrdersQueue": {"sqs:ChangeMessageVisibility"}},
        "SendNoticesFunction": {
            "SettingsTable": _dynamodb(*KEEP_TENANTS, "Query", "Scan", "PutItem"),
            active: _dynamodb("Query"),
            "LedgerTable": _dynamodb("Query"),
            opened: _dynamodb("Query"),
            "SES": {"ses:SendEmail"},
        },
        "FollowUpFunction": pause_and_mail
        | of_accounts
        | new_orders
        | {
            opened: _dynamodb("Query"),
            "OrdersQueue": {"sqs:SendMessage"},
            "FollowUpQueue": {"sqs:SendMessage"},
        },
        "PortalFunction": new_orders
        | {
            "SES": {"ses:SendEmail"},
            "SettingsTable": _dynamodb(*KEEP_TENANTS, "Query", "PutItem", "DeleteItem"),
            active: _dynamodb("Query"),
            opened: _dynamodb("Query"),
            "SecretsKey": {"kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"},
            "ShopsQueue": {"sqs:SendMessage"},
            "OrdersQueue": {"sqs:SendMessage"},
        },
        "ReceiveHookFunction": {
            "SettingsTable": _dynamodb("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
            "SecretsKey": {"kms:Decrypt"},
            "ShopsQueue": {"sqs:SendMessage"},
        },
    }


def test_the_hourly_rule_writes_nothing_but_when_it_struck() -> None:
    """Not one order can be written by what only schedules."""
    (put,) = (
        one for one in _statements("ScheduleFetchesFunction") if "PutItem" in str(one["Action"])
    )

    leading = put["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
    assert leading == [f"CACHE#{LAST}"]


def test_who_tells_owners_writes_nothing_but_what_was_told() -> None:
    """It has no right to the key, and may put items of one partition only."""
    (put,) = (
        one for one in _statements("SendNoticesFunction") if one["Action"] == "dynamodb:PutItem"
    )

    assert put["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["MAILS"]}}
    assert "SECRETS_KEY_ID" not in _properties("SendNoticesFunction")["Environment"]["Variables"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_rights_of_others_are_logs_and_their_own_queue(function: str) -> None:
    """Of AWS's ready-made policies only writing logs, and reading queues where there is one."""
    reads = {SQS_POLLER} if function in MAPPINGS.values() else set()

    assert set(_properties(f"{function}Role")["ManagedPolicyArns"]) == {LAMBDA_BASICS} | reads


def test_mails_go_out_in_our_name_only() -> None:
    """Sending is allowed for the one verified sender."""
    senders = [
        statement["Condition"]
        for function in FUNCTIONS
        for statement in _statements(function)
        if statement["Action"] == "ses:SendEmail"
    ]

    assert senders == [{"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}] * 5


def test_what_expires_in_the_settings_goes_by_itself() -> None:
    """Sign-in links, sessions and limits need no cleaning up."""
    assert _properties("SettingsTable")["TimeToLiveSpecification"] == {
        "AttributeName": "expires",
        "Enabled": True,
    }


def test_the_portal_is_open_to_browsers_and_capped() -> None:
    """Anybody may ask; how many at once is a parameter, so that nobody runs up a bill."""
    assert _properties("PortalFunctionUrl")["AuthType"] == "NONE"
    cap = _properties("PortalFunction")["ReservedConcurrentExecutions"]["Fn::If"]
    assert cap == ["HasPortalCap", {"Ref": "PortalConcurrency"}, {"Ref": "AWS::NoValue"}]
    assert default("PortalConcurrency") == 20
    assert default("SignUp") == "open"


def test_two_stacks_do_not_share_a_schedule() -> None:
    """SAM names a schedule after its logical id, which a second stack has as well."""
    schedules = [one["Properties"] for one in of_type("AWS::Scheduler::Schedule").values()]

    names = {one["Name"]["Fn::Sub"]: one["ScheduleExpression"] for one in schedules}
    assert len(names) == len(schedules)
    assert all(name.startswith("${AWS::StackName}-") for name in names)
    assert names["${AWS::StackName}-hourly"] == "rate(1 hour)"


def test_the_stages_file_holds_no_secret() -> None:
    """Tokens are given when deploying."""
    assert "partnertoken=" not in (ROOT / "samconfig.toml").read_text().lower()

"""What waits, what was remarked, what is over -> one mail; and a fault -> the operator's mail."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from boekbrug.domain.reasons import catalogue, in_english
from boekbrug.journey.attention import worth_telling
from boekbrug.journey.digests import Digest, Item, Section, Summary
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.journey.ports.tenants import Account
from boekbrug.notices.cause_words import DIGEST, DigestWords, cause_words
from boekbrug.notices.finding_words import CauseWords
from boekbrug.notices.mail import OVERVIEW, Mail, link, moment, rendered
from boekbrug.notices.words import FRAMES

MOST_NUMBERS = 20
MOST_REMARKS = 25

ORDERS, CHOOSE = "/bestellingen", "/bestellingen?soort=wacht-op-u"
"""All orders of a shop, and those that wait for a choice of the owner."""

_CATALOGUE = {entry.code: entry for entry in catalogue()}


def digest_mail(account: Account, digest: Digest, *, portal_url: str = "") -> Mail:
    """One mail with a section per cause, the remarks and the summary (R126, R127)."""
    language = _language(account)
    words = DIGEST[language]
    named = [(section, cause_words(section.code, language)) for section in digest.problems]
    named.sort(key=lambda one: not one[1].waits)
    asks = any(cause.asks for _, cause in named)
    waits = any(cause.waits for _, cause in named)
    sections = [_problem(language, section, cause, digest.shops) for section, cause in named]
    if digest.remarks:
        sections.append(_remarked(words, digest, language))
    if digest.summary:
        sections.append(_summed(words, digest.summary, language))
    return _mail(
        account,
        subject=_subject(words, digest, named),
        sections=sections,
        lead=(words.lead if waits else words.noticed) if asks else "",
        calm=words.calm if waits else "",
        often=words.often if digest.problems else "",
        asks=asks,
        portal_url=_there(
            portal_url, digest.problems, CHOOSE if waits and asks else ORDERS, digest.remarks
        ),
    )


def _there(
    portal_url: str, sections: Iterable[Section], page: str, remarks: Iterable[LedgerRow] = ()
) -> str:
    """The page of the shop that all of it is about; of several, the first page leads to each."""
    shops = {item.shop_id for section in sections for item in section.items}
    shops |= {row.key.shop_id for row in remarks}
    only = next(iter(shops)) if len(shops) == 1 else ""
    return link(portal_url, page if only else OVERVIEW, only)


def solved_mail(
    account: Account,
    sections: Sequence[Section],
    shops: Mapping[str, str],
    *,
    portal_url: str = "",
) -> Mail:
    """What the owner was told of and is over, with what became of it."""
    language = _language(account)
    words = DIGEST[language]
    named = [(section, cause_words(section.code, language)) for section in sections]
    waited = [section for section, cause in named if cause.waits]
    return _mail(
        account,
        subject=_solved_subject(words, named, waited),
        sections=[
            _section(
                words,
                _head(words, section, cause.over or cause.head),
                section.items,
                shops,
                lines=[_counted(words, section.outcomes)] if cause.waits else [],
            )
            for section, cause in named
        ],
        calm=words.nothing_to_do,
        portal_url=_there(portal_url, sections, ORDERS),
    )


def crash_mail(operator: str, section: Section) -> Mail:
    """To the operator, in English: the place of the fault and the orders it hit (R129)."""
    words, hit = DIGEST["en"], len(section.items)
    account = Account(account_id="", emails=(operator,), language="en")
    names = {item.shop_id: item.shop_id for item in section.items}
    held = [
        "They are held and nothing was booked. Mend it, then `boekbrug retry SHOP --cause CODE`.",
        "The log has every occurrence; the runbook has the code.",
    ]
    return _mail(
        account,
        subject=f"Boekbrug: {section.code} ({_orders(words, hit)})",
        sections=[_section(words, section.code, section.items, names, lines=held)],
        asks=True,
        footer="You get this mail because your address is the AlarmEmail of this Boekbrug.",
    )


# --------------------------------------------------------------------------- sections


type Named = Sequence[tuple[Section, CauseWords]]


def _problem(
    language: str, section: Section, cause: CauseWords, shops: Mapping[str, str]
) -> dict[str, Any]:
    words = DIGEST[language]
    lines = [cause.why] if cause.why else []
    if cause.details:
        lines += _details(section, shops, language)
    head = _head(words, section, cause.head)
    return _section(words, head, section.items, shops, lines=lines, do=cause.do, asks=cause.asks)


def _head(words: DigestWords, section: Section, head: str) -> str:
    return head.format(orders=_orders(words, len(section.items)))


def _section(
    words: DigestWords,
    head: str,
    items: Sequence[Item],
    shops: Mapping[str, str],
    *,
    lines: Sequence[str],
    do: str = "",
    asks: bool = False,
) -> dict[str, Any]:
    return {
        "head": head,
        "orders": _by_shop(words, items, shops),
        "lines": [line for line in lines if line],
        "do": do,
        "asks": asks,
    }


def _by_shop(
    words: DigestWords, items: Sequence[Item], shops: Mapping[str, str]
) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        found.setdefault(item.shop_id, []).append(item.number)
    return [(shops.get(shop, shop), _numbers(words, one)) for shop, one in found.items()]


def _numbers(words: DigestWords, numbers: Sequence[str]) -> str:
    """As in "1042, 1043 en 1044"; or the first twenty and how many more; none of a whole shop."""
    shown = list(numbers[:MOST_NUMBERS])
    if len(numbers) > len(shown):
        return f"{', '.join(shown)} {words.more.format(n=len(numbers) - len(shown))}"
    *first, last = shown
    return f"{', '.join(first)} {words.and_} {last}" if first else last


def _details(section: Section, shops: Mapping[str, str], language: str) -> list[str]:
    """What was kept with the orders; the same sentence once."""
    words = DIGEST[language]
    told: dict[str, list[str]] = {}
    for item in section.items:
        text = in_english(item.code, item.detail) if language == "en" else item.detail
        if text:
            name = item.number or shops.get(item.shop_id, item.shop_id)
            told.setdefault(text.replace("*", "∗"), []).append(name)
    if len(told) == 1:
        return list(told)
    return [f"{_numbers(words, names)}: {text}" for text, names in told.items()]


def _remarked(words: DigestWords, digest: Digest, language: str) -> dict[str, Any]:
    shown, several = digest.remarks[:MOST_REMARKS], len(digest.shops) > 1
    lines = []
    for row in shown:
        shop = f" ({digest.shops.get(row.key.shop_id, '?')})" if several else ""
        lines.append(f"*{row.key.number}*{shop}: {_booked_as(words, row)}. {_told(row, language)}")
    if len(digest.remarks) > len(shown):
        lines.append(words.more.format(n=len(digest.remarks) - len(shown)))
    return {"head": words.remarks_head, "orders": (), "lines": lines, "do": "", "asks": False}


def _booked_as(words: DigestWords, row: LedgerRow) -> str:
    if row.conceptid and not row.entryid:
        return f"{words.concept} {row.conceptid}"
    return f"{words.invoice} {row.invoicenumber or row.entryid}".strip()


def _told(row: LedgerRow, language: str) -> str:
    """Each message's text and what to do; the first is kept whole, names and amounts included."""
    codes = worth_telling(row.messages)
    texts = [_sentence(code, language) for code in codes]
    whole = row.detail.replace("*", "∗")
    if row.messages and codes and row.messages[0] == codes[0] and whole and language == "nl":
        texts[0] = whole
    return " ".join(dict.fromkeys(text for text in texts if text))


def _sentence(code: str, language: str) -> str:
    """Of a code alone: sentences that need a name or an amount leave what to do."""
    entry = _CATALOGUE.get(code)
    if entry is None:
        return f"Acumulus: {code}."
    if language == "en":
        return entry.english if "{" not in entry.english else f"({code})"
    return entry.text() if "{" not in entry.text() else entry.action


def _summed(words: DigestWords, summary: Summary, language: str) -> dict[str, Any]:
    since = moment(FRAMES[language], summary.since)
    return {
        "head": words.summary_head.format(since=since),
        "orders": (),
        "lines": [_counted(words, summary.counts) or _counted(words, {"booked": 0})],
        "do": "",
        "asks": False,
    }


def _counted(words: DigestWords, counts: Mapping[str, int]) -> str:
    """As in "2 geboekt, 1 als concept"; states with the same words are one."""
    told: Counter[str] = Counter()
    for state, text in words.states.items():
        if state in counts:
            told[text] += counts[state]
    return ", ".join(text.format(n=count) for text, count in told.items())


# --------------------------------------------------------------------------- the mail


def _subject(words: DigestWords, digest: Digest, named: Named) -> str:
    waiting = [(section, cause) for section, cause in named if cause.waits]
    if waiting:
        asks = any(cause.asks for _, cause in waiting)
        counted = [section for section, cause in waiting if cause.asks or not asks]
        count = len({item.order for section in counted for item in section.items})
        text = words.wait if count != 1 else words.waits
        return (text if asks else words.for_information).format(orders=_orders(words, count))
    if named:
        asks = any(cause.asks for _, cause in named)
        heads = [
            _head(words, section, cause.head) for section, cause in named if cause.asks >= asks
        ]
        return (words.to_check if asks else words.to_know).format(head=_heads(words, heads))
    if digest.summary:
        counts = digest.summary.counts
        return words.result.format(booked=counts.get("booked", 0), concept=counts.get("concept", 0))
    concepts = sum(bool(row.conceptid and not row.entryid) for row in digest.remarks)
    texts, count = (words.concepts, concepts) if concepts else (words.remarks, len(digest.remarks))
    return texts[count != 1].format(n=count)


def _solved_subject(words: DigestWords, named: Named, waited: Sequence[Section]) -> str:
    if waited:
        count = len({item.order for section in waited for item in section.items})
        text = words.solved_one if count == 1 else words.solved_many
        return text.format(orders=_orders(words, count))
    heads = [_head(words, section, cause.over or cause.head) for section, cause in named]
    return words.solved.format(head=_heads(words, heads))


def _heads(words: DigestWords, heads: Sequence[str]) -> str:
    """The first one, and whether there are more."""
    return words.and_more.format(head=heads[0]) if len(heads) > 1 else heads[0]


def _mail(
    account: Account,
    *,
    subject: str,
    sections: Sequence[Mapping[str, Any]],
    lead: str = "",
    calm: str = "",
    often: str = "",
    asks: bool = False,
    portal_url: str = "",
    footer: str = "",
) -> Mail:
    language = _language(account)
    words, frame = DIGEST[language], FRAMES[language]
    if asks and not portal_url and lead:
        lead = f"{lead} {words.without_portal}"
    page = {
        "language": language,
        "subject": " ".join(subject.split()),
        "lead": lead,
        "sections": sections,
        "calm": calm,
        "often": often,
        "asks": asks,
        "button": words.button,
        "portal_url": portal_url,
        "words": words,
        "frame": replace(frame, footer=footer) if footer else frame,
    }
    return rendered("digest", account.emails, page)


def _orders(words: DigestWords, count: int) -> str:
    return words.one if count == 1 else words.many.format(n=count)


def _language(account: Account) -> str:
    return "en" if account.language == "en" else "nl"

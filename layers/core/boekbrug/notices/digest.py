"""What waits, what was remarked, what is over -> one mail; and a fault -> the operator's mail."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from boekbrug.domain.reasons import catalogue, in_english
from boekbrug.journey.attention import worth_telling
from boekbrug.journey.digests import FOUND_LATER, Digest, Item, Section, Summary
from boekbrug.journey.ports import Account, LedgerRow
from boekbrug.notices.cause_words import DIGEST, CauseWords, DigestWords, cause_words
from boekbrug.notices.mail import Mail, moment, rendered
from boekbrug.notices.words import FRAMES

MOST_NUMBERS = 20
MOST_REMARKS = 25

_CATALOGUE = {entry.code: entry for entry in catalogue()}


def digest_mail(account: Account, digest: Digest, *, portal_url: str = "") -> Mail:
    """One mail with a section per cause, the remarks and the summary (R126, R127)."""
    language = _language(account)
    words = DIGEST[language]
    named = [
        (section, cause_words(section.code, language)) for section in _together(digest.problems)
    ]
    asks = any(cause.asks for _, cause in named)
    waiting = any(not cause.later for _, cause in named)
    sections = [_problem(language, section, cause, digest.shops) for section, cause in named]
    if digest.remarks:
        sections.append(_remarked(words, digest, language))
    if digest.summary:
        sections.append(_summed(words, digest.summary, language))
    return _mail(
        account,
        subject=_subject(words, digest, named),
        sections=sections,
        lead=words.lead if asks else "",
        calm=words.calm if waiting else "",
        often=words.often if waiting else "",
        asks=asks,
        portal_url=portal_url,
    )


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
    count = len({item.order for section in sections for item in section.items})
    subject = words.solved_one if count == 1 else words.solved_many
    told = [
        _section(
            words,
            cause_words(section.code, language).head.format(
                orders=_orders(words, len(section.items))
            ),
            section.items,
            shops,
            lines=[_counted(words, section.outcomes)],
        )
        for section in sections
    ]
    return _mail(
        account,
        subject=subject.format(orders=_orders(words, count)),
        sections=told,
        calm=words.nothing_to_do,
        portal_url=portal_url,
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


def _together(problems: Sequence[Section]) -> list[Section]:
    """What was noticed after booking is one section, whatever it is: each order says it itself."""
    noticed = [section for section in problems if section.code in FOUND_LATER]
    others = [section for section in problems if section.code not in FOUND_LATER]
    items = tuple(item for section in noticed for item in section.items)
    return others + ([Section(code=noticed[0].code, items=items)] if noticed else [])


def _problem(
    language: str, section: Section, cause: CauseWords, shops: Mapping[str, str]
) -> dict[str, Any]:
    words = DIGEST[language]
    lines = [cause.why] if cause.why else []
    if cause.details:
        lines += _details(section.items, language)
    head = cause.head.format(orders=_orders(words, len(section.items)))
    return _section(words, head, section.items, shops, lines=lines, do=cause.do, asks=cause.asks)


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
    """As in "1042, 1043 en 1044"; or the first twenty and how many more.

    Empty for what is about a shop as a whole.
    """
    named = [number for number in dict.fromkeys(numbers) if number]
    shown = named[:MOST_NUMBERS]
    if len(named) > len(shown):
        return f"{', '.join(shown)} {words.more.format(n=len(named) - len(shown))}"
    *first, last = shown or [""]
    return f"{', '.join(first)} {words.and_} {last}" if first else last


def _details(items: Sequence[Item], language: str) -> list[str]:
    """What was kept with the orders; the same sentence once."""
    told: dict[str, list[str]] = {}
    for item in items:
        text = in_english(item.code, item.detail) if language == "en" else item.detail
        if text:
            told.setdefault(text.replace("*", "∗"), []).append(item.number)
    if len(told) == 1:
        return list(told)
    named = ((_numbers(DIGEST[language], numbers), text) for text, numbers in told.items())
    return [f"{numbers}: {text}" if numbers else text for numbers, text in named]


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


def _subject(
    words: DigestWords, digest: Digest, named: Sequence[tuple[Section, CauseWords]]
) -> str:
    asks = any(cause.asks for _, cause in named)
    if any(not cause.later for _, cause in named):
        counted = [section for section, cause in named if cause.asks or not (asks or cause.later)]
        waiting = len({item.order for section in counted for item in section.items})
        text = words.wait if waiting != 1 else words.waits
        return (text if asks else words.for_information).format(orders=_orders(words, waiting))
    if digest.problems:
        return words.noticed
    if digest.summary:
        counts = digest.summary.counts
        return words.result.format(booked=counts.get("booked", 0), concept=counts.get("concept", 0))
    concepts = sum(bool(row.conceptid and not row.entryid) for row in digest.remarks)
    texts, count = (words.concepts, concepts) if concepts else (words.remarks, len(digest.remarks))
    return texts[count != 1].format(n=count)


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

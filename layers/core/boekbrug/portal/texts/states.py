"""The states of an order, as an owner reads them."""

TEXTS = {
    "booked": ("geboekt", "booked"),
    "concept": ("concept", "concept"),
    "held": ("wacht op u", "needs you"),
    "posting": ("onderweg", "on its way"),
    "queued": ("onderweg", "on its way"),
    "skipped": ("niet te boeken", "not to be booked"),
    "there": ("al geboekt", "booked already"),
    "unclear": ("onduidelijk", "unclear"),
    "waiting": ("wacht", "waiting"),
}

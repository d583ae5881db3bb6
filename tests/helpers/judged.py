"""What the ledger would say of an estimate beside a control that is null."""

from psm_lib import claims
from psm_lib.claims import SUPPORTED, Estimate

LEDGER = claims.load_claims()


def supported(name: str, found: Estimate) -> bool:
    """Whether a claim is supported beside a control that is null."""
    middle = sum(LEDGER[name].within) / 2
    null = Estimate(middle, middle, middle)
    return claims.verdict(LEDGER[name], found, null) == SUPPORTED


def not_supported(name: str, found: Estimate) -> bool:
    """Even beside a control that is null."""
    return not supported(name, found)

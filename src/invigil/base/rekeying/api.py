"""The rekeying feature's facade."""

from invigil.base.rekeying.model import Holdings
from invigil.base.rekeying.service import RESEAL, count_holdings, order_resealing, reseal_everything, retire_key

__all__ = ["RESEAL", "Holdings", "count_holdings", "order_resealing", "reseal_everything", "retire_key"]

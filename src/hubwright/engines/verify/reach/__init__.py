"""
Exact reachability over all packets: what the plain evaluator says, for every flow at once.

`Reach(estate)` walks sets of packets through filters, routes, peerings, firewalls, translations
and load balancers, and back; `Reach.inside` and `Reach.outside` say which packets are answered.
"""

from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.result import Result, Way

__all__ = ["Reach", "Result", "Way"]

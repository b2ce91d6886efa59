"""The normal form of filters: ordered lines, the first that matches decides."""

from hubwright.engines.verify.lines.firewall import firewall_lines
from hubwright.engines.verify.lines.line import Line
from hubwright.engines.verify.lines.security import security_lines

__all__ = ["Line", "firewall_lines", "security_lines"]

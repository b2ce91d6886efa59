"""
What hubwright raises.

HubwrightError
├── UsageError          the caller asked for something that does not exist
│   └── UnknownResource no resource of that name in the estate
└── MachineError        this machine lacks a package, a kernel setting or a right
"""


class HubwrightError(Exception):
    """Base of everything hubwright raises on purpose."""


class UsageError(HubwrightError):
    """The call cannot be answered as it was put; the message says how to put it."""


class UnknownResource(UsageError):  # noqa: N818  the name says what is wrong
    """No resource of that name is in the estate; the message lists near names."""


class MachineError(HubwrightError):
    """This machine lacks something; the message names the package, setting or right."""

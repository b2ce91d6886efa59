"""Design, prove and run a private AKS cluster behind Azure Firewall in a hub-and-spoke network."""

__version__ = "0.1.0"

"""What `hubwright --help` prints; a test holds it against click's own text."""

HELP = """\
Usage: hubwright [OPTIONS] COMMAND [ARGS]...

  Design, prove and run a private AKS cluster behind Azure Firewall.

Options:
  -V, --version  Show the version and exit.
  -h, --help     Show this message and exit.

A design:
  init     Write a design to start from.
  check    Find what is wrong with a design.
  diff     Show what a change does, packet by packet.
  trace    Follow one flow through the network, out and back.
  reach    Show everything that one place can reach in another.
  graph    Draw the network.
  explain  Show the page of a rule.
  synth    Write the Terraform of a design.

The network on this machine:
  up       Run the network on this machine, and probe it.
  status   Show what runs.
  exec     Run a command at a node.
  capture  Write a node's packets as pcap.
  logs     Show the firewall's log.
  down     Take the network down.

  Every option can be set as HUBWRIGHT_<COMMAND>_<OPTION> in the environment.
"""

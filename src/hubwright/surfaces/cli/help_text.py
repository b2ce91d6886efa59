"""What `hubwright --help` prints; a test holds it against click's own text."""

HELP = ""

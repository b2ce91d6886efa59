"""A small web application that says who answered and whom it saw; standard library only."""

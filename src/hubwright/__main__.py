"""The command line's entry point: `hubwright` and `python -m hubwright`."""


def main() -> None:
    """Run the command line."""
    from hubwright.surfaces.cli.main import run  # noqa: PLC0415  start-up stays cheap

    run()


if __name__ == "__main__":
    main()

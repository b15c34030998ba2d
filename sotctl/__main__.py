"""`python -m sotctl` is `sotctl`."""

from sotctl.cli import main

if __name__ == "__main__":
    main()

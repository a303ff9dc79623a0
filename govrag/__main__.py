"""``python -m govrag``: the command line."""

from govrag.cli import main

if __name__ == "__main__":
    main()

"""`python -m auditor` is the same as `audit`."""

from auditor.cli import main

if __name__ == "__main__":
    main()

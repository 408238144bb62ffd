"""`python -m invigil.app.cli`."""

from invigil.app.cli.main import main

main()

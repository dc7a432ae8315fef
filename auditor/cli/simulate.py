"""`audit simulate`: a synthetic seller account with known truth."""

from __future__ import annotations

from pathlib import Path

import click

_MARKETS = ("US", "UK", "DE", "JP")


@click.command("simulate")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--market",
    type=click.Choice(_MARKETS, case_sensitive=False),
    default="US",
    show_default=True,
    help="Whose exports: their encodings, dates, decimals and claim windows.",
)
@click.option("--rows", type=click.IntRange(min=0), default=3000, show_default=True, help="Ledger events, at least.")
def simulate(out: Path, seed: int, market: str, rows: int) -> None:
    """Write a synthetic account into the folder OUT, to try the audit and to measure it.

    OUT then holds the exports Amazon would give, and truth.json: every unit that is owed and every
    lookalike that must not be claimed. An earlier synthetic account in OUT is replaced.

    \b
    Examples:
      audit simulate demo
      audit simulate demo-de --market DE --seed 7 --rows 1200
      audit run demo --out results
    """
    from auditor.simulate import build_account, write_account

    account = build_account(seed, market.upper(), rows)
    files = write_account(account, out)
    click.echo(
        f"{len(files)} files in {out}: {len(account.ledger)} ledger events, {len(account.scenarios)} scenarios, "
        f"{len(account.owed)} claims owed, {len(account.not_owed)} lookalikes."
    )

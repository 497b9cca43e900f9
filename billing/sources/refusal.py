"""Why a bank file was not read."""


class BankFileError(Exception):
    """Nothing was read. ``code`` is stable, ``detail`` names the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)


# No bank sends more in a day than one person can look at in a year.
MOST_BYTES = 10 * 1024 * 1024
MOST_MOVEMENTS = 20_000

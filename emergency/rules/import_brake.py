"""When a run of an import changes so much that a person has to look at it first."""

# So few rows are looked over by nobody, whatever their share.
FEW = 3


def stops(*, existing: int, touched: int, retired: int, percent: int) -> bool:
    """Whether ``touched`` rows, changed or retired, of ``existing`` ones in service are
    too many at once. A list that would leave none is always looked at."""
    if existing == 0 or touched == 0:
        return False
    if retired == existing and retired > 1:
        return True
    return touched > FEW and touched * 100 > existing * percent

"""The expressions of DATEV's format description, for the fields that are ever filled.

Source: DATEV's developer portal, formats of the header and of the booking batch
(version 13). Numbers are counted from 1, as there.
"""

TEXT = r"[^\x00-\x1f]"
DAY = r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])20\d\d"
HEADER_FORMS = {
    1: r'"EXTF"',
    2: "700",
    3: "21",
    4: '"Buchungsstapel"',
    5: "13",
    6: r"20\d{15}",
    8: r'"\w{0,2}"',
    11: r"(?!1000)[1-9]\d{3,6}",
    12: r"[1-9]\d{0,4}",
    13: r"20\d{6}",
    14: "[4-8]",
    15: r"20\d{6}",
    16: r"20\d{6}",
    17: r'"[\w./ -]{0,30}"',
    18: r'"([A-Z]{2}){0,2}"',
    19: "[12]",
    20: "0",
    21: "[01]",
    22: '"[A-Z]{3}"',
    27: r'"(\d{2}){0,2}"',
}
FORMS = {
    1: r"(?!0{1,10},00)\d{1,10},\d{2}",
    2: '"[SH]"',
    3: '"[A-Z]{3}"',
    7: r"(?!0+$)\d{1,9}",
    8: r"(?!0+$)\d{1,9}",
    9: r'"(\d{4})?"',
    10: r"\d{4}",
    11: r'"[A-Za-z0-9_$&%*+/-]{1,36}"',
    12: r'"[\w$%/-]{0,12}"',
    14: f'"({TEXT}|""){{0,60}}"',
    40: f'"{TEXT}{{0,15}}"',
    48: f'"{TEXT}{{0,20}}"',
    49: f'"{TEXT}{{0,210}}"',
    95: f'"{TEXT}{{0,30}}"',
    114: "[01]",
    115: DAY,
    116: DAY,
    117: f"({DAY})?",
}

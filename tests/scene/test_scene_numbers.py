import pytest

from citytwin_desktop.scene.numbers import number_text, scale_labels


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.3456, "0.346"),
        (12.0, "12"),
        (1234.0, "1\u2009230"),
        (-5.678, "\u22125.68"),
        (999.6, "1\u2009000"),
        (float("nan"), "–"),
    ],
)
def test_three_significant_digits(value: float, text: str) -> None:
    assert number_text(value) == text


def test_counts_are_exact() -> None:
    assert number_text(15482, 9) == "15\u2009482"


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [(0.0, 1234.0, ("0", "1\u2009230")), (1000.1, 1000.9, ("1\u2009000", "1\u2009001")), (2.0, 2.0, ("2", "2"))],
)
def test_ends_of_a_scale_can_be_told_apart(low: float, high: float, texts: tuple[str, str]) -> None:
    assert scale_labels(low, high) == texts

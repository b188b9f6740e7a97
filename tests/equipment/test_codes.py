"""The code on a label: read as people type and scan it, every slip noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel.codes import (
    ALPHABET,
    code_in,
    code_of,
    grouped,
    label_address,
    parse_code,
)
from shared_resources.kernel.errors import Invalid

numbers = st.lists(st.integers(0, 31), min_size=7, max_size=7)
codes = numbers.map(code_of)


@given(codes)
def test_a_code_is_read_in_every_form(code: str) -> None:
    address = label_address("https://zfld.cq.gov.cn", code)
    for form in (
        code,
        grouped(code),
        grouped(code).lower(),
        address,
        address.lower(),
        f" {code} ",
        f"{address}?x=1",
    ):
        assert parse_code(form) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert (code_in(wrong) == wrong) is (wrong == code)


@given(codes, st.integers(0, 6))
def test_two_exchanged_characters_are_noticed(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (code_in(wrong) == wrong) is (wrong == code)


def test_letters_that_look_alike_are_forgiven() -> None:
    code = code_of([0, 1, 0, 1, 2, 3, 4])
    assert code.startswith("0101")
    assert parse_code("OIol" + code[4:]) == code


@pytest.mark.parametrize(
    "text", ["", "7Q2M", "7Q2MK4V3X", "7Q2MK4VU", "https://elsewhere.test/x/7Q2MK4V3", "七二三四五六七八"]
)
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Invalid, match="not a code of ours"):
        parse_code(text)


def test_a_slip_has_its_own_sentence() -> None:
    code = code_of([1, 2, 3, 4, 5, 6, 7])
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    with pytest.raises(Invalid, match="has a slip in it"):
        parse_code(wrong)


@pytest.mark.parametrize("numbers", [[1] * 6, [1] * 8, [32] + [1] * 6, [-1] + [1] * 6])
def test_codes_are_made_of_seven_small_numbers(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="made of 7 numbers"):
        code_of(numbers)

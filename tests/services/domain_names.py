"""Domain names as people type them: what is meant, in both forms, and why something is none."""

import pytest

from services.domain_names import BadName, Name, NotSold, is_mixed, only, parse

SOLD = ["pl", "com.pl", "com"]


def shown(text, suffixes=SOLD):
    return [name.shown for name in parse(text, suffixes)]


def test_a_word_is_looked_for_under_every_suffix():
    assert shown("garden") == ["garden.pl", "garden.com.pl", "garden.com"]


@pytest.mark.parametrize("typed", ["garden.com.pl", " GARDEN.Com.PL. ", "https://www.garden.com.pl/shop?x=1"])
def test_the_typed_suffix_comes_first_and_the_longest_one_counts(typed):
    assert shown(typed) == ["garden.com.pl", "garden.pl", "garden.com"]


def test_an_ending_of_names_is_no_name():
    """On our own name servers its zone would stand above those of everybody who has a name below it."""
    for typed in ("com.pl", "COM.pl.", "www.com.pl"):
        with pytest.raises(BadName, match="is an ending of names"):
            only(typed, SOLD)
    assert shown("com") == ["com.com.pl", "com.com"]
    assert only("com.pl", ["pl"]).shown == "com.pl"


def test_international_names_are_known_in_both_forms():
    [name] = parse("Żółw.pl", ["pl"])
    assert (name.shown, name.ascii, name.is_international) == ("żółw.pl", "xn--w-uga1v8h.pl", True)
    assert parse("XN--w-uga1v8h.pl", ["pl"]) == [name]
    assert parse("z\u0307ółw.pl", ["pl"]) == [name]
    assert not parse("garden.pl", ["pl"])[0].is_international


def test_full_width_letters_and_dots_are_the_common_ones():
    assert shown("ｇａｒｄｅｎ．ｐｌ")[0] == "garden.pl"


def test_letters_of_several_scripts_are_shown_in_punycode():
    [fake] = parse("p\u0430ypal.com", ["com"])
    assert fake.shown == fake.ascii == "xn--pypal-4ve.com"
    assert shown("日本ひらがな", ["com"]) == ["日本ひらがな.com"] and shown("сад", ["com"]) == ["сад.com"]


def test_without_the_look_at_scripts_it_would_deceive(monkeypatch):
    """The negative control."""
    monkeypatch.setattr("services.domain_names.is_mixed", lambda label: False)
    assert shown("p\u0430ypal.com", ["com"]) == ["p\u0430ypal.com"] != ["paypal.com"]
    assert is_mixed("p\u0430ypal")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the name"),
        ("...", "Type the name"),
        ("my garden", "letters, digits and hyphens only"),
        ("a_b.pl", "letters, digits and hyphens only"),
        ("anna@garden.pl", "letters, digits and hyphens only"),
        ("garden.pl:443", "letters, digits and hyphens only"),
        ("☃.pl", "letters, digits and hyphens only"),
        ("a\x00b", "letters, digits and hyphens only"),
        ("-garden.pl", "neither begins nor ends"),
        ("garden-", "neither begins nor ends"),
        ("ab--cd", "no two hyphens"),
        ("xn--" + "9" * 30, "letters, digits"),
        ("a" * 64, "at most 63 signs"),
        ("ż" * 60 + ".pl", "at most 63 signs"),
        ("shop.garden.pl", "Only one word can stand before “.pl”"),
    ],
)
def test_what_is_no_name_is_refused_in_plain_words(typed, words):
    with pytest.raises(BadName, match=words):
        parse(typed, SOLD)


def test_63_signs_are_enough():
    assert shown("a" * 63)[0] == "a" * 63 + ".pl"


@pytest.mark.parametrize("typed", ["garden.de", "shop.garden.co.uk", "192.168.1.1"])
def test_a_suffix_that_is_not_sold_is_said(typed):
    with pytest.raises(NotSold, match="We do not sell names that end in"):
        parse(typed, SOLD)


def test_only_one_whole_name():
    assert only("garden.pl", SOLD) == Name("garden", "garden", "pl")
    with pytest.raises(BadName, match="with its ending"):
        only("garden", SOLD)

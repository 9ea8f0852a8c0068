"""What people write in the seeded database: words as frequent as words are, and a few whose number is known."""

from random import Random

VOCABULARY = 4000
WORDS_OF_A_MESSAGE = 45
TEXTS = 1000
CONSONANTS, VOWELS = "bcdfghjklmnprstwz", "aeiouy"
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]

# In every second message; in one of 20 000; in every fourth, but of nobody who is measured.
FREQUENT, RARE, ELSEWHERE, NOWHERE = "faktura", "ananas", "gdzieindziej", "nigdzie"
ONE_RARE = 20_000


def texts():
    """Texts of which each message takes one; the same in every run."""
    chance = Random(1)
    words = list({"".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(VOCABULARY)})
    words.sort()
    weights = [1 / (rank + 10) for rank in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=WORDS_OF_A_MESSAGE)) for _ in range(TEXTS)]


def said(texts, pk, *, measured):
    """The text of the message with this key; `measured` says whether it is of the customer who is measured."""
    more = [f"nr {pk}"]
    if pk % 2:
        more.append(FREQUENT)
    if pk % ONE_RARE == 1:
        more.append(RARE)
    if pk % 4 == 0 and not measured:
        more.append(ELSEWHERE)
    return f"{texts[pk % len(texts)]} {' '.join(more)}."

"""The pages on which one buys and looks after services, of whoever has thousands of them."""

from tests.bench.wholesale import FIRST, PAGE_OF

LIST, LIKE_THE_FIRST = "7 queries, 1.5 × yardstick", "like the first"
# Behind every name.
LAST = "fn5-999999999"

TRADE = [
    ("first page, of thousands", "/", "wholesale", "12 queries, 2 × yardstick"),
    ("services", "/services/", "wholesale", LIST),
    ("services, the last page", f"/services/?before={LAST}", "wholesale", LIKE_THE_FIRST),
    ("services, no such name", "/services/?q=nowhere-at-all", "wholesale", LIST),
    ("domains", "/domains/", "wholesale", LIST),
    ("domains, the last page", f"/domains/?before={LAST}", "wholesale", LIKE_THE_FIRST),
    *[(f"page of {kind}", f"/services/{pk}/", "wholesale", LIST) for kind, pk in PAGE_OF.items()],
    ("records of a zone", f"/services/{PAGE_OF['domain']}/records/", "wholesale", LIST),
    ("records, the last page", f"/services/{PAGE_OF['domain']}/records/?page=80", "wholesale", LIKE_THE_FIRST),
    ("use of a telephone", f"/services/{PAGE_OF['voip']}/usage/", "wholesale", LIST),
    ("use, the last page", f"/services/{PAGE_OF['voip']}/usage/?before=0-0", "wholesale", LIKE_THE_FIRST),
    ("catalogue", "/order/", "", LIST),
    ("catalogue, the last page", "/order/?page=10", "", LIKE_THE_FIRST),
    ("catalogue, a word", "/order/?q=produkt", "", LIST),
    ("catalogue, no such word", "/order/?q=nowhere-at-all", "", LIST),
    ("a group", "/order/groups/group-1/", "", LIST),
    ("a group, the last page", "/order/groups/group-1/?page=4", "", LIKE_THE_FIRST),
    ("a product", "/order/product-1/", "", LIST),
    ("search for a domain", "/order/domain/", "", LIST),
    ("renewals, of thousands", "/renewals/", "wholesale", LIST),
    ("renewals, the last page", "/renewals/?before=3000000-1", "wholesale", LIKE_THE_FIRST),
    ("cart of 100", "/cart/", "wholesale", LIST),
    ("checkout of 100", "/checkout/", "wholesale", LIST),
    ("orders", "/orders/", "wholesale", LIST),
    ("orders, the last page", "/orders/?before=1-1", "wholesale", LIKE_THE_FIRST),
    ("an order", f"/orders/{FIRST}/", "wholesale", LIST),
    # A standard sub-user to whom every service was granted one by one, and the page on which they were.
    ("sub-user: first page", "/", "granted", "12 queries, 2 × yardstick"),
    ("sub-user: services", "/services/", "granted", LIST),
    ("sub-user: the last page", f"/services/?before={LAST}", "granted", LIKE_THE_FIRST),
    ("sub-user: domains", "/domains/", "granted", LIST),
    ("sub-user: a page", f"/services/{FIRST}/", "granted", LIST),
    ("sub-user: renewals", "/renewals/", "granted", LIST),
    ("services of a sub-user", f"/users/{FIRST + 1}/services/", "wholesale", LIST),
    ("caller", f"/desk/caller/{FIRST}/", "support", LIST),
    ("caller, the last page", f"/desk/caller/{FIRST}/?before={LAST}", "support", LIKE_THE_FIRST),
    ("caller: a service", f"/desk/caller/{FIRST}/services/{FIRST}/", "support", LIST),
]

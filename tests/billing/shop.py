"""Reading the pages on which one buys, and services to fill them with."""

import re
from datetime import timedelta

from django.utils import timezone

from services.models import Service


def page_of(client, address="/renewals/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return words(answer)


def words(answer):
    """The page as one line, with common spaces only, and without the tokens of forms: chance writes words in them."""
    page = " ".join(answer.content.decode().split())
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r'\1""', page)


def row(page, name):
    """The row of the table that names this service."""
    return next(part for part in page.split("<tr>") if f">{name}</a>" in part)


def sums(page):
    """The figures of the table of sums, row by row, without its heading."""
    table = page.split("Sums by VAT rate")[1].split("</table>")[0]
    rows = [part.split('class="num')[1:] for part in table.split("<tr>")[2:]]
    return [[cell.split(">")[1].split("<")[0].replace("PLN", "").strip() for cell in cells] for cells in rows]


def many_renewable(customer, product, count):
    """So many services that end one day after another."""
    today = timezone.localdate()
    rows = [
        Service(
            customer=customer,
            product=product,
            name=f"No. {i:04}",
            status=Service.Status.ACTIVE,
            ends_on=today + timedelta(days=i),
        )
        for i in range(count)
    ]
    return Service.objects.bulk_create(rows, batch_size=1000)

"""The news and the banner of the demo."""

from datetime import timedelta

from django.utils import timezone

from panel.models import Banner, News


def publish(products):
    """News for everybody, for some, and a banner."""
    now = timezone.now()
    News.objects.create(
        title_pl="Nocne prace na serwerach hostingowych",
        title_en="Night work on the hosting servers",
        text_pl="W nocy z soboty na niedzielę, od 1:00 do 3:00, wymieniamy dyski na szybsze.\n\n"
        "Strony mogą na chwilę przestać odpowiadać. Poczta działa bez przerwy.",
        text_en="In the night from Saturday to Sunday, from 1:00 to 3:00, we change the disks for faster ones.\n\n"
        "Websites may stop answering for a moment. Mail works all the time.",
        for_kind=News.Audience.HOSTING,
        published_from=now - timedelta(days=1),
    )
    News.objects.create(
        title_pl="Nowy hosting i serwery VPS o 20% taniej",
        title_en="New hosting and VPS servers 20% cheaper",
        text_pl="Wpisz w koszyku kod START20, a pierwszy okres nowego hostingu albo serwera VPS będzie o 20% tańszy.",
        text_en="With the code START20 in the cart the first period of a new hosting or VPS server is 20% cheaper.",
        published_from=now - timedelta(days=3),
    )
    News.objects.create(
        title_pl="Nowe numery w telefonii",
        title_en="New phone numbers",
        text_pl="Do kont SIP można już dobrać numery z Gdyni i Sopotu. Napisz do nas, a podamy listę wolnych.",
        text_en="SIP accounts can now have numbers from Gdynia and Sopot. Write to us for a list of free ones.",
        for_kind=News.Audience.VOIP,
        product=products["sip"],
        published_from=now - timedelta(days=9),
    )
    News.objects.create(
        title_pl="Nowy panel klienta",
        title_en="A new customer panel",
        text_pl="Witaj w nowym panelu: usługi, domeny i zgłoszenia do obsługi klienta w jednym miejscu.",
        text_en="Welcome to the new panel: services, domains and messages to support in one place.",
        published_from=now - timedelta(days=30),
    )
    Banner.objects.create(
        text_pl="W grudniu nasza obsługa klienta odbiera telefony także w soboty, od 9:00 do 15:00.",
        text_en="In December the phone support also answers on Saturdays, from 9:00 to 15:00.",
        link="/news/",
        published_from=now - timedelta(days=2),
    )

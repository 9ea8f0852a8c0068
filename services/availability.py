"""Which names are free: asked in a request, with little patience, and told when it cannot be said."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait
from threading import BoundedSemaphore

from django.db import models

from services.confidence import place_of, without_keys
from services.drivers import DriverError
from services.models import Domain, Product, Service
from services.names import forms_of
from services.registrars import REGISTRARS, Availability, Registrar

log = logging.getLogger("services.availability")

# Registrars that hang hold these threads and no others; while all of them are held, nobody else waits for one.
THREADS = 8
threads = ThreadPoolExecutor(THREADS, thread_name_prefix="availability")
unheld = BoundedSemaphore(THREADS)
# Requests that wait for registrars at once, of a process that answers with four threads (deploy/panel.service): when
# registrars are slow, half of them still answer everybody else.
WAITING_AT_MOST = 2
free_places = BoundedSemaphore(WAITING_AT_MOST)


class State(models.TextChoices):
    """What a visitor is told about a name."""

    FREE = "free"
    TAKEN = "taken"
    PREMIUM = "premium"
    # Nobody knows before staff have looked; it can be ordered either way.
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"
    # Registered here, or about to be: it can be neither registered nor transferred.
    HERE = "here"


def of(wanted):
    """{Name: State} of (Name, Product) pairs; each registrar is asked once, and all at the same time."""
    wanted = list(wanted)
    by_registrar = {}
    for name, product in wanted:
        by_registrar.setdefault(product.driver, []).append(name.ascii)
    forms = {name: forms_of(name.shown) for name, _product in wanted}
    here, told = kept_here(set().union(*forms.values())), answers(by_registrar)
    return {
        name: State.HERE if forms[name] & here else State(told.get((product.driver, name.ascii), State.UNKNOWN))
        for name, product in wanted
    }


def kept_here(domains):
    """Those of the names that this provider registered or took over, or is about to."""
    kept = Service.objects.filter(
        domain__in=list(domains), product__kind=Product.Kind.DOMAIN, registration__origin__in=Domain.HERE
    )
    return set(kept.exclude(status=Service.Status.ENDED).order_by().values_list("domain", flat=True))


def answers(by_registrar):
    """{(registrar's name, name in punycode): Availability} of what was answered in time."""
    known = {key: REGISTRARS[key]() for key in by_registrar if key in REGISTRARS}
    found = {key: asked(registrar, by_registrar[key]) for key, registrar in known.items() if registrar.IS_OURS}
    away = {key: registrar for key, registrar in known.items() if not registrar.IS_OURS}
    if away and free_places.acquire(blocking=False):
        try:
            found |= waited_for(away, by_registrar)
        finally:
            free_places.release()
    for key in known.keys() - found.keys():
        log.warning("the registrar %s did not say in time which names are free", key)
    return {(key, name): state for key, states in found.items() for name, state in states.items()}


def waited_for(registrars, by_registrar):
    """{registrar's name: what it said} of those that answered in time, all of them asked at once."""
    futures = {key: begun(registrar, by_registrar[key]) for key, registrar in registrars.items()}
    wait([future for future in futures.values() if future], timeout=Registrar.AVAILABILITY_SECONDS)
    return {key: future.result() for key, future in futures.items() if future and future.done()}


def begun(registrar, names):
    """The question asked in a thread of its own; None while others that hang hold all threads."""
    if not unheld.acquire(blocking=False):
        return None
    return threads.submit(asked_and_released, registrar, names)


def asked_and_released(registrar, names):
    """What `asked` says; the thread is there for others before the answer is."""
    try:
        return asked(registrar, names)
    finally:
        unheld.release()


def asked(registrar, names):
    """{name: Availability} as far as the registrar says something that can be understood."""
    try:
        states = registrar.availability(names)
        return {name: Availability(states[name]) for name in names if name in states}
    except Exception as error:
        # Whatever it does, the page says that the name cannot be checked now.
        words = without_keys(error) if isinstance(error, DriverError) else place_of(error)
        log.warning("the registrar %s cannot say which names are free: %s", type(registrar).__name__, words)
        return {}

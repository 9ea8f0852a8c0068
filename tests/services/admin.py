"""Administration of products, services and grants."""

from accounts.models import Event
from services.models import Domain, Service, ServiceGrant


def test_an_administrator_adds_a_domain_and_the_customer_reads_it(client_of, administrator, owner, customer, products):
    fields = {
        "customer": customer.pk,
        "product": products["domain"].pk,
        "name": "new.example",
        "domain": "WWW.New.example",
        "status": "active",
        "starts_on": "2026-01-01",
        "configuration": "{}",
        "registration-TOTAL_FORMS": 1,
        "registration-INITIAL_FORMS": 0,
        "registration-0-origin": "registered",
    }
    answer = client_of(administrator).post("/admin/services/service/add/", fields)
    assert answer.status_code == 302
    assert Service.objects.get().domain == "new.example"
    assert Domain.objects.get().origin == "registered"
    assert "The provider added the service new.example." in client_of(owner).get("/history/").content.decode()


def test_a_grant_across_customers_is_refused(client_of, administrator, standard, stranger, hosting, voip):
    client = client_of(administrator)
    grant = {"membership": standard.membership.pk, "service": stranger.service.pk}
    page = client.post("/admin/services/servicegrant/add/", grant).content.decode()
    assert "This service belongs to another customer." in page
    assert client.post("/admin/services/servicegrant/add/", grant | {"service": voip.pk}).status_code == 302
    assert Event.objects.get(action="grants_changed").details["changes"] == "+ Office phone"


def test_a_grant_taken_by_an_administrator_is_told(client_of, administrator, standard):
    grant = ServiceGrant.objects.get()
    client_of(administrator).post(f"/admin/services/servicegrant/{grant.pk}/delete/", {"post": "yes"})
    assert not ServiceGrant.objects.exists()
    assert Event.objects.get(action="grants_changed").details["changes"].startswith("- Hosting Garden")


def test_the_lists_of_the_administration_open(client_of, administrator, domain, standard):
    client = client_of(administrator)
    for model in ("product", "service", "servicegrant"):
        assert client.get(f"/admin/services/{model}/").status_code == 200
    assert "1000001" in client.get("/admin/services/service/?q=1000001").content.decode()

"""The records of a domain's DNS zone, as the panel keeps them: name servers are told of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.names import readable_host

# Of a text record in the history and in lists.
SHOWN_AT_MOST = 100


class DnsRecord(models.Model):
    """One record. Hosts are kept as DNS has them: in ASCII, small letters, without the last dot.

    `name` is relative to the zone, "" for the domain itself. `content` is the address, the host, the text or the
    value; what else a type has stands in columns of its own.
    """

    class Type(models.TextChoices):
        A = "A", "A"
        AAAA = "AAAA", "AAAA"
        CNAME = "CNAME", "CNAME"
        MX = "MX", "MX"
        TXT = "TXT", "TXT"
        SRV = "SRV", "SRV"
        CAA = "CAA", "CAA"
        NS = "NS", "NS"

    # Types whose content is a host.
    HOSTS = (Type.CNAME, Type.MX, Type.SRV, Type.NS)

    service = models.ForeignKey("services.Service", models.CASCADE, verbose_name=_("service"), related_name="records")
    name = models.CharField(_("name"), max_length=253, blank=True)
    type = models.CharField(_("type"), max_length=5, choices=Type)
    content = models.TextField(_("content"))
    priority = models.PositiveIntegerField(_("priority"), null=True, blank=True)
    weight = models.PositiveIntegerField(_("weight"), null=True, blank=True)
    port = models.PositiveIntegerField(_("port"), null=True, blank=True)
    flags = models.PositiveSmallIntegerField(_("flags"), null=True, blank=True)
    tag = models.CharField(_("tag"), max_length=15, blank=True)
    ttl = models.PositiveIntegerField(_("TTL"), default=3600)

    # What makes two records of one name and type the same one.
    DATA = ("content", "priority", "weight", "port", "flags", "tag")

    class Meta:
        verbose_name = _("DNS record")
        verbose_name_plural = _("DNS records")
        ordering = ["name", "type", "pk"]
        indexes = [models.Index(fields=["service", "name", "type", "id"], name="records_in_order")]

    def __str__(self):
        return f"{self.shown_name} {self.type} {self.short_value}"

    @property
    def shown_name(self):
        """The name as people write it, "@" for the domain itself."""
        return readable_host(self.name) or "@"

    @property
    def value(self):
        """Everything that the record says, in the order of zone files."""
        parts = (self.priority, self.weight, self.port, self.flags, self.tag)
        said = readable_host(self.content) if self.type in self.HOSTS else self.content
        return " ".join([str(part) for part in parts if part not in (None, "")] + [said])

    @property
    def short_value(self):
        """The beginning of a long value."""
        return self.value if len(self.value) <= SHOWN_AT_MOST else f"{self.value[:SHOWN_AT_MOST]}…"

    @property
    def data(self):
        """What the record says, for comparing."""
        return tuple(getattr(self, name) for name in self.DATA)

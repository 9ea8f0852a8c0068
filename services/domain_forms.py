"""What is typed about a domain name that is kept here."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import keys
from services.domain_names import BadName, in_punycode
from services.names import is_address

# Registries ask for two at least; more than 13 do not fit into an answer of the DNS (RFC 1035, RFC 3597).
FEWEST, MOST = 2, 13
# The longest that registries give out are under 50 signs.
LONGEST_AUTHINFO = 128


class NameserversForm(forms.Form):
    """Host names, one in each line; none at all means the provider's."""

    nameservers = forms.CharField(
        label=_("Name servers"),
        required=False,
        max_length=MOST * 260,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("From 2 to 13 host names, one in each line. Leave it empty for our own name servers."),
    )

    def __init__(self, *args, domain, **kwargs):
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean_nameservers(self):
        """The names in punycode, in their order."""
        lines = [line.strip(" \t.,;").lower() for line in self.cleaned_data["nameservers"].splitlines()]
        names = [self.host(line) for line in lines if line]
        if len(set(names)) < len(names):
            raise ValidationError(_("The same name server stands there twice."))
        if names and not FEWEST <= len(names) <= MOST:
            raise ValidationError(
                _("Type from %(fewest)d to %(most)d name servers, or none.") % {"fewest": FEWEST, "most": MOST}
            )
        return names

    def host(self, line):
        """One line as a host name that the registry can be told."""
        if is_address(line):
            raise ValidationError(_("“%(line)s” is an address. Type the names of the servers.") % {"line": line})
        try:
            name = in_punycode(line)
        except BadName as error:
            raise ValidationError(str(error)) from None
        if "." not in name:
            raise ValidationError(_("“%(line)s” is not a whole host name.") % {"line": line})
        if f".{name}".endswith(f".{in_punycode(self.domain)}"):
            raise ValidationError(
                _(
                    "“%(line)s” lies inside the domain itself, so the registry would need its address, too (“glue”). "
                    "That cannot be entered here. Choose other servers or write to us."
                )
                % {"line": line}
            )
        return name


class AuthInfoForm(forms.Form):
    """The code that moves a domain name here; it is encrypted at once and never shown again."""

    authinfo = forms.CharField(
        label=_("AuthInfo"),
        max_length=LONGEST_AUTHINFO,
        # What was typed does not come back in the page; “off” is not heeded for passwords, “one-time-code” is.
        widget=forms.PasswordInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        help_text=_("The code for a transfer, also called EPP code. Your present registrar gives it to you."),
    )

    def clean_authinfo(self):
        """Only the encrypted one leaves the form."""
        typed = self.cleaned_data["authinfo"]
        if not (typed.isascii() and typed.isprintable()):
            raise ValidationError(_("An AuthInfo has only letters a–z, digits and signs of a keyboard."))
        return keys.encrypt(typed)

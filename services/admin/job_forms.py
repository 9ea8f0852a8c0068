"""Forms by which staff do the jobs of drivers themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import ActForm
from services import by_hand, domains, provisioning
from services.drivers import Account, Done, words
from services.models import Credential, ProvisioningJob, Service

Act = ProvisioningJob.Act
MOST_ACCOUNTS = 3
LOGIN, HOST = Credential._meta.get_field("login"), Credential._meta.get_field("host")


class DoneForm(ActForm):
    """What was set up, as far as the panel is to know it."""

    remote_id = forms.CharField(
        label=Service._meta.get_field("remote_id").verbose_name,
        max_length=Service._meta.get_field("remote_id").max_length,
        required=False,
        help_text=_("What the server knows this service by."),
    )
    facts = forms.CharField(
        label=_("what the customer is to know"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("One fact a line, such as “Number: +48 22 …”; never passwords."),
    )
    done = _("It is done, and the customer sees it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.row.act not in (Act.CREATE, Act.CHANGE):
            self.fields = {"authinfo": authinfo_field()} if self.row.act == Act.AUTHINFO else {}
            return
        service = self.row.service
        self.fields["remote_id"].initial = service.remote_id
        self.fields["facts"].initial = "\n".join(f"{name}: {value}" for name, value in service.configuration.items())
        for number in range(1, MOST_ACCOUNTS + 1):
            self.fields |= account_fields(number)

    @property
    def rows(self):
        """The fields of an account stand side by side."""
        if "remote_id" not in self.fields:
            return list(self.fields)
        accounts = [tuple(account_fields(number)) for number in range(1, MOST_ACCOUNTS + 1)]
        return ["remote_id", "facts", *accounts]

    def clean_facts(self):
        """{name: text} of the lines."""
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["facts"].splitlines())):
            name, _colon, value = (part.strip() for part in line.partition(":"))
            found[name] = value
        try:
            return words.facts({"configuration": found})
        except ValueError:
            raise forms.ValidationError(
                _("Each line is a name of at most %(name)s characters, a colon and a text of at most %(text)s."),
                params={"name": words.LONGEST_NAME, "text": words.LONGEST_FACT},
            ) from None

    def clean(self):
        data = super().clean()
        for number in range(1, MOST_ACCOUNTS + 1):
            if data.get(f"password_{number}") and not data.get(f"login_{number}"):
                self.add_error(f"login_{number}", _("Say which login this password is of."))
        return data

    def act(self, *, by):
        by_hand.done(self.row, self.outcome(), by=by)

    def outcome(self):
        """What the form says, as a driver would."""
        data = self.cleaned_data
        accounts = [
            Account(data[f"kind_{n}"], data[f"login_{n}"], data[f"password_{n}"], data[f"host_{n}"])
            for n in range(1, MOST_ACCOUNTS + 1)
            if data.get(f"login_{n}")
        ]
        authinfo = data.get("authinfo", "")
        return Done(data.get("remote_id", ""), data.get("facts", {}), tuple(accounts), authinfo=authinfo)


def authinfo_field():
    """The code that the registry has given out; as little to be remembered by browsers as a password."""
    return forms.CharField(
        label=_("AuthInfo"), max_length=words.LONGEST_PASSWORD, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def account_fields(number):
    """The fields of one account that can be signed in to."""
    return {
        f"kind_{number}": forms.ChoiceField(
            label=Credential._meta.get_field("kind").verbose_name, choices=Credential.Kind, required=False
        ),
        f"login_{number}": forms.CharField(label=LOGIN.verbose_name, max_length=LOGIN.max_length, required=False),
        f"password_{number}": forms.CharField(
            label=_("password"),
            max_length=words.LONGEST_PASSWORD,
            required=False,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        ),
        f"host_{number}": forms.CharField(label=HOST.verbose_name, max_length=HOST.max_length, required=False),
    }


class ReasonForm(ActForm):
    """Asks why; the customer reads it."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=words.LONGEST_ERROR,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads it in the history."),
    )


class RefuseForm(ReasonForm):
    """Why it is not done."""

    is_authinfo_wrong = forms.BooleanField(
        label=_("the AuthInfo is wrong"),
        required=False,
        help_text=_("The customer is asked by e-mail for another one, and the transfer comes back here with that."),
    )
    warning = _("Money that was paid for it is not paid back by this: a case for staff is opened.")
    done = _("It is refused, and a case for staff says so.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not domains.typed_authinfo(self.row):
            del self.fields["is_authinfo_wrong"]

    def act(self, *, by):
        data = self.cleaned_data
        by_hand.refuse(self.row, data["reason"], by=by, is_authinfo_wrong=data.get("is_authinfo_wrong", False))


class GiveUpForm(ReasonForm):
    """Why what failed is left undone for good."""

    done = _("It is given up, and the customer is told.")

    @property
    def warning(self):
        if self.row.act == Act.CREATE:
            return _(
                "The service is ended, and the customer gets the reason by e-mail. "
                "What was paid for it goes back from the case that is opened by this."
            )
        return _("The server is not asked any more, and the panel goes on as if it had been told.")

    def act(self, *, by):
        by_hand.give_up(self.row, self.cleaned_data["reason"], by=by)


class RepeatForm(ActForm):
    """Nothing to say: the driver is asked again."""

    done = _("It was put back into the queue.")

    def act(self, *, by):
        provisioning.repeat(ProvisioningJob.objects.filter(pk=self.row.pk), by=by)


class HoldForm(ActForm):
    """Switches a service off."""

    warning = _("Its data are kept. Until it is switched on again here, paying for it does not switch it on.")
    done = _("Its driver is told to switch it off.")

    def act(self, *, by):
        provisioning.hold(self.row, by=by)


class ReleaseForm(ActForm):
    """Switches a service on again."""

    done = _("Its driver is told to switch it on again.")

    def act(self, *, by):
        provisioning.release(self.row, by=by)

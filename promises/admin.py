"""The administration: what is stored, to look at; parties and places are written here too.

For administrators only (`Member.is_staff`), who sign in as everybody else does. What has a page
in the portal is written there, under its own rules. Nothing is deleted.
"""

from __future__ import annotations

# Imported for what they register, so that it can be taken away below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest

from promises.forms.base import GuardedText
from promises.models import (
    AccessibilityFeedback,
    Activity,
    Agreement,
    Appointment,
    Delegation,
    Member,
    Metric,
    Party,
    Place,
    Promise,
    PromisePeriod,
)

admin.site.site_header = admin.site.site_title = "Dorotea samverkan – administration"
admin.site.index_title = "Administration"
# The index has it all; beside a list, the same again would leave the columns no room.
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)
admin.site.disable_action("delete_selected")

# Roles stand in promises.access, addresses in Member.email, and second factors are secrets.
admin.site.unregister([Group, EmailAddress, Authenticator])

# Long, read as a document in the portal, or a secret.
NOT_SHOWN = frozenset({"pdf", "contents", "token_sha256", "password"})


class NothingDeleted(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ToRead(NothingDeleted):
    """What is written elsewhere in the portal: every field of it, and no form."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        fields = {field.name for field in self.model._meta.fields}
        return super().get_queryset(request).defer(*fields & NOT_SHOWN)

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        model = self.model._meta
        fields = [field.name for field in (*model.fields, *model.many_to_many)]
        return [name for name in fields if name not in NOT_SHOWN]

    get_fields = get_readonly_fields


@admin.register(Member)
class MemberAdmin(ToRead):
    list_display = ("name", "title", "email", "party", "role", "is_active", "is_example")
    list_select_related = ("party",)
    search_fields = ("name", "email", "title")
    actions = ("turn_off_second_factor",)

    @admin.action(description="Stäng av tvåstegsinloggning (förlorad telefon)")
    def turn_off_second_factor(self, request: HttpRequest, members: models.QuerySet) -> None:
        """Let a member in who has lost both phone and recovery codes."""
        Authenticator.objects.filter(user__in=members).delete()
        for member in members:
            self.log_change(request, member, "Stängde av tvåstegsinloggning.")
        names = ", ".join(member.name for member in members)
        messages.success(request, f"Tvåstegsinloggning är avstängd för {names}.")


@admin.register(AccessibilityFeedback)
class AccessibilityFeedbackAdmin(ToRead):
    """What people have said of the accessibility; what nobody has handled yet comes first."""

    list_display = ("created_at", "message", "page", "email", "handled_at", "handled_by")
    list_select_related = ("handled_by",)
    list_filter = (("handled_at", admin.EmptyFieldListFilter),)
    ordering = (models.F("handled_at").desc(nulls_first=True), "created_at", "id")
    actions = ("mark_as_handled",)

    @admin.action(description="Markera som hanterad (svara först: adressen raderas)")
    def mark_as_handled(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        if handled := chosen.handle(by=request.user):
            messages.success(request, f"Markerade som hanterade: {handled}.")
        else:
            messages.warning(request, "Det du valde var redan hanterat.")


def show(model: type[models.Model], *columns: str, named_by: str = "") -> None:
    """Register the model to be read, with the columns of its list.

    Columns that are rows of another table are fetched with it, and so is what their names are
    made of.
    """
    related = [name for name in columns if model._meta.get_field(name).is_relation]
    related += [named_by] if named_by else []
    admin.site.register(model, ToRead, list_display=columns, list_select_related=related)


show(Delegation, "signatory", "delegate", "starts_on", "ends_on", "basis", "revoked_at")
show(Appointment, "member", "function", "title", "party", "agreement", "starts_on", "ends_on")
show(Agreement, "title", "valid_from", "valid_to", "registry_number")
show(PromisePeriod, "title", "agreement", "starts_on", "ends_on")
show(Promise, "topic", "number", "period")
show(Activity, "title", "kind", "promise", "undertaking", "responsible", "status")
show(Metric, "name", "unit", "dimension", "rule", "activity", "promise", "goal")


# --- What is written here ------------------------------------------------------------------


class GuardedForm(GuardedText, forms.ModelForm):
    """The form of every admin that people write in."""


@admin.register(Party)
class PartyAdmin(NothingDeleted):
    form = GuardedForm
    list_display = ("name", "short_name", "kind")
    prepopulated_fields = {"key": ("short_name",)}
    search_fields = ("name", "short_name")


@admin.register(Place)
class PlaceAdmin(NothingDeleted):
    form = GuardedForm
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: Place, form: forms.Form, change: bool) -> None:
        """Count up the version, so that a form open in the portal sees it."""
        obj.version += change
        super().save_model(request, obj, form, change)

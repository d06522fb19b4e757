"""The administration: members, parties, agreements and promises; the plan is shown.

For administrators only (`Member.is_staff`), who sign in as everybody else does. Nothing is
deleted here: what was agreed or logged stays, and a member who leaves is made inactive.
"""

from __future__ import annotations

from typing import Any, ClassVar

# Imported for what they register, so that it can be taken away below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from promises.forms.base import DateInput, GuardedText
from promises.forms.joint import RowsApart
from promises.models import (
    Activity,
    Agreement,
    Appointment,
    Delegation,
    Goal,
    Member,
    Metric,
    Party,
    Place,
    Promise,
    PromisePeriod,
    Signatory,
    Undertaking,
)
from promises.models.member import ONLY_ADMINISTRATOR

admin.site.site_header = admin.site.site_title = "Dorotea samverkan – administration"
admin.site.index_title = "Administration"
# The index has it all; beside a list, the same again would leave the columns no room.
admin.site.enable_nav_sidebar = False
admin.site.login = secure_admin_login(admin.site.login)
admin.site.disable_action("delete_selected")

# Roles stand in promises.access, addresses in Member.email, and second factors are secrets.
admin.site.unregister([Group, EmailAddress, Authenticator])


class NothingDeleted:
    """Mixin for admins and inlines: what is registered can be corrected, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(NothingDeleted):
    """Mixin for what is written elsewhere in the portal, under its own rules, and shown here."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class GuardedForm(GuardedText, forms.ModelForm):
    """The form of every admin and inline that people write in."""


class PlainFields:
    """Mixin for admins and inlines: dates and choices as the portal's own forms have them.

    Without Django's calendar, and without its icons for opening what is chosen in another window.
    """

    formfield_overrides: ClassVar = {models.DateField: {"widget": DateInput}}

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField):
            field.widget = getattr(field.widget, "widget", field.widget)
            # Asked of the database here, once for all the rows that have the field (and, by way of
            # `iter`, not how many there are).
            field.choices = list(iter(field.choices))
        return field


class Guarded(NothingDeleted, PlainFields):
    """Mixin for admins and inlines that people write in, under the integrity guard."""

    form = GuardedForm


class Versioned:
    """Mixin for admins: a change counts up the version, so that a form open in the portal sees it."""

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.Form, change: bool
    ) -> None:
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)


class EmailInLowerCase:
    """Mixin for the forms of a member: the address is stored in one way, however it is typed."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class MemberCreationForm(GuardedText, EmailInLowerCase, BaseUserCreationForm):
    class Meta:
        model = Member
        fields = ("email", "name", "title", "party", "role")


class MemberChangeForm(GuardedText, EmailInLowerCase, UserChangeForm):
    class Meta:
        model = Member
        fields = "__all__"

    def clean(self) -> dict:
        """Refuse a change that leaves nobody who can administer the portal."""
        cleaned = super().clean()
        stays = cleaned.get("role") == Member.Role.ADMINISTRATOR and cleaned.get("is_active")
        if not stays and self.instance.is_only_administrator():
            raise forms.ValidationError(ONLY_ADMINISTRATOR)
        return cleaned


@admin.register(Member)
class MemberAdmin(Versioned, NothingDeleted, PlainFields, UserAdmin):
    form = MemberChangeForm
    add_form = MemberCreationForm
    add_form_template = None
    add_fieldsets = (
        (None, {"fields": ("name", "title", "email", "party", "role")}),
        ("Lösenord", {"fields": ("password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("name", "title", "email", "party", "role", "is_active")}),
        ("Inloggning", {"fields": ("password", "last_login", "invited_at", "left_on")}),
    )
    readonly_fields = ("last_login", "invited_at", "left_on")
    list_display = ("name", "title", "email", "party", "role", "is_active", "is_example")
    list_filter = ("role", "party", "is_active")
    list_select_related = ("party",)
    search_fields = ("name", "email", "title")
    ordering = ("name",)
    filter_horizontal = ()
    actions = ("turn_off_second_factor",)

    def save_model(self, request: HttpRequest, obj: Member, form: forms.Form, change: bool) -> None:
        """Note the day an account is closed.

        Who takes over is chosen in the portal, on the member's own page there (Avsluta).
        """
        if "is_active" in form.changed_data:
            obj.left_on = None if obj.is_active else timezone.localdate()
        super().save_model(request, obj, form, change)

    @admin.action(description="Stäng av tvåstegsinloggning (förlorad telefon)")
    def turn_off_second_factor(self, request: HttpRequest, members: models.QuerySet) -> None:
        """Let a member in who has lost both phone and recovery codes."""
        Authenticator.objects.filter(user__in=members).delete()
        for member in members:
            self.log_change(request, member, "Stängde av tvåstegsinloggning.")
        names = ", ".join(member.name for member in members)
        messages.success(request, f"Tvåstegsinloggning är avstängd för {names}.")


@admin.register(Delegation)
class DelegationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("signatory", "delegate", "starts_on", "ends_on", "basis", "revoked_at")
    list_select_related = ("signatory", "delegate")
    search_fields = ("signatory__name", "delegate__name", "basis")


@admin.register(Appointment)
class AppointmentAdmin(Versioned, Guarded, admin.ModelAdmin):
    list_display = ("member", "function", "title", "party", "agreement", "starts_on", "ends_on")
    list_filter = ("function", "party")
    list_select_related = ("member", "party", "agreement")
    search_fields = ("member__name", "title")


@admin.register(Party)
class PartyAdmin(Guarded, admin.ModelAdmin):
    list_display = ("name", "short_name", "kind")
    prepopulated_fields = {"key": ("short_name",)}
    search_fields = ("name", "short_name")


class GoalInline(Guarded, admin.StackedInline):
    model = Goal
    formset = RowsApart
    extra = 0


class UndertakingInline(Guarded, admin.StackedInline):
    model = Undertaking
    formset = RowsApart
    extra = 0


class SignatoryInline(Guarded, admin.StackedInline):
    """The signatures under one document: an agreement or a promise period."""

    model = Signatory
    formset = RowsApart
    extra = 0
    fields = ("number", "name", "title", "party", "signed_on")


class AgreementForm(GuardedForm):
    def clean_predecessor(self) -> Agreement | None:
        """Say what the database would: a form skips constraints on fields it lacks, here `id`."""
        predecessor = self.cleaned_data["predecessor"]
        if predecessor and predecessor == self.instance:
            raise forms.ValidationError("En överenskommelse kan inte efterträda sig själv.")
        return predecessor


@admin.register(Agreement)
class AgreementAdmin(Versioned, Guarded, admin.ModelAdmin):
    form = AgreementForm
    list_display = ("title", "valid_from", "valid_to", "registry_number")
    search_fields = ("title", "registry_number")
    prepopulated_fields = {"key": ("title",)}
    inlines = (GoalInline, UndertakingInline, SignatoryInline)


class PromiseInline(Guarded, admin.StackedInline):
    model = Promise
    formset = RowsApart
    extra = 0
    exclude = ("goals",)  # chosen in the portal, among those of the agreement

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Promise]:
        return super().get_queryset(request).prefetch_related("responsible")


@admin.register(PromisePeriod)
class PromisePeriodAdmin(Versioned, Guarded, admin.ModelAdmin):
    list_display = ("title", "agreement", "starts_on", "ends_on")
    list_select_related = ("agreement",)
    search_fields = ("title",)
    inlines = (PromiseInline, SignatoryInline)


@admin.register(Promise)
class PromiseAdmin(Guarded, admin.ModelAdmin):
    list_display = ("number", "topic", "period")
    list_display_links = ("topic",)
    list_filter = ("period",)
    list_select_related = ("period",)
    search_fields = ("topic", "wording")
    exclude = ("goals",)
    readonly_fields = ("predecessor", "carried", "carried_reason")


@admin.register(Place)
class PlaceAdmin(Guarded, admin.ModelAdmin):
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(Activity)
class ActivityAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "kind", "promise", "undertaking", "responsible", "status")
    list_filter = ("status", "kind", "responsible", "promise__period")
    list_select_related = ("promise", "undertaking", "responsible")
    search_fields = ("title", "description")


@admin.register(Metric)
class MetricAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "unit", "dimension", "rule", "activity", "promise", "goal")
    list_filter = ("dimension", "rule")
    list_select_related = ("activity", "promise", "goal")
    search_fields = ("name", "unit")

"""What comes along when a thing goes on under a new owner, field by field."""

from __future__ import annotations

import pytest

from promises.copying import NOT_COPIED, copy_for
from promises.models import Member


@pytest.mark.parametrize("model", NOT_COPIED, ids=lambda model: model.__name__)
def test_every_field_comes_along_but_those_named_as_the_things_own(model):
    """Also a field that is added tomorrow."""
    thing = model()
    for field in model._meta.fields:
        setattr(thing, field.attname, object())
    if hasattr(model, "responsible_member"):
        thing.responsible_member = Member(pk=1)

    copy = copy_for(thing)

    along = {
        field.name
        for field in model._meta.fields
        if getattr(copy, field.attname) is getattr(thing, field.attname)
    }
    assert along == {field.name for field in model._meta.fields} - NOT_COPIED[model]


@pytest.mark.parametrize("model", NOT_COPIED, ids=lambda model: model.__name__)
def test_what_stays_behind_is_fields_there_are(model):
    assert NOT_COPIED[model] <= {field.name for field in model._meta.fields}


@pytest.mark.parametrize(("is_active", "is_kept"), [(True, True), (False, False)])
def test_nobody_who_has_left_is_put_in_charge(is_active, is_kept):
    for model in NOT_COPIED:
        if hasattr(model, "responsible_member"):
            thing = model(responsible_member=Member(pk=1, is_active=is_active))
            assert (copy_for(thing).responsible_member_id == 1) == is_kept


def test_what_is_given_stands_in_the_copy():
    model = next(iter(NOT_COPIED))
    assert copy_for(model(title="Nu"), title="Sedan").title == "Sedan"

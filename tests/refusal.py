"""What is refused, by the database and in words."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction


def sql(statement: str, *values: object) -> None:
    """Write past the models, as somebody might at the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refusal_of(row: models.Model) -> list[str]:
    """What the form says of the row, once the database has refused it too."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return refused.value.messages


def constraint_broken_by(row: models.Model) -> list[str]:
    """What the database's own rules say of the row, where a field's validator speaks first."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    return refused.value.messages

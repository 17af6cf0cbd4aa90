"""The further declarations of a symbol: signatures of an overload set, accessors of a property."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("symbols", sa.Column("declarations", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("symbols", "declarations")

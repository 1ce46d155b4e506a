"""Number books: one per issuing agency, kind of paper and year; numbers start again at 1 each year (NĐ 30/2020)."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.units.models import Unit


class NumberBook(Base):
    """The book an agency takes numbers from; `last_number` is the last one given out, `symbol` follows it in print."""

    __tablename__ = "number_books"
    __table_args__ = (UniqueConstraint("agency_id", "kind", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(30))
    year: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(40))
    last_number: Mapped[int] = mapped_column(default=0)

    agency: Mapped[Unit] = relationship()

    def printed(self, number: int) -> str:
        """A number as it is printed: "12/2024/GCN-TTĐN"; numbers under 10 bear a leading zero."""
        return f"{number:02d}/{self.year}/{self.symbol}"

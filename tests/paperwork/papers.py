"""Papers to lay out: a call letter with its quota table, and an invitation."""

from dataclasses import replace
from datetime import date

from lms.paperwork.layout import Appendix, Column, Head, Paper, Row, Signature, Table, reference_to

HEAD = Head(
    agency="Cục Thông tin cơ sở và Thông tin đối ngoại",
    superior="Bộ Văn hóa, Thể thao và Du lịch",
    number=7,
    symbol="TTCSTTĐN-TTĐN",
    place="Hòa Bình",
    issued_on=date(2024, 2, 5),
)
PARAGRAPH = (
    "Thực hiện Kế hoạch số 90/KH-UBND ngày 21/6/2024 về công tác thông tin đối ngoại, cơ quan chủ trì tổ chức Hội nghị "
    "tập huấn công tác thông tin đối ngoại và nhân quyền; đề nghị các cơ quan cử đại biểu dự đúng thành phần."
)
SIGNATURE = Signature("Cục trưởng", "Người Ký Mẫu", "TL. Bộ trưởng")
RECIPIENTS = ("Như trên", "Bộ trưởng (để báo cáo);", "- Lưu: VT, TTĐN (05).")


def quotas(units: int) -> Table:
    """A table of so many units and their total."""
    rows = [Row((str(n), f"Sở Văn hóa, Thể thao và Du lịch tỉnh thứ {n}", "5")) for n in range(1, units + 1)]
    columns = (Column("STT", 15, "center"), Column("Cơ quan, đơn vị", 115), Column("Số đại biểu", 35, "center"))
    return Table(columns, (*rows, Row(("", "Tổng cộng", str(5 * units)), "total")))


CALL = Paper(
    HEAD,
    summary="cử đại biểu tham dự Hội nghị tập huấn công tác thông tin đối ngoại",
    addressees=("Ủy ban nhân dân tỉnh Lam Khê", "Sở Ngoại vụ"),
    blocks=(PARAGRAPH, "1. Thời gian: ngày 07/8/2024.", PARAGRAPH),
    signature=SIGNATURE,
    recipients=RECIPIENTS,
    appendices=(Appendix("Phân bổ chỉ tiêu", reference_to("Công văn", HEAD), (quotas(63),)),),
)
INVITATION = Paper(
    replace(HEAD, number=None, symbol="GM-SNgV", issued_on=None),
    summary="Dự Hội nghị tập huấn công tác thông tin đối ngoại",
    title="Giấy mời",
    addressees=("đồng chí Phạm S",),
    blocks=(PARAGRAPH,),
    signature=Signature("Giám đốc", "A"),
    recipients=("Như trên", "Lưu: VT"),
)
PARTY_HEAD = Head(
    agency="Ban Tuyên giáo và Dân vận",
    superior="Tỉnh ủy Lam Khê",
    number=12,
    symbol="GM/BTGTU",
    place="Lam Khê",
    issued_on=date(2026, 8, 7),
    party=True,
)
PARTY_INVITATION = replace(INVITATION, head=PARTY_HEAD)
PARTY_CALL = replace(CALL, head=replace(PARTY_HEAD, number=7, symbol="CV/BTGTU"), appendices=())

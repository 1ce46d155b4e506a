"""Mails to holders, in both languages: whoever reads one may have set neither."""

from lms.certificates.facts import Facts

Letter = tuple[str, str]
"""Subject and body."""


def issued(facts: Facts, url: str) -> Letter:
    """A certificate was issued."""
    kind, kind_en = facts.kind_words
    return (
        f"{kind} số {facts.register_number} đã cấp",
        f"""Kính gửi đồng chí {facts.holder},

{facts.agency} đã cấp {kind.lower()} số {facts.register_number} cho đồng chí:
{facts.title}.

Xem và kiểm tra giấy tại:
{url}

Tải bản PDF: đăng nhập hệ thống, mở mục “Giấy CN”.

Trân trọng.

--
{kind_en} No. {facts.register_number} has been issued to you for: {facts.title_en or facts.title}.
View and verify it at the address above. To download the PDF, sign in and open “Certificates”.
""",
    )


def revoked(facts: Facts, day: str) -> Letter:
    """A certificate was revoked; `day` as it is printed in Vietnamese."""
    kind, kind_en = facts.kind_words
    return (
        f"{kind} số {facts.register_number} đã thu hồi",
        f"""Kính gửi đồng chí {facts.holder},

{kind} số {facts.register_number} cấp cho đồng chí đã bị thu hồi ngày {day} và không còn hiệu lực:
{facts.title}.

Nếu cần trao đổi, hãy liên hệ {facts.agency}.

Trân trọng.

--
{kind_en} No. {facts.register_number} has been revoked and is no longer valid.
If you have questions, contact the issuing agency.
""",
    )

"""Words that the script of an attempt shows; {n}, {time} … are filled in by it."""

from lms.core.i18n import _


def script_words() -> dict[str, str]:
    """By the names that `quiz.js` knows them by."""
    return {
        "saving": _("Đang lưu…"),
        "saved": _("Đã lưu {time}"),
        "lost": _("Chưa lưu – mất kết nối"),
        "lostTitle": _("Mất kết nối, cứ làm tiếp"),
        "lostText": _("{n} câu trả lời đang giữ trên máy này và sẽ tự gửi khi có mạng. Đừng đóng trang."),
        "lostDeadline": _("Giờ nộp vẫn tính theo máy chủ: {time}."),
        "back": _("Đã gửi {n} câu"),
        "over": _("Hết giờ"),
        "other": _("Đang làm ở cửa sổ khác"),
        "otherText": _("Bài này đang mở ở một cửa sổ khác của trình duyệt. Câu trả lời chỉ gửi từ một cửa sổ."),
        "here": _("Làm tiếp ở đây"),
        "signedOut": _("Phiên đăng nhập đã hết. Đăng nhập lại rồi mở lại bài: câu trả lời đang giữ trên máy này."),
        "signIn": _("Đăng nhập"),
        "stale": _("Trang đã mở quá lâu. Hãy tải lại trang; câu trả lời đang giữ trên máy này."),
        "reload": _("Tải lại trang"),
        "place": _("Câu {n} trong {total}"),
        "map": _("Các câu hỏi: {n} đã trả lời, {left} chưa"),
        "answered": _("Câu {n}, đã trả lời"),
        "unanswered": _("Câu {n}, chưa trả lời"),
        "left": _("Còn lại"),
        "minutes": _("Còn {n} phút"),
        "flag": _("Đánh dấu để xem lại"),
        "unflag": _("Bỏ đánh dấu"),
        "cannotGo": _("Đang mất kết nối nên chưa nộp được. Hệ thống sẽ gửi câu trả lời ngay khi có mạng."),
        "cannotCheck": _("Đang mất kết nối nên chưa kiểm tra được. Hệ thống sẽ gửi câu trả lời ngay khi có mạng."),
    }

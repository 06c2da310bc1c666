"""The icons that screens may use, by their Lucide names; build_ui puts these into one sprite."""

from __future__ import annotations

from typing import Final

ICONS: Final = frozenset(
    """
    activity archive arrow-down arrow-left arrow-left-right arrow-right arrow-up arrow-up-down at-sign
    badge-check badge-percent ban banknote bell book-open book-text bookmark building building-2
    calendar calendar-check calendar-clock calendar-days chart-column chart-line check chevron-down
    chevron-left chevron-right chevron-up circle circle-alert circle-check circle-dot
    circle-question-mark circle-stop circle-x clipboard-check clipboard-list clock code coins copy
    credit-card download ellipsis ellipsis-vertical external-link eye eye-off file file-check
    file-down file-minus file-plus file-spreadsheet file-text file-x flag folder folder-open
    funnel git-branch git-merge globe hand-coins hash history inbox info key key-round keyboard
    landmark languages layout-dashboard life-buoy link list list-checks list-filter loader-circle
    lock lock-open log-out mail mail-open map-pin menu message-square minus monitor moon
    notebook-pen paperclip pause pencil percent phone phone-missed phone-off play plus printer
    qr-code receipt redo-2 refresh-cw repeat scale search send settings shield-check
    sliders-horizontal smartphone sparkles split square-check square-pen star sun tag trash-2
    trending-down trending-up triangle-alert undo-2 upload user user-check user-cog user-plus users
    voicemail wallet workflow x zap
    """.split()
)

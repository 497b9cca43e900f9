"""Addresses of the desk, all under /desk/."""

from django.urls import path

from emergency.views import (
    board,
    bridge,
    caller,
    colleagues,
    contacts,
    customer_side,
    desk,
    engine,
    incident,
    mail,
    order_record,
    proposals,
    telephone,
    timer,
    work,
)

urlpatterns = [
    path("", board.show_board, name="board"),
    path("board/", board.board_fragment, name="board_fragment"),
    path("report/", telephone.report, name="desk_report"),
    path("report/order/", telephone.place, name="desk_report_order"),
    path("icon/<int:count>.svg", board.icon, name="desk_icon"),
    path("engine/", engine.show_engine, name="engine"),
    path("engine/now/", engine.engine_fragment, name="engine_now"),
    path("engine/test/<str:route>/", engine.test_route, name="engine_test"),
    path("mail/", mail.mail_list, name="desk_mail"),
    path("mail/<int:mail_id>/attach/", mail.attach_mail, name="mail_attach"),
    path("mail/<int:mail_id>/dismiss/", mail.dismiss_mail, name="mail_dismiss"),
    path(
        "mail/file/<int:attachment_id>/", mail.mail_attachment, name="mail_attachment"
    ),
    path("file/<int:file_id>/", mail.added_file, name="added_file"),
    path("ended/", desk.ended_incidents, name="desk_ended"),
    path("accounts/", desk.account_list, name="desk_accounts"),
    path("accounts/<str:number>/", contacts.account_page, name="desk_account"),
    path("i/<str:reference>/", incident.show_incident, name="incident"),
    path("i/<str:reference>/now/", incident.incident_fragment, name="incident_now"),
    path("i/<str:reference>/take/", incident.take, name="incident_take"),
    path("i/<str:reference>/release/", incident.release, name="incident_release"),
    path(
        "i/<str:reference>/hand-over/", colleagues.hand_over, name="incident_hand_over"
    ),
    path("i/<str:reference>/call-in/", colleagues.call_in, name="incident_call_in"),
    path("i/<str:reference>/accept/", colleagues.accept, name="incident_accept"),
    path("i/<str:reference>/attempt/", incident.attempt, name="incident_attempt"),
    path("i/<str:reference>/bridge/", bridge.start, name="incident_bridge"),
    path(
        "i/<str:reference>/bridge/now/",
        bridge.bridge_fragment,
        name="incident_bridge_now",
    ),
    path("i/<str:reference>/own-phone/", bridge.own_phone, name="incident_own_phone"),
    path("i/<str:reference>/note/", incident.note, name="incident_note"),
    path("i/<str:reference>/time/", work.log_time, name="incident_time"),
    path(
        "i/<str:reference>/time/<int:entry_id>/",
        work.amend_time,
        name="incident_amend",
    ),
    path("i/<str:reference>/timer/", timer.start, name="incident_timer"),
    path(
        "i/<str:reference>/timer/<int:timer_id>/confirm/",
        timer.confirm,
        name="incident_timer_confirm",
    ),
    path(
        "i/<str:reference>/timer/<int:timer_id>/switch/",
        timer.switch,
        name="incident_timer_switch",
    ),
    path(
        "i/<str:reference>/timer/<int:timer_id>/stop/",
        timer.stop,
        name="incident_timer_stop",
    ),
    path(
        "i/<str:reference>/timer/<int:timer_id>/review/",
        timer.review,
        name="incident_timer_review",
    ),
    path(
        "i/<str:reference>/link/<int:report_id>/revoke/",
        customer_side.revoke_link,
        name="incident_revoke_link",
    ),
    path(
        "i/<str:reference>/feedback/", customer_side.feedback, name="incident_feedback"
    ),
    path(
        "i/<str:reference>/ask/analysis/",
        proposals.propose_analysis,
        name="incident_ask_analysis",
    ),
    path(
        "i/<str:reference>/ask/limit/",
        proposals.propose_beyond_limit,
        name="incident_ask_limit",
    ),
    path(
        "i/<str:reference>/ask/<int:proposal_id>/answer/",
        proposals.spoken_answer,
        name="incident_answer",
    ),
    path(
        "i/<str:reference>/order-record.pdf",
        order_record.desk_record,
        name="incident_order_record",
    ),
    path("i/<str:reference>/resolve/", work.resolve, name="incident_resolve"),
    path("i/<str:reference>/reopen/", work.reopen, name="incident_reopen"),
    path("i/<str:reference>/close/", work.close, name="incident_close"),
    path("i/<str:reference>/cancel/", incident.cancel, name="incident_cancel"),
    path("i/<str:reference>/account/", caller.confirm, name="incident_account"),
    path("i/<str:reference>/merge/", caller.merge, name="incident_merge"),
]

"""Addresses of requests, escalations, enforcement cases and the inbox."""

from django.urls import path

from collections_crm.pages import complaints, disputes, hardship, reconciliations
from collections_crm.pages.approvals import approval, approval_act, approval_claim, approval_list
from collections_crm.pages.complaint_list import complaint_list
from collections_crm.pages.enforcement import enforcement_case, enforcement_close, enforcement_file, notice_record
from collections_crm.pages.escalations import escalate, escalation, escalation_correct, evidence, referral_answer
from collections_crm.pages.inbox import inbox

urlpatterns = [
    path("approvals/", approval_list, name="approvals"),
    path("approvals/<int:pk>/", approval, name="approval"),
    path("approvals/<int:pk>/claim/", approval_claim, name="approval-claim"),
    path("approvals/<int:pk>/<slug:name>/", approval_act, name="approval-act"),
    path("accounts/<str:reference>/escalate/", escalate, name="escalate"),
    path("escalations/<int:pk>/", escalation, name="escalation"),
    path("escalations/<int:pk>/correct/", escalation_correct, name="escalation-correct"),
    path("escalations/<int:pk>/answer/", referral_answer, name="referral-answer"),
    path("evidence/<int:pk>/", evidence, name="evidence"),
    path("disputes/<int:pk>/", disputes.dispute, name="dispute"),
    path("disputes/<int:pk>/letter.pdf", disputes.letter, name="dispute-letter"),
    path("disputes/<int:pk>/<str:name>/", disputes.dispute_act, name="dispute-act"),
    path("complaints/", complaint_list, name="complaints"),
    path("complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("complaints/<int:pk>/letter.pdf", complaints.letter, name="complaint-letter"),
    path("complaints/<int:pk>/<str:name>/", complaints.complaint_act, name="complaint-act"),
    path("hardship/<int:pk>/", hardship.hardship, name="hardship"),
    path("hardship/<int:pk>/letter.pdf", hardship.letter, name="hardship-letter"),
    path("hardship/<int:pk>/<str:name>/", hardship.hardship_act, name="hardship-act"),
    path("reconciliations/<int:pk>/", reconciliations.reconciliation, name="reconciliation"),
    path("reconciliations/<int:pk>/letter.pdf", reconciliations.letter, name="reconciliation-letter"),
    path(
        "reconciliations/<int:pk>/statements/<int:file_id>/",
        reconciliations.reconciliation_statement,
        name="reconciliation-statement",
    ),
    path("reconciliations/<int:pk>/<str:name>/", reconciliations.reconciliation_act, name="reconciliation-act"),
    path("enforcement/<int:pk>/", enforcement_case, name="enforcement-case"),
    path("enforcement/<int:pk>/file/", enforcement_file, name="enforcement-file"),
    path("enforcement/<int:pk>/close/", enforcement_close, name="enforcement-close"),
    path("accounts/<str:reference>/notices/", notice_record, name="notice-record"),
    path("inbox/", inbox, name="inbox"),
]

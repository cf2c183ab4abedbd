"""Which columns of which tables the load generator fills (others hold the models' defaults), and how clients buy."""

from django.db.models import Model

from accounts import models as m
from deals import models as d
from roadmaps import models as r
from trainings import models as t
from upsell_crm.core.models import AuditEvent

REGIMES = ("commercial", "fz223", "fz44", "unknown")
PROCEDURES = {
    "commercial": ("direct", "invoice_offer", "tender_commercial", "single_internal"),
    "fz223": ("single_223", "small_223", "rfq_223", "rfp_223", "auction_223"),
    "fz44": ("small_44", "eshop_44", "auction_44", "rfq_44"),
    "unknown": ("unknown",),
}

COLUMNS: dict[str, tuple[type[Model], str]] = {
    "company": (m.Company, "name short_name inn kpp parent_id head_id regime industry segment headcount is_key "
                "owner_kam_id team_id sort_name search_text last_contact_at next_step next_step_on"),
    "contract": (m.Contract, "company_id number form start_date end_date amount status status_changed_at renews_id "
                 "procurement_type_id signed_on renewal_kind auto_renew_notice_days"),
    "line": (m.LicenceLine, "contract_id product_id seats price_per_unit amount start_date end_date kind"),
    "year": (m.CompanyYear, "company_id year revenue source as_of"),
    "court": (m.CourtLoad, "company_id as_of cases_12m as_plaintiff as_defendant as_other claims_amount"),
    "department": (m.Department, "company_id name kind headcount"),
    "debt": (m.Debt, "company_id amount as_of"),
    "profile": (m.ProcurementProfile, "company_id default_type_id approval_bd_override lead_bd_override "
                "invoice_offer_policy invoice_offer_limit budget_month"),
    "lead_time": (m.LeadTime, "company_id type_id kind started_on finished_on working_days"),
    "usage": (m.UsageSnapshot, "company_id product_id as_of active_users_30d logins_30d"),
    "estimate": (m.PotentialEstimate, "company_id product_id target_seats basis verified_at verified_by_id"),
    "wait": (m.FeatureWait, "feature_id company_id importance quote"),
    "contact": (m.Contact, "last_name first_name company_id position email phone state search_text"),
    "role": (m.ContactRole, "contact_id company_id role is_key influence attitude valid_from"),
    "strength": (m.ContactStrength, "contact_id user_id level set_by as_of last_two_way_on"),
    "check": (m.FactCheck, "company_id fact contact_id result checked_at checked_by_id"),
    "talk": (m.Interaction, "company_id client_id kind state starts_at purpose summary next_step next_step_on result "
             "replied author_id"),
    "talk_contact": (m.InteractionContact, "interaction_id contact_id attended"),
    "talk_user": (m.InteractionUser, "interaction_id user_id attended"),
    "feedback": (m.ProductFeedback, "interaction_id product_id reaction text"),
    "task": (m.Task, "company_id title assignee_id due_on state actual_result done_at receiver_id expected_result origin"),
    "agreement": (m.Agreement, "interaction_id company_id side text due_on owner_user_id task_id done_at"),
    "objection": (m.Objection, "interaction_id company_id category text state handled_how"),
    "deal": (d.Deal, "title company_id kind stage return_stage stage_since opened_on amount current_amount target_date "
             "responsible_kam_id team_id next_step next_step_on main_reason closed_at"),
    "deal_line": (d.DealLine, "deal_id product_id seats_current seats_new price current_amount amount"),
    "deal_member": (d.DealMember, "deal_id user_id role since_on"),
    "renewal": (d.DealRenewal, "deal_id contract_id"),
    "deal_talk": (d.DealInteraction, "deal_id interaction_id"),
    "document": (d.Document, "deal_id contract_id type number approval approval_since prepared_by_id first_sent_at "
                 "signed_on"),
    "document_step": (d.DocumentStep, "document_id approval entered_at"),
    "training": (t.Training, "company_id product_id topic starts_at tutor_id state results_at"),
    "trainee": (t.Trainee, "training_id contact_id name attended minutes test reaction activated_30d"),
    "member": (m.AccountMember, "company_id user_id role via contacts since_on until_on"),
    "member_trainee": (m.AccountMember.trainees.through, "accountmember_id contact_id"),
    "plan": (r.Plan, "deal_id type type_suggested goal success_metric success_value deadline state state_since revision "
             "content approved_deadline approved_amount"),
    "plan_revision": (r.PlanRevision, "plan_id number reason changes by_id at"),
    "plan_review": (r.PlanReview, "plan_id content submitted_by_id submitted_at"),
    "plan_task": (r.PlanTask, "plan_id task_id role phase starts_on"),
    "plan_task_after": (r.PlanTask.depends_on.through, "from_plantask_id to_plantask_id"),
    "deal_task": (d.DealTask, "deal_id task_id"),
    "audit": (AuditEvent, "actor_id actor_name event object_type object_id object_label company_id changes"),
}  # fmt: skip

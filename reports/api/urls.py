"""Addresses of the REST API."""

from django.urls import path

from reports.api import deal_views, plan_views, views

app_name = "api"
urlpatterns = [
    path("contracts/", views.ContractList.as_view(), name="contract_list"),
    path("contracts/<uuid:id>/", views.ContractCard.as_view(), name="contract_card"),
    path("contracts/<uuid:id>/status/", views.ContractStatusCard.as_view(), name="contract_status"),
    path("contracts/<uuid:id>/history/", views.ContractHistory.as_view(), name="contract_history"),
    path("renewals/", views.RenewalList.as_view(), name="renewal_list"),
    path("companies/", views.CompanyList.as_view(), name="company_list"),
    path("companies/<uuid:id>/", views.CompanyCard.as_view(), name="company_card"),
    path("deals/<uuid:id>/", deal_views.DealCard.as_view(), name="deal_card"),
    path("deals/<uuid:id>/plan/", plan_views.DealPlanCard.as_view(), name="deal_plan"),
    path("plan-tasks/<uuid:id>/status/", plan_views.PlanTaskStatus.as_view(), name="plan_task_status"),
    path("documents/", deal_views.DocumentList.as_view(), name="document_list"),
    path("documents/<uuid:id>/", deal_views.DocumentCard.as_view(), name="document_card"),
    path("reports/existing-clients/", views.ExistingClientList.as_view(), name="existing_client_list"),
    path("health/", views.Health.as_view(), name="health"),
    path("schema/", views.Schema.as_view(), name="schema"),
    path("schema/page/", views.SchemaPage.as_view(), name="schema_page"),
]

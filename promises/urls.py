from django.urls import path

from promises.views import account, agreement, plan

urlpatterns = [
    path("overenskommelse/", agreement.agreement, name="agreement"),
    path("loften/", agreement.promises, name="promises"),
    path("aktiviteter/ny/", plan.add, name="activity_add"),
    path("aktiviteter/<int:pk>/andra/", plan.edit, name="activity_edit"),
    path("konto/", account.account, name="account"),
]

from django.urls import path

from followup.views import activity, health, log, overview, promise, public, review

urlpatterns = [
    path("", public.public, name="public"),
    path("halsa/", health.health, name="health"),
    path("oversikt/", overview.overview, name="overview"),
    path("loften/<int:pk>/", promise.promise, name="promise"),
    path("aktiviteter/", activity.activities, name="activities"),
    path("aktiviteter/<int:pk>/", activity.activity, name="activity"),
    path("logga/", log.pick, name="log"),
    path("logga/<int:pk>/", log.log, name="log_occasion"),
    path("logga/ny-aktivitet/<int:promise_pk>/", log.add_activity, name="log_new_activity"),
    path("tillfallen/", log.occasions, name="occasions"),
    path("tillfallen/<int:pk>/", log.occasion, name="occasion"),
    path("tillfallen/<int:pk>/andra/", log.edit, name="occasion_edit"),
    path("tillfallen/<int:pk>/dra-tillbaka/", log.withdraw, name="occasion_withdraw"),
    path("uppfoljning/", review.reviews, name="reviews"),
    path("uppfoljning/ny/", review.start, name="review_start"),
    path("uppfoljning/<int:pk>/", review.review, name="review"),
    path("uppfoljning/<int:pk>/texter/", review.texts, name="review_texts"),
    path("uppfoljning/<int:pk>/bedomning/<int:assessment_pk>/", review.assess, name="assess"),
    path("uppfoljning/<int:pk>/forhandsvisning/", review.preview, name="review_preview"),
    path("uppfoljning/<int:pk>/pdf/", review.pdf, name="review_pdf"),
]

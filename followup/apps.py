from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = "Uppföljning"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from followup.search import index

        index.connect()
        post_migrate.connect(index.fill_when_empty, sender=self)

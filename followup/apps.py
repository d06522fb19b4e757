from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = "Uppföljning"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from followup import search_index

        search_index.connect()
        post_migrate.connect(search_index.fill_when_empty, sender=self)

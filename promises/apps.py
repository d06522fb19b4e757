from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "promises"
    verbose_name = "Överenskommelse och löften"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from promises.accounts import remember_previous_login

        # Before Django's own receiver, which overwrites `last_login`: this app is the first.
        user_logged_in.connect(remember_previous_login, dispatch_uid="remember_previous_login")

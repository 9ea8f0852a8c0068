"""Addresses of signing in, people and their data."""

from django.urls import path

from accounts.views import code, contacts, data, links, recovery, registration, security, signin, subusers

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.sign_in_code, name="sign_in_code"),
    path("sign-in/code/again/", signin.sign_in_resend, name="sign_in_resend"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("register/", registration.register, name="register"),
    path("register/sent/", registration.registered, name="registered"),
    path("terms/", registration.terms, name="terms"),
    path("link/<str:purpose>/<str:token>/", links.link, name="link"),
    path("confirm/", links.confirm_registration, name="confirm_registration"),
    path("activate/", links.activate, name="activate"),
    path("new-password/", links.new_password, name="new_password"),
    path("not-me/", links.not_me, name="not_me"),
    path("forgotten/", recovery.forgotten, name="forgotten"),
    path("forgotten/sent/", recovery.forgotten_sent, name="forgotten_sent"),
    path("language/", data.language, name="language"),
    path("switch/", data.switch, name="switch"),
    path("users/", subusers.users, name="users"),
    path("users/add/", subusers.user_add, name="user_add"),
    path("users/<int:pk>/", subusers.user, name="user"),
    path("users/<int:pk>/rights/", subusers.user_rights, name="user_rights"),
    path("users/<int:pk>/person/", subusers.user_person, name="user_person"),
    path("users/<int:pk>/resend/", subusers.user_resend, name="user_resend"),
    path("users/<int:pk>/block/", subusers.user_block, name="user_block"),
    path("users/<int:pk>/unblock/", subusers.user_unblock, name="user_unblock"),
    path("users/<int:pk>/remove/", subusers.user_remove, name="user_remove"),
    path("data/", data.personal_data, name="personal_data"),
    path("data/edit/", data.personal_data_edit, name="personal_data_edit"),
    path("data/billing/", data.billing_edit, name="billing_edit"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/add/", contacts.contact_add, name="contact_add"),
    path("contacts/<int:pk>/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/remove/", contacts.contact_remove, name="contact_remove"),
    path("authorization-code/", code.authorization_code, name="authorization_code"),
    path("authorization-code/revoke/", code.authorization_code_revoke, name="authorization_code_revoke"),
    path("security/", security.security, name="security"),
    path("security/password/", security.password_change, name="password_change"),
    path("security/second-step/", security.second_step, name="second_step"),
    path("security/end-other-sessions/", security.end_other_sessions, name="end_other_sessions"),
    path("history/", security.history, name="history"),
]

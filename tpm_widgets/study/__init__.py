"""The study: what was asked, what was observed, and what is wrong with it."""

from tpm_widgets.steps import list_public_names

list_public_names(__name__)

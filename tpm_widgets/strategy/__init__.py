"""Strategy (Soll-Strategie): which touchpoints go with recommending, and where should we aim?"""

from tpm_widgets.steps import list_public_names

list_public_names(__name__)

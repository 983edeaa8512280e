"""Plan (To-do-Plan): what do we do first, and what do we stop paying for?"""

from tpm_widgets.steps import list_public_names

list_public_names(__name__)

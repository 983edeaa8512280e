"""As is (Ist-Analyse): where do we stand, in words and in deeds?"""

from tpm_widgets.steps import list_public_names

list_public_names(__name__)

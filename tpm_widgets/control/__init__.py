"""Control (Kontrolle und Optimierung): did it work, and is the change real?"""

from tpm_widgets.steps import list_public_names

list_public_names(__name__)

"""Which touchpoints go with customers really recommending us, and what should we do about it?

A study goes through four steps. Each name is used from the top, as in ``tpm.net_promoter_score(study)``; those that
belong to a step are listed by ``dir(tpm.as_is)`` and told about by ``help(tpm.as_is)``:

    study      what was asked, what was observed, and what is wrong with it
    as_is      where do we stand, in words and in deeds?
    strategy   which touchpoints go with recommending, and where should we aim?
    plan       what do we do first, and what do we stop paying for?
    control    did it work, and is the change real?

The public names, in the order of the flow, stand in ``__init__.pyi``; each is imported when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

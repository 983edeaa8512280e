"""Which touchpoints go with customers really recommending us, and what should we do about it?

The public names, in the order of the flow, stand in ``__init__.pyi``; each is imported when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

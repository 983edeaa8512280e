from .errors import DataError as DataError
from .language import set_language as set_language
from .results import Result as Result
from .study.model import Study as Study

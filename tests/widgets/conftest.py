import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.model import Study


@pytest.fixture(scope="session")
def study():
    return tpm.simulate_study(seed=1, respondents=1500, touchpoints=4)


@pytest.fixture
def small_study():
    """Six answers on two touchpoints; one label wants escaping."""
    ratings = pd.DataFrame({"app": [5, 4, 3, 5, np.nan, 1.0], "desk": [2, 2, 3, 4, 5, 1.0]})
    return Study(
        name="small",
        title="A small company",
        survey=pd.DataFrame({"recommend": [10, 9, 7, 8, 9, 2.0]}),
        ratings=ratings,
        experienced=ratings.notna().astype("boolean"),
        touchpoints=pd.DataFrame({"touchpoint": ["app", "desk"], "label": ["The app", "Desk & <phone>"]}),
        rating_scales={"app": (1, 5), "desk": (1, 5)},
    )

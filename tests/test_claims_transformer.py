import pytest
from claims.transformer import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.name for claim in CLAIMS])
def test_claim(claim):
    assert claim.holds(claim.measure(0))

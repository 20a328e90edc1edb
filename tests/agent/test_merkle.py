"""RFC 6962: the tree by its recursive definition, and proofs that nothing else satisfies."""

import hashlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import merkle
from agent.statement import MerkleRoot


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node(by_definition(leaves[:split]), by_definition(leaves[split:]))


def lines(count: int) -> list[bytes]:
    return [merkle.leaf(b"salt" * 8, b"line %d" % number) for number in range(count)]


def test_roots_of_certificate_transparency_are_reproduced() -> None:
    """The test vectors of google/certificate-transparency (merkletree/merkle_tree_test.cc)."""
    inputs = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    hashes = [merkle.leaf(b"", content) for content in inputs]
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(hashes[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(hashes[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle.root(hashes[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


@pytest.mark.parametrize("count", range(70))
def test_the_streamed_root_is_the_defined_one(count: int) -> None:
    assert merkle.root(lines(count)) == by_definition(lines(count))


@given(st.integers(1, 300), st.data())
def test_a_proof_shows_its_leaf_at_its_place_and_nothing_else(count: int, data: st.DataObject) -> None:
    leaves = lines(count)
    index = data.draw(st.integers(0, count - 1))
    tree = MerkleRoot(root=merkle.root(leaves).hex(), leaves=count)
    proof = merkle.prove(leaves, index)
    assert len(proof) <= (count - 1).bit_length()
    assert merkle.proves(leaves[index], index, proof, tree)

    other = data.draw(st.integers(-1, count + 1).filter(lambda other: other != index))
    assert not merkle.proves(leaves[index], other, proof, tree)
    assert not merkle.proves(merkle.leaf(b"salt" * 8, b"another line"), index, proof, tree)
    assert not merkle.proves(leaves[index], index, (*proof, leaves[0]), tree)
    assert not merkle.proves(leaves[index], index, proof, MerkleRoot(root="00" * 32, leaves=count))
    if proof:
        assert not merkle.proves(leaves[index], index, proof[:-1], tree)
        assert not merkle.proves(leaves[index], index, (*proof[:-1], b"\0" * 32), tree)


def test_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        merkle.prove(lines(3), 3)


def test_a_salt_hides_an_equal_line() -> None:
    assert merkle.leaf(b"a" * 32, b"line") != merkle.leaf(b"b" * 32, b"line")


def test_a_leaf_is_never_a_node() -> None:
    left, right = lines(2)
    assert merkle.leaf(left, right) != merkle.node(left, right)


def test_the_root_takes_logarithmic_memory() -> None:
    tree = merkle.Tree()
    tracemalloc.start()
    for number in range(20000):
        tree.add(merkle.leaf(b"", b"%d" % number))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tree.leaves == 20000
    assert peak < 20000

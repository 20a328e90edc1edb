"""Merkle trees of RFC 6962: a root over all resource lines, and proofs that one line is among them.

The input of a leaf is its salt followed by the line: whoever is shown a proof of one resource learns nothing of its neighbours.
https://www.rfc-editor.org/rfc/rfc6962#section-2.1
"""

import hashlib
from collections.abc import Iterable, Sequence

from agent.statement import MerkleRoot


def leaf(salt: bytes, line: bytes) -> bytes:
    """Hash of a leaf: sha256(0x00 || salt || line)."""
    return hashlib.sha256(b"\0" + salt + line).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: sha256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """Takes leaves one by one and remembers one hash per level: O(log n) memory."""

    def __init__(self) -> None:
        self.leaves = 0
        self._perfect: list[bytes] = []
        """Roots of perfect subtrees, the largest first: one per bit that is set in `leaves`."""

    def add(self, hashed: bytes) -> None:
        """Append the hash of a leaf."""
        self._perfect.append(hashed)
        self.leaves += 1
        merges = (self.leaves & -self.leaves).bit_length() - 1
        for _ in range(merges):
            right = self._perfect.pop()
            self._perfect[-1] = node(self._perfect[-1], right)

    def root(self) -> bytes:
        """The root over the leaves so far; of none, the sha256 of nothing."""
        if not self._perfect:
            return hashlib.sha256().digest()
        *rest, root = self._perfect
        for left in reversed(rest):
            root = node(left, root)
        return root

    def result(self) -> MerkleRoot:
        """Root and number of leaves, as they are sealed."""
        return MerkleRoot(root=self.root().hex(), leaves=self.leaves)


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves."""
    tree = Tree()
    for hashed in leaves:
        tree.add(hashed)
    return tree.root()


def prove(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The inclusion proof of leaf `index`: the siblings on its way to the root, from the bottom. Raises `IndexError`."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    proof: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        split = start + (1 << (end - start - 1).bit_length() - 1)
        if index < split:
            proof.append(root(leaves[split:end]))
            end = split
        else:
            proof.append(root(leaves[start:split]))
            start = split
    return tuple(reversed(proof))


def proves(hashed: bytes, index: int, proof: Sequence[bytes], expected: MerkleRoot) -> bool:
    """Whether `proof` shows that `hashed` is leaf `index` of the tree with that root and size (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < expected.leaves:
        return False
    here, last = index, expected.leaves - 1
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node(sibling, hashed)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed.hex() == expected.root

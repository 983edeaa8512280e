"""Errors of a regression on repeated answers of few customers: residuals freed of what the fit took from them, and the
degrees of freedom that are left for a contrast (CR2 with Satterthwaite's approximation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

NOTHING_LEFT = 1e-10  # of the variance of a cluster's residuals along a direction that the cluster alone decides

ROUNDING = 1e-6  # of a direction of coefficients; smaller parts are 0


@dataclass(frozen=True, slots=True, eq=False)
class SameSize:
    """The clusters of one size s, and what makes up for what the fit took from their residuals.

    Attributes
    ----------
    clusters : numpy.ndarray, shape (g,)
        Their numbers.
    rows : numpy.ndarray, shape (g, s)
        Their answers.
    basis : numpy.ndarray, shape (g, s, r)
        Orthonormal directions along which residuals lost variance.
    gain : numpy.ndarray, shape (g, r)
        By how much residuals are raised along each, 1/√(variance left) − 1; −1 where nothing is left.
    """

    clusters: np.ndarray
    rows: np.ndarray
    basis: np.ndarray
    gain: np.ndarray

    def adjust(self, values: np.ndarray) -> np.ndarray:
        """Raise values of these answers, shape (g, s)."""
        along = (self.basis.transpose(0, 2, 1) @ values[:, :, None])[:, :, 0]
        return values + (self.basis @ (self.gain * along)[:, :, None])[:, :, 0]


@dataclass(frozen=True, slots=True, eq=False)
class FewClusters:
    """Cluster-robust errors of a weighted regression that hold for few clusters; made by ``few_clusters``.

    Attributes
    ----------
    matrix : numpy.ndarray, shape (n, k)
        The design, scaled so that all residuals have one variance under the model.
    weights : numpy.ndarray, shape (n,)
        Of mean 1.
    bread : numpy.ndarray, shape (k, k)
        (X′WX)⁻¹.
    batches : tuple of SameSize
    """

    matrix: np.ndarray
    weights: np.ndarray
    bread: np.ndarray
    batches: tuple[SameSize, ...]

    def influence(self, residual: np.ndarray) -> np.ndarray:
        """Tell what each answer moves the coefficients by, shape (n, k); summed by cluster, its cross-product is CR2.

        Parameters
        ----------
        residual : numpy.ndarray, shape (n,)
            Scaled as the matrix is.
        """
        raised = np.empty(len(residual))
        for batch in self.batches:
            raised[batch.rows] = batch.adjust(residual[batch.rows])
        return (self.weights * raised)[:, None] * self.matrix @ self.bread

    def decided(self) -> np.ndarray:
        """Tell which coefficients a single cluster decides, so that nothing shows their error, booleans of (k,).

        Where the others leave a direction z of the coefficients free, residuals have no variance along W_g X_g z = v,
        and z = M X_g′v.
        """
        found = np.zeros(len(self.bread), dtype=bool)
        for batch in self.batches:
            place, direction = np.nonzero(batch.gain == -1)
            along = batch.basis[place, :, direction]
            free = np.abs(np.einsum("gs,gsk->gk", along, self.matrix[batch.rows[place]]) @ self.bread)
            found |= (free > ROUNDING * free.max(axis=1, keepdims=True)).any(axis=0)
        return found

    def degrees(self, contrasts: np.ndarray) -> np.ndarray:
        """Return Satterthwaite's degrees of freedom of contrasts of the coefficients, (k, m) → (m,); NaN for zeros.

        Notes
        -----
        The variance of c′β is Σ(p_g′e)² for residuals e, and its degrees of freedom (Σp_g′p_g)²/Σ(p_g′p_h)² where
        they are independent and of one variance. With u_g = A_g W_g X_g M c, M the bread and Ω = X′W²X the products
        p_g′p_h are those of u_g less a matrix of rank 2k, so that no more than sums by cluster are needed.
        """
        squared = self.bread @ ((self.matrix * (self.weights**2)[:, None]).T @ self.matrix) @ self.bread
        middle = np.block([[-squared, self.bread], [self.bread, np.zeros_like(self.bread)]])
        return np.array([_degrees(middle, *self._sums(contrast)) for contrast in contrasts.T])

    def _sums(self, contrast: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return u′u of each cluster, shape (G,), and X′u beside X′Wu, shape (G, 2k)."""
        own = self.weights * (self.matrix @ (self.bread @ contrast))
        clusters = sum(len(batch.clusters) for batch in self.batches)
        squares, sums = np.empty(clusters), np.empty((clusters, 2 * len(contrast)))
        for batch in self.batches:
            raised = batch.adjust(own[batch.rows])
            both = np.stack([raised, raised * self.weights[batch.rows]], axis=1)
            squares[batch.clusters] = (raised**2).sum(axis=1)
            sums[batch.clusters] = (both @ self.matrix[batch.rows]).reshape(len(raised), -1)
        return squares, sums


def few_clusters(matrix: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> FewClusters:
    """Find what the fit took from the residuals of each cluster, and what makes up for it.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (n, k)
        The design. For a generalised linear model its rows are multiplied by √v, v the derivative of the mean in the
        linear predictor, and residuals are divided by it: then they have one variance, as those of a linear one.
    weights : numpy.ndarray, shape (n,)
        Probability weights, above 0.
    clusters : numpy.ndarray, shape (n,)
        Labels.

    Notes
    -----
    Residuals of cluster g have the variance B_g = (I − H)_g(I − H)_g′ instead of I, H = XMX′W. CR2 takes B_g^(−1/2)
    times the residuals, so that the variance is unbiased where residuals are independent and of one variance; along
    directions that a cluster alone decides it takes nothing. I − B_g has no more than 2k directions.

    References
    ----------
    Bell & McCaffrey 2002, Survey Methodology 28, 169-181; Pustejovsky & Tipton 2018,
    doi:10.1080/07350015.2016.1247004; Imbens & Kolesár 2016, doi:10.1162/REST_a_00552.
    """
    weights = weights / weights.mean()
    bread = np.linalg.inv((matrix * weights[:, None]).T @ matrix)
    batches = tuple(_batches(matrix, weights, clusters, bread))
    return FewClusters(matrix, weights, bread, batches)


def _batches(matrix: np.ndarray, weights: np.ndarray, clusters: np.ndarray, bread: np.ndarray) -> Iterator[SameSize]:
    _, code, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    order = np.argsort(code, kind="stable")
    starts = np.cumsum(sizes) - sizes
    squared = bread @ ((matrix * (weights**2)[:, None]).T @ matrix) @ bread
    even = np.ptp(weights) == 0
    for size in np.unique(sizes):
        own = np.flatnonzero(sizes == size)
        rows = order[starts[own][:, None] + np.arange(size)]
        x, weighted = matrix[rows], matrix[rows] * weights[rows][:, :, None]
        basis = np.linalg.qr(x if even else np.concatenate([x, weighted], axis=2)).Q
        turned = basis.transpose(0, 2, 1)
        plain, heavy = turned @ x, turned @ weighted
        crossed = plain @ bread @ heavy.transpose(0, 2, 1)
        lost = crossed + crossed.transpose(0, 2, 1) - plain @ squared @ plain.transpose(0, 2, 1)
        left, vectors = np.linalg.eigh(np.eye(basis.shape[2]) - lost)
        gain = np.divide(1.0, np.sqrt(np.maximum(left, 0)), out=np.zeros_like(left), where=left > NOTHING_LEFT) - 1
        yield SameSize(own, rows, basis @ vectors, gain)


def _degrees(middle: np.ndarray, squares: np.ndarray, sums: np.ndarray) -> float:
    """(tr P)²/‖P‖² of P = diag(squares) − sums · middle · sums′."""
    turned = sums @ middle
    trace = squares.sum() - (turned * sums).sum()
    crossed = sums.T @ turned
    size = (squares**2).sum() - 2 * squares @ (turned * sums).sum(axis=1) + (crossed * crossed.T).sum()
    return float(trace**2 / size) if size > 0 else np.nan


def intraclass_correlation(columns: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return how alike each column's values of one cluster are, 0…1, shape (k,); 1 where a column does not vary.

    Notes
    -----
    (MSB − MSW)/(MSB + (m₀ − 1)·MSW) of the analysis of variance by cluster, m₀ the mean size of clusters less what they
    differ in size; below 0 it is 0.

    References
    ----------
    Donner 1986, doi:10.2307/1403259.

    Examples
    --------
    >>> intraclass_correlation(np.array([[1.0], [1.0], [3.0], [3.0]]), np.array([0, 0, 1, 1]))
    array([1.])
    """
    _, code, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    n, groups = len(code), len(sizes)
    if groups in (1, n):
        return np.ones(columns.shape[1])
    means = np.column_stack([np.bincount(code, column) for column in columns.T]) / sizes[:, None]
    within = ((columns - means[code]) ** 2).sum(axis=0) / (n - groups)
    between = (sizes[:, None] * (means - columns.mean(axis=0)) ** 2).sum(axis=0) / (groups - 1)
    size = (n - (sizes**2).sum() / n) / (groups - 1)
    total = between + (size - 1) * within
    ratio = np.divide(between - within, total, out=np.ones(columns.shape[1]), where=total > 0)
    return np.clip(ratio, 0, 1)

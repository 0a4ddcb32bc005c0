"""Statistics of fairness: slopes, rank correlation, Gini, spread, each with an interval in closed form.

A simulated book has many years: a figure is computed in each, and the interval is Student's over years. A past year is
one: the interval is over its seats, taken as independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atanh, nan, sqrt, tanh

import numpy as np

from engine.estimates import Estimate
from engine.inputs import FloatArray

BLOCKS = 100
"""Blocks of replications that the jackknife leaves out in turn."""


def least_squares(columns: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return coefficients and their standard errors, which hold for residuals of unlike spread (HC3).

    Small territories attain more erratically than large ones, so equal variance may not be taken for granted.
    Source: MacKinnon & White 1985, Journal of Econometrics 29, 305-325.

    Args:
        columns: shape (seat, column), with a constant column; more seats than columns.
        y: shape (seat,).

    """
    inverse = np.linalg.pinv(columns.T @ columns)
    beta = inverse @ columns.T @ y
    leverage = np.einsum("ij,jk,ik->i", columns, inverse, columns)
    residual = (y - columns @ beta) / np.maximum(1 - leverage, 1e-12)
    covariance = inverse @ (columns.T * residual**2) @ columns @ inverse
    return beta, np.sqrt(np.diagonal(covariance))


def student(value: float, error: float, freedom: int, confidence: float) -> Estimate:
    """Return Student's interval around a value; open ends without degrees of freedom."""
    from scipy.special import stdtrit

    if freedom < 1 or not np.isfinite(error):
        return Estimate(value, nan, nan)
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    return Estimate(value, value - half, value + half)


def over_years(values: FloatArray, confidence: float) -> Estimate:
    """Return the mean over years with Student's interval; years in which the figure does not exist are left out."""
    kept = values[np.isfinite(values)]
    if not len(kept):
        return Estimate(nan, nan, nan)
    error = float(kept.std(ddof=1)) / sqrt(len(kept)) if len(kept) > 1 else nan
    return student(float(kept.mean()), error, len(kept) - 1, confidence)


def slope(x: FloatArray, y: FloatArray, confidence: float) -> Estimate:
    """Return the slope of y on x by least squares: per year (shape (year, seat)) or, of one year, over its seats."""
    centred = x - x.mean()
    size = float(centred @ centred)
    if len(x) < 4 or size <= 1e-12 * max(1.0, float(x @ x)):
        return Estimate(nan, nan, nan)
    if y.shape[0] > 1:
        return over_years(y @ centred / size, confidence)
    beta, error = least_squares(np.column_stack([np.ones(len(x)), centred]), y[0])
    return student(float(beta[1]), float(error[1]), len(x) - 2, confidence)


def effect(size: FloatArray, y: FloatArray, confidence: float) -> tuple[Estimate, float]:
    """Return what more of a size does to y, and how much more is meant, as a ratio: 1 is twice the size.

    The slope of y on log2(size), times a doubling, or times the distance of the size at the 90th percentile of seats
    from that at the 10th where it is less: nothing is told of differences that do not occur.
    """
    x = np.log2(size)
    reach = min(1.0, float(np.quantile(x, 0.9) - np.quantile(x, 0.1))) if len(x) else 0.0
    found = slope(x, y, confidence)
    return Estimate(*(value * reach for value in found)), 2.0**reach - 1


def rank_correlation(x: FloatArray, y: FloatArray, confidence: float) -> Estimate:
    """Return Spearman's correlation of two arrays of shape (year, seat).

    Of one year the interval is that of Fisher's z with the variance (1 + r^2 / 2) / (n - 3).
    Source: Bonett & Wright 2000, Psychometrika 65, 23-28.
    """
    from scipy.stats import norm, rankdata

    a, b = (rankdata(each, axis=1) for each in (x, y))
    a, b = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
    scale = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    r = np.divide((a * b).sum(axis=1), scale, out=np.full(len(scale), nan), where=scale > 0)
    if len(r) > 1:
        return over_years(r, confidence)
    value, count = float(r[0]), x.shape[1]
    if count < 5 or not abs(value) < 1:
        return Estimate(value, nan, nan)
    half = float(norm.ppf((1 + confidence) / 2)) * sqrt((1 + value * value / 2) / (count - 3))
    return Estimate(value, tanh(atanh(value) - half), tanh(atanh(value) + half))


def gini(values: FloatArray) -> FloatArray:
    """Return the Gini coefficient of each row: the mean difference of two seats over twice the mean.

        G = sum_ij |a_i - a_j| / (2 n^2 mean) = sum_i (2 i - n - 1) a_(i) / (n^2 mean)

    0 when all are alike; of a share p at a and the rest at b it is p (1 - p) |a - b| / mean. NaN where all are 0.
    """
    ordered = np.sort(values, axis=-1)
    count = values.shape[-1]
    weight = 2.0 * np.arange(1, count + 1) - count - 1
    total = ordered.sum(axis=-1) * count
    found: FloatArray = np.divide(ordered @ weight, total, out=np.full(np.shape(total), nan), where=total > 0)
    return found


def left_out(statistic: Callable[[FloatArray], float], rows: FloatArray, confidence: float) -> Estimate:
    """Return a statistic of independent rows with the interval of the jackknife, leaving out a row at a time.

    Source: Efron & Stein 1981, Annals of Statistics 9, 586-596.
    """
    count, value = len(rows), statistic(rows)
    if count < 3:
        return Estimate(value, nan, nan)
    parts = np.array([statistic(np.delete(rows, index, axis=0)) for index in range(count)])
    error = sqrt((count - 1) / count * float(((parts - parts.mean()) ** 2).sum()))
    return student(value, error, count - 1, confidence)


def spread_of_chances(hits: FloatArray, confidence: float) -> Estimate:
    """Return the standard deviation over seats of P(credit >= quota), corrected for the noise of the simulation.

        variance = var_i(p_i) - [mean_i p_i (1 - p_i) / (years - 1) - var_years(share reached) / years]

    The bracket is what counting finitely many years adds to the variance over seats of the estimates p_i: the mean of
    their variances less the variance of their mean, whatever the seats of a year have in common. Years are
    independent. The interval is that of the jackknife over blocks of years.

    Args:
        hits: 1 where the quota is reached, shape (year, seat).
        confidence: of the interval.

    """
    years, blocks = len(hits), min(BLOCKS, len(hits))
    if years < 3:
        return Estimate(nan, nan, nan)
    edges = np.linspace(0, years, blocks + 1).astype(int)
    share = hits.mean(axis=1)
    rows = np.column_stack([hits, share, share * share, np.ones(years)])
    parts = np.add.reduceat(rows, edges[:-1], axis=0)
    whole = _variance(parts.sum(axis=0))
    without = np.array([_variance(part) for part in parts.sum(axis=0) - parts])
    error = sqrt((blocks - 1) / blocks * float(((without - without.mean()) ** 2).sum()))
    found = student(whole, error, blocks - 1, confidence)
    return Estimate(*(sqrt(max(value, 0.0)) if np.isfinite(value) else nan for value in found))


def _variance(sums: FloatArray) -> float:
    """Return the corrected variance from sums over years: hits of each seat, the share, its square, and years."""
    hits, (share, square, years) = sums[:-3], sums[-3:]
    p = hits / years
    common = (square - share * share / years) / (years - 1) / years
    return float(p.var() - (p * (1 - p)).mean() / (years - 1) + common)

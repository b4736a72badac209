"""Logged losses against the theory at their times: kernels' own courses, and two nets."""

import numpy as np
import pytest

from theory import OutOfDomain
from verify.regression import problem
from verify.regression.training.course import training_course
from verify.trained_nets.course import (
    STEPS,
    LoggedCourse,
    follow,
    judge_course,
)
from verify.verdicts.verdict import Verdict

KERNEL, CUBE, TARGET, N = "exponential:beta=1", "hypercube:7", {1: 1}, 40
RATE, AT = "1/50", (0, 10, 50, 200, 1000)


def logged(**flags):
    """What a kernel's own gradient flow loses, at the times of a mean without ½."""
    times = [2 * float(1 / 50) * step / N for step in AT]
    course = training_course(problem(KERNEL, CUBE, TARGET, N), times, trials=200)
    return LoggedCourse(AT, course.values["test_mse"].T, RATE, N, **flags)


def test_a_kernels_course_is_confirmed_and_the_ridge_as_time_refuted():
    course = logged(width=7, rho=0.25)
    reports = judge_course(course, KERNEL, CUBE, TARGET)
    assert [x.verdict for x in reports] == [Verdict.CONFIRMED] * 2
    assert "width 7, ρ = 0.25, trained on the mean of squares" in reports[0].claim
    assert str(course.times[1]) == "1/100"


def test_a_wrong_factor_of_the_loss_is_seen():
    report, _ = judge_course(logged(half=True), KERNEL, CUBE, TARGET)
    assert report.verdict is Verdict.REFUTED


def test_losses_of_a_wrong_shape_are_refused():
    with pytest.raises(OutOfDomain, match="two nets"):
        LoggedCourse([0, 1], np.ones((1, 2)), 1, 4)
    with pytest.raises(OutOfDomain, match="3 steps"):
        LoggedCourse([0, 1, 2], np.ones((4, 2)), 1, 4)


def test_nets_lose_less_step_by_step():
    course = follow(1, 2, 0)
    assert course.losses.shape == (2, len(STEPS))
    assert np.all(np.diff(course.losses, axis=1) < 0)
    assert course.rho is not None
    assert 0 < course.rho < 0.1

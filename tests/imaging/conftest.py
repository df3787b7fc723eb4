"""Fail imaging tests that send a form with N+1 queries."""

from tests.n_plus_one import n_plus_one_alarm as n_plus_one_alarm

"""One file per test of fairness; a class dropped in here is run, explained and compared with no other edit."""

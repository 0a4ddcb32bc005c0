"""Pay: past deals settled exactly into statements.

result = pay(PayScenario.load("pay.yaml"), out="runs/pay", previous="runs/pay-last-month")
"""

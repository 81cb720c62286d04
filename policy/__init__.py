"""The policy pack: what no stack may do, rule by rule. How a stack does what it does is not decided here."""

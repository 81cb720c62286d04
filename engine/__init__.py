"""Finds or builds the Pulumi CLI and drives the local stack through the Automation API."""

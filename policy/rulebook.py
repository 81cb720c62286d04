"""Every rule, in the order in which people read them."""

from __future__ import annotations

from policy import (
    access_rules,
    azure_rules,
    endpoint_rules,
    naming_rules,
    production_rules,
    removal_rules,
    secret_rules,
)

RULES = (
    endpoint_rules.version_is_pinned,
    endpoint_rules.routes_sum_to_100,
    endpoint_rules.routes_lead_to_entities,
    removal_rules.nothing_kept_is_lost,
    production_rules.production_never_sleeps,
    production_rules.production_keeps_requests,
    production_rules.production_serves_its_own_catalog,
    access_rules.groups_not_persons,
    access_rules.not_everybody_manages,
    naming_rules.names_are_explicit,
    azure_rules.workspace_is_premium,
    azure_rules.no_public_address,
    azure_rules.no_public_storage,
    azure_rules.storage_speaks_tls_1_2,
    azure_rules.vault_cannot_be_purged,
    secret_rules.no_secret_in_plain_text,
    naming_rules.required_tags_are_there,
)
"""A new rule is a function in one of these modules, and a line here."""
NAMES = tuple(rule.name for rule in RULES)

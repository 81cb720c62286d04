"""What a bootstrap leaves to a person, before and after it: commands of other programs, with the ids that it found."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping

from model_ops.bootstrap.command import filled, quoted
from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.identity_steps import APPLICATION_OF_SERVING, Identity, identities
from model_ops.bootstrap.repository import GITHUB_ISSUER, AzureDevOpsProject, GitHubRepository

WORKSPACE = re.compile(r"https://adb-(\d+)\.")
"""A workspace's numeric id stands in its address."""


ACCOUNTS = "https://accounts.azuredatabricks.net"
"""Where Databricks' accounts on Azure are administered."""


def asked(facts: Facts) -> dict[str, str]:
    """Name the variables that somebody must set before the script is run, each with what it is.

    The words go into `${…:?…}` between quotation marks: they hold no quote and no brace.
    """
    wanted = {}
    if not facts.account_id and isinstance(facts.repository, GitHubRepository):
        wanted["databricks_account_id"] = "the id of the Databricks account, from its console, or --databricks-account"
    if not facts.creates and not WORKSPACE.match(facts.host):
        wanted["workspace_id"] = "the number of the workspace, which its address does not say"
    return wanted


def beforehand(facts: Facts) -> Iterator[str]:
    """Write what must be there before an identity trusts it: GitHub makes an environment at its first mention."""
    if not isinstance(facts.repository, GitHubRepository):
        return
    environments = f"repos/{facts.repository.name}/environments"
    yield "# Before all, for a person: the environments, by an administrator of the repository. GitHub makes one at its"
    yield "# first mention in a workflow, and without rules: any branch could then sign in by it."
    yield (
        f"gh api --method PUT {environments}/{facts.stack} -F 'deployment_branch_policy[protected_branches]=false' \\\n"
        "    -F 'deployment_branch_policy[custom_branch_policies]=true'"
    )
    yield f"gh api --method POST {environments}/{facts.stack}/deployment-branch-policies -f name=main"
    yield f"gh api --method PUT {environments}/{facts.stack}-preview"
    yield "# Who must approve is set in their settings, under Required reviewers."
    yield ""


def handover(facts: Facts, known: Mapping[str, str]) -> Iterator[str]:
    """Write what is left, as comments and commands; what is not known is a variable of the shell."""
    yield "# Left for a person"
    yield from _databricks(facts, known)
    if isinstance(facts.repository, GitHubRepository):
        yield from _github(facts, facts.repository, known)
    else:
        yield from _azure_devops(facts, facts.repository)
    yield from _first_stack(facts)


def _databricks(facts: Facts, known: Mapping[str, str]) -> Iterator[str]:
    yield "#"
    if facts.creates:
        yield from _in_the_file(facts, known)
        return
    yield "# In Databricks, by an account admin: let it know the identities. The first command of each answers with its"
    yield "# numeric id, which the others want."
    yield f"# Sign in first: databricks auth login --host {ACCOUNTS} --account-id {facts.account_id or 'ID'}"
    for identity in identities(facts):
        said = {"applicationId": f"${identity.application}", "displayName": identity.name}
        created = _json("databricks account service-principals create", said, known)
        # Without -e, jq would take an empty answer for one.
        yield f"{identity.role}_numeric_id=$({created} --output json | jq -er .id)"
        words = f"databricks account workspace-assignment update {_workspace(facts)} ${identity.role}_numeric_id"
        yield _json(words, {"permissions": ["USER"]}, known)
        if subject := _subject(facts, identity):
            policy = {"issuer": GITHUB_ISSUER, "audiences": [_account(facts)], "subject": subject}
            words = f"databricks account service-principal-federation-policy create ${identity.role}_numeric_id"
            yield _json(words, {"oidc_policy": policy}, known)


def _in_the_file(facts: Facts, known: Mapping[str, str]) -> Iterator[str]:
    """What a stack that creates its workspace says of them: its own `up` tells Databricks."""
    yield f"# In Pulumi.{facts.stack}.yaml, under rollpin:platform.create, beside accountId. The first `up` is by hand,"
    yield "# by an account admin: it tells Databricks of them, and lets them into the new workspace (docs/platform.md)."
    yield "#      identities:"
    for identity in identities(facts):
        yield f"#        {identity.name}:"
        yield f"#          applicationId: {filled(f'${identity.application}', known)}"
        if subject := _subject(facts, identity):
            yield f"#          subject: {subject}"


def _subject(facts: Facts, identity: Identity) -> str:
    """The job whose word Databricks itself takes: by `github-oidc`, for the one that serves where there is one."""
    if not isinstance(facts.repository, GitHubRepository) or (facts.serving and identity.role == "deploy"):
        return ""
    return f"repo:{facts.repository.subject}:environment:{identity.environment or facts.stack}"


def _github(facts: Facts, repository: GitHubRepository, known: Mapping[str, str]) -> Iterator[str]:
    yield "#"
    yield "# On GitHub, by an administrator of the repository: what the workflows read in the environments."
    for identity in identities(facts):
        if identity.environment:
            yield from _variables(facts, repository, identity, known)


def _variables(
    facts: Facts, repository: GitHubRepository, identity: Identity, known: Mapping[str, str]
) -> Iterator[str]:
    signs_in = APPLICATION_OF_SERVING if facts.serving and identity.role == "deploy" else identity.application
    variables = {
        "AZURE_CLIENT_ID": f"${identity.application}",
        "AZURE_TENANT_ID": "$tenant",
        "AZURE_SUBSCRIPTION_ID": facts.subscription,
        "DATABRICKS_CLIENT_ID": f"${signs_in}",
        "DATABRICKS_TOKEN_AUDIENCE": _account(facts),
        "PULUMI_BACKEND_URL": facts.backend,
    }
    where = f"--repo {repository.name} --env {identity.environment}"
    for name, value in variables.items():
        yield f"gh variable set {name} {where} --body {quoted(value, known)}"


def _azure_devops(facts: Facts, project: AzureDevOpsProject) -> Iterator[str]:
    yield "#"
    yield "# In Azure DevOps, by an administrator of the project: what the pipelines read."
    yield "az extension add --name azure-devops"
    for name in (facts.stack, f"{facts.stack}-preview"):
        yield (
            f"az pipelines variable-group create --name rollpin-{name} --organization {project.url} "
            f"--project {shlex.quote(project.project)} \\\n"
            f"    --variables PULUMI_BACKEND_URL={shlex.quote(facts.backend)}"
        )
    yield f"# The environment {facts.stack}, its approvals and its exclusive lock: docs/delivery.md."


def _first_stack(facts: Facts) -> Iterator[str]:
    yield "#"
    yield "# On this machine, once, by whoever may write the state and use the key (docs/bootstrap.md)."
    yield "# make pulumi brings the program, where it is not there."
    yield f"export PULUMI_BACKEND_URL={shlex.quote(facts.backend)}"
    yield f"pulumi stack init {facts.stack} --secrets-provider={shlex.quote(facts.secrets_provider)}"


def _workspace(facts: Facts) -> str:
    found = WORKSPACE.match(facts.host)
    return found[1] if found else "$workspace_id"


def _account(facts: Facts) -> str:
    return facts.account_id or "$databricks_account_id"


def _json(words: str, body: Mapping[str, object], known: Mapping[str, str]) -> str:
    return f"{filled(words, known)} --json {quoted(json.dumps(body), known)}"

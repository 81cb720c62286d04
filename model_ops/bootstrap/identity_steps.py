"""The steps that make the identities of a stack's workflows: applications that trust a workflow, and hold no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from model_ops.bootstrap.command import Command
from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.repository import GITHUB_ISSUER, AzureDevOpsProject, GitHubRepository
from model_ops.bootstrap.step import AnyStep, Ban, Look, Step

AUDIENCE = "api://AzureADTokenExchange"
"""What a token must be made for, so that Entra takes it for one of its own."""
APPLICATIONS = "https://graph.microsoft.com/v1.0/applications"
AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
"""Azure DevOps' own id in every tenant of Entra."""
DEVOPS_API = "7.1"
APPLICATION_OF_SERVING = "serving_app"
"""The reference to the application id of the identity that serves, where a stack has one of its own."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """An application of Entra with its service principal."""

    role: str
    """deploy, preview or serving."""
    name: str
    environment: str
    """The GitHub environment, or the service connection in Azure DevOps, that it trusts; empty for none."""
    purpose: str

    @property
    def application(self) -> str:
        """The reference to its application id."""
        return f"{self.role}_app"

    @property
    def principal(self) -> str:
        """The reference to its service principal's object id."""
        return f"{self.role}_principal"


def identities(facts: Facts) -> tuple[Identity, ...]:
    """Name the identities of a stack: one that deploys, one that may only read, and one that serves if it is wanted."""
    deploy = Identity(
        role="deploy",
        name=facts.base,
        environment=facts.stack,
        purpose="Whoever runs `deploy` signs in as it: it alone may change the stack.",
    )
    preview = Identity(
        role="preview",
        name=f"{facts.base}-preview",
        environment=f"{facts.stack}-preview",
        purpose=(
            "A preview runs a pull request's code before anybody has read it. So it signs in as one that may only read."
        ),
    )
    serving = Identity(
        role="serving",
        name=f"{facts.base}-serving",
        environment="",
        purpose=(
            "Databricks knows it as the endpoint's creator, for ever. It has no role in Azure, and Azure lets nobody "
            "sign in as it."
        ),
    )
    return (deploy, preview, serving) if facts.serving else (deploy, preview)


def identity_steps(facts: Facts) -> Iterator[AnyStep]:
    """Give the steps of each identity, in the order in which each stands on those before it."""
    if isinstance(facts.repository, AzureDevOpsProject):
        yield _project(facts.repository)
    for identity in identities(facts):
        yield _application(facts, identity)
        yield _principal(identity)
        yield from _no_secrets(identity)
        yield from _trust(facts, identity)


def _application(facts: Facts, identity: Identity) -> Step:
    """Its application, made by Graph itself: `az ad app create` changes one that has the name already."""
    said = {"displayName": identity.name, "signInAudience": "AzureADMyOrg", "notes": facts.mark}
    named = Command.of("ad app list", filter=f"displayName eq '{identity.name}'")
    return Step(
        label=f"application {identity.name}",
        purpose=identity.purpose,
        look=Look(command=named, among={"displayName": identity.name}),
        do=Command.of("rest", method="post", url=APPLICATIONS, body=json.dumps(said)),
        expected={"signInAudience": "AzureADMyOrg"},
        mend=(Command.of("ad app update", id=f"${identity.application}", sign_in_audience="AzureADMyOrg"),),
        undo=Command.of("ad app delete", id=f"${identity.application}"),
        marked={"notes": facts.mark},
        claim=Command.of("ad app update", id="$found_appid", set=f"notes={facts.mark}"),
        instead=f"Call this stack's otherwise: --application NAME [now {facts.base}], here and at each later run.",
        gives={identity.application: "appId"},
    )


def _principal(identity: Identity) -> Step:
    return Step(
        label=f"service principal of {identity.name}",
        purpose="What roles are given to: the application, as it is known in this tenant.",
        look=Look(command=Command.of("ad sp list", filter=f"appId eq '${identity.application}'")),
        do=Command.of("ad sp create", id=f"${identity.application}"),
        expected={"accountEnabled": True},
        mend=(Command.of("ad sp update", id=f"${identity.application}", set="accountEnabled=true"),),
        without_undo="it goes with the application",
        gives={identity.principal: "id"},
    )


def _no_secrets(identity: Identity) -> Iterator[Ban]:
    application = f"${identity.application}"
    listed = Command.of("ad app credential list", id=application)
    deleted = Command.of("ad app credential delete", id=application, key_id="$found_keyid")
    purpose = "Whoever holds one could sign in from anywhere. Workflows need none."
    yield Ban(
        label=f"secrets of {identity.name}", purpose=purpose, look=Look(command=listed), mend=deleted, name="keyId"
    )
    yield Ban(
        label=f"certificates of {identity.name}",
        purpose=purpose,
        look=Look(command=listed.flagged("--cert")),
        mend=deleted.flagged("--cert"),
        name="keyId",
    )


def _trust(facts: Facts, identity: Identity) -> Iterator[AnyStep]:
    """What lets a workflow sign in, and nothing else."""
    if not identity.environment:
        yield _nothing_else(identity, ())
    elif isinstance(facts.repository, GitHubRepository):
        subject = f"repo:{facts.repository.subject}:environment:{identity.environment}"
        yield _credential(
            identity, "github", GITHUB_ISSUER, subject, f"jobs in the GitHub environment {identity.environment}"
        )
        yield _nothing_else(identity, ("github",))
    else:
        connection = f"rollpin-{identity.environment}"
        yield _connection(facts, facts.repository, identity, connection)
        issuer, subject = f"${identity.role}_issuer", f"${identity.role}_subject"
        yield _credential(identity, "azure-devops", issuer, subject, f"the service connection {connection}")
        yield _nothing_else(identity, ("azure-devops",))


def _credential(identity: Identity, name: str, issuer: str, subject: str, whom: str) -> Step:
    application, command = f"${identity.application}", "ad app federated-credential"
    said = {"name": name, "issuer": issuer, "subject": subject, "audiences": [AUDIENCE]}
    parameters = json.dumps(said)
    return Step(
        label=f"trust of {identity.name} in {whom}",
        purpose=f"Entra takes the word of {_voucher(name)} for {whom}, and for no other.",
        look=Look(command=Command.of(f"{command} list", id=application), among={"name": name}),
        do=Command.of(f"{command} create", id=application, parameters=parameters),
        expected={"issuer": issuer, "subject": subject, "audiences": [AUDIENCE]},
        mend=(Command.of(f"{command} update", id=application, federated_credential_id=name, parameters=parameters),),
        without_undo="it goes with the application",
    )


def _voucher(name: str) -> str:
    return "GitHub" if name == "github" else "Azure DevOps"


def _nothing_else(identity: Identity, names: tuple[str, ...]) -> Ban:
    application, command = f"${identity.application}", "ad app federated-credential"
    return Ban(
        label=f"others that {identity.name} trusts",
        purpose="Whoever else it trusts could do what it may.",
        look=Look(command=Command.of(f"{command} list", id=application)),
        mend=Command.of(f"{command} delete", id=application, federated_credential_id="$found_name"),
        name="name",
        allowed=tuple({"name": name} for name in names),
    )


def _project(project: AzureDevOpsProject) -> Step:
    url = f"{project.url}/_apis/projects/{project.path}?api-version={DEVOPS_API}"
    return Step(
        label=f"project {project.project} in Azure DevOps",
        purpose="Its pipelines deploy the stack; service connections are made in it.",
        look=Look(command=Command.of("rest", method="get", resource=AZURE_DEVOPS, url=url)),
        do=Command.of("rest", method="get", resource=AZURE_DEVOPS, url=url),
        by_hand=f"Make the project, or name the right one: --repository {project.url}/PROJECT",
        without_undo="it stays: it is not of a bootstrap's making",
        gives={"devops_project": "id"},
    )


def _connection(facts: Facts, project: AzureDevOpsProject, identity: Identity, name: str) -> Step:
    rest = {"resource": AZURE_DEVOPS}
    at = f"{project.url}/{project.path}/_apis/serviceendpoint/endpoints?endpointNames={name}&api-version={DEVOPS_API}"
    made = f"{project.url}/_apis/serviceendpoint/endpoints?api-version={DEVOPS_API}"
    gone = (
        f"{project.url}/_apis/serviceendpoint/endpoints/$found_id?projectIds=$devops_project&api-version={DEVOPS_API}"
    )
    parameters = "authorization.parameters.workloadIdentityFederation"
    return Step(
        label=f"service connection {name}",
        purpose="Pipelines sign in to Azure by it, as the application. It holds no secret; Azure DevOps vouches.",
        look=Look(command=Command.of("rest", method="get", **rest, url=at), at="value", among={"name": name}),
        do=Command.of("rest", method="post", **rest, url=made, body=_connection_body(facts, identity, name)),
        expected={
            "authorization.scheme": "WorkloadIdentityFederation",
            "authorization.parameters.serviceprincipalid": f"${identity.application}",
        },
        undo=Command.of("rest", method="delete", **rest, url=gone),
        marked={"authorization.parameters.serviceprincipalid": f"${identity.application}"},
        gives={f"{identity.role}_issuer": f"{parameters}Issuer", f"{identity.role}_subject": f"{parameters}Subject"},
    )


def _connection_body(facts: Facts, identity: Identity, name: str) -> str:
    body = json.dumps(
        {
            "name": name,
            "type": "azurerm",
            "url": "https://management.azure.com/",
            "data": {
                "subscriptionId": facts.subscription,
                "subscriptionName": "$subscription_name",
                "environment": "AzureCloud",
                "scopeLevel": "Subscription",
                "creationMode": "Manual",
            },
            "authorization": {
                "scheme": "WorkloadIdentityFederation",
                "parameters": {"tenantid": "$tenant", "serviceprincipalid": f"${identity.application}"},
            },
            "serviceEndpointProjectReferences": [
                {"name": name, "projectReference": {"id": "$devops_project"}},
            ],
        }
    )
    # Whoever named the subscription may have used a quotation mark: its name comes as JSON.
    return body.replace('"$subscription_name"', "$subscription_name")

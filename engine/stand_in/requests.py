"""Requests of the engine with what the experimental package leaves out of them."""

from __future__ import annotations

from pulumi.provider.experimental import provider as protocol
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2


class DiffRequest(protocol.DiffRequest):
    """A request for a difference that also carries the inputs that led to the state."""

    def __init__(self, message: provider_pb2.DiffRequest) -> None:
        super().__init__(
            message.urn,
            message.id,
            PropertyValue.unmarshal_map(message.olds),
            PropertyValue.unmarshal_map(message.news),
            list(message.ignoreChanges),
        )
        self.old_inputs = PropertyValue.unmarshal_map(message.old_inputs)

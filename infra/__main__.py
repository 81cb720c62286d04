"""What the Pulumi engine runs."""

from pathlib import Path

import pulumi

from infra.interruption import end_quietly
from infra.program import provision

end_quietly()
provision(Path(pulumi.get_root_directory()))

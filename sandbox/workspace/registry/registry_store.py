"""MLflow's store of registered models, with the aliases of Unity Catalog: one name is one alias, whatever its case.

Databricks' registry turns an alias into lower case, by design, and answers to every spelling (mlflow/mlflow#12331,
databricks/mlops-stacks#160). MLflow's own keeps the spellings apart.
"""

from __future__ import annotations

from typing import Any

from mlflow.store.model_registry.dbmodels.models import SqlRegisteredModelAlias
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore


class RegistryStore(SqlAlchemyStore):  # type: ignore[misc]  # MLflow's types are not told to mypy
    """What every way to the registry asks: Unity Catalog's API, both of MLflow's protocols, and model addresses."""

    def __init__(self, store_uri: str) -> None:
        """Open the database at `store_uri`."""
        super().__init__(store_uri)
        self._fold_kept()

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias at a version."""
        super().set_registered_model_alias(name, alias.lower(), version)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""
        super().delete_registered_model_alias(name, alias.lower())

    def get_model_version_by_alias(self, name: str, alias: str) -> Any:
        """Give the version that an alias points at."""
        return super().get_model_version_by_alias(name, alias.lower())

    def _fold_kept(self) -> None:
        """Fold what an older sandbox has kept in other spellings; the one in lower case has precedence."""
        with self.ManagedSessionMaker(read_only=False) as session:
            kept = session.query(SqlRegisteredModelAlias).order_by(SqlRegisteredModelAlias.alias.desc()).all()
            taken = {(row.name, row.alias) for row in kept}
            for row in kept:
                if (folded := row.alias.lower()) == row.alias:
                    continue
                if (row.name, folded) in taken:
                    session.delete(row)
                else:
                    taken.add((row.name, folded))
                    row.alias = folded

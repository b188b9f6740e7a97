"""Steps of a procedure between two sides: whoever acts, the other side is told. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from shared_resources.kernel.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.permissions import Permission
    from shared_resources.kernel.roles import Relation, Role


class MakesSteps(Protocol):
    """Makes a step that tells the other side, where it has a notice."""

    def __call__(
        self,
        name: str,
        sources: tuple[str, ...],
        target: str | None,
        permission: Permission | None,
        label: str,
        notice: str = "",
        basis: str = "",
        **more: Any,
    ) -> Step:
        """The step; ``more`` goes before what follows from the sides."""


def between(
    other: Mapping[Permission, Relation],
    house: tuple[Relation, ...],
    told: Mapping[Relation, frozenset[Role]],
    clause: str,
) -> MakesSteps:
    """What makes the steps of a procedure.

    Args:
        other: whom a step tells, by its permission.
        house: whom the house tells where it acts by itself.
        told: roles that are told on each side.
        clause: basis of steps that name none.
    """

    def step(
        name: str,
        sources: tuple[str, ...],
        target: str | None,
        permission: Permission | None,
        label: str,
        notice: str = "",
        basis: str = "",
        **more: Any,
    ) -> Step:
        tells = more.pop("tells", ((other[permission],) if permission else house) if notice else ())
        roles = more.pop("told_roles", frozenset().union(*(told[side] for side in tells)))
        return Step(name, sources, target, permission, label, basis or clause, tells, roles, notice, **more)

    return step

"""The rules of a number, in the order in which they are asked."""

from sqlalchemy import func, select

from smsinbox.core.database import db
from smsinbox.core.errors import NotFound
from smsinbox.models.rule import Rule


def of_number(number_id: int) -> list[Rule]:
    """All rules of the number, switched off ones too, first asked first."""
    query = select(Rule).where(Rule.number_id == number_id).order_by(Rule.position, Rule.id)
    return list(db.session.scalars(query))


def found(rule_id: int) -> Rule:
    """The rule; raises NotFound."""
    rule = db.session.get(Rule, rule_id)
    if rule is None:
        raise NotFound
    return rule


def counts() -> dict[int, int]:
    """How many rules each number has; numbers without any are missing."""
    query = select(Rule.number_id, func.count()).group_by(Rule.number_id)
    found = db.session.execute(query)
    return {number_id: int(count) for number_id, count in found if number_id}

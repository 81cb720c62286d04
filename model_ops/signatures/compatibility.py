"""Whether clients of one model version can be served by another: the rule, and every field that speaks against it.

A client sends JSON or CSV to an endpoint. A change is *breaking* when a body that fits the old signature is refused by
the new one, when its model reads another value than was sent, or when an answer is no longer what the old one promised.
It is *widened* when every old call still works and there is more to send or to read. It is *compatible* when every old
call still works and nothing is gained: such a change is named all the same, for a reviewer to see. The whole is as bad
as its worst change. What is refused, and what is read, is what MLflow 3.17's scoring server does with bodies that are
sent to it; data frames in one's own process are converted less. `model_ops.signatures.conversions` has the types.

| what changes                      | inputs     | outputs    | why                                                    |
|-----------------------------------|------------|------------|--------------------------------------------------------|
| the side is lost                  | breaking   | breaking   | Unity Catalog wants both; nothing is promised          |
| the side is new                   | breaking   | widened    | what was sent unread is checked; answers are promised  |
| named to unnamed, or back         | breaking   | breaking   | fields are found by position, no longer by name        |
| columns to tensors, or back       | breaking   | breaking   | a body or an answer has another form                   |
| a new required field              | breaking   | widened    | calls lack it; answers have more                       |
| a new optional field              | widened    | widened    | calls may lack it; answers may have more               |
| a removed column or tensor        | compatible | breaking   | MLflow ignores what it does not know; answers lack it  |
| a removed property of an object   | breaking   | breaking   | MLflow refuses properties that it does not know        |
| required to optional              | widened    | breaking   | calls may leave it out; answers may too                |
| optional to required              | breaking   | compatible | calls without it are refused; answers have it          |
| a column to a wider number        | widened    | breaking   | the server casts columns; who reads answers does not   |
| a number to a narrower one        | breaking   | compatible | digits are lost, often unseen; answers still fit       |
| a column boolean to a number      | widened    | breaking   | true is read as 1; in an answer it is no number        |
| a column datetime to string       | widened    | breaking   | a moment is sent as text; not each text is a moment    |
| string to datetime                | breaking   | compatible | not each text is a moment; answers are text still      |
| one of these in a list, an object | breaking   | as above   | there the server casts nothing                         |
| any type to `any`                 | widened    | breaking   | everything fits; nothing is promised                   |
| `any` to another type             | breaking   | compatible | not everything fits; who reads everything reads this   |
| an object to a map of its types   | widened    | breaking   | any key fits; no key is promised                       |
| a vector to an array of doubles   | compatible | breaking   | a call spells both alike                               |
| another type                      | breaking   | breaking   | MLflow refuses it, or reads another value              |
| a tensor's length, fixed to -1    | widened    | breaking   | any length fits; no length is promised                 |
| a tensor's length, -1 to fixed    | breaking   | compatible | other lengths are refused; who reads any reads this    |
| a tensor's dtype to a wider one   | widened    | breaking   | JSON has no dtypes: the server makes the array with it |
| a tensor's rank or fixed length   | breaking   | breaking   | MLflow compares them exactly                           |
| a tensor to `object [-1]`         | widened    | breaking   | MLflow checks nothing of such a tensor                 |

The wider numbers are integer to long or double, long to double (which holds whole numbers up to 2**53, as most readers
of JSON do), and float to double. An integer or a long is no float, which rounds from eight digits on.

The same holds in arrays (`[]` in a path), maps (`{}`) and objects, however deep. Named fields go by name: their order
says nothing, and another name is a field removed and a field added. Unnamed ones go by position, from 0: another order
is a change of types, and MLflow drops what is sent beyond the last.

| what changes in the params        | level      | why                                                           |
|-----------------------------------|------------|---------------------------------------------------------------|
| a new one                         | widened    | each has a default, so no call lacks it                       |
| a removed one                     | breaking   | MLflow ignores it: what a client asks for is no longer done   |
| another default                   | compatible | every call works; who leaves it out may be answered otherwise |
| integer to long, float to double  | compatible | MLflow reads both as Python's own number; so too back         |
| a whole number to float or double | widened    | MLflow converts it                                            |
| datetime to string                | widened    | a moment is sent as text                                      |
| another type, one value or a list | breaking   | MLflow refuses the old values, or reads others in them        |
| the properties of an object       | as inputs  | MLflow checks them as what stands below a column              |

Three ways to call are not covered, for they do not say which row or which column a value is of: a bare list for a
model's only column (another column, even an optional one, takes its meaning away), lists by column name below `inputs`
once there is a column of arrays, objects or `any` (MLflow then reads them as one row, or a row as several), and records
below `instances` for columns without names. `dataframe_split` and `dataframe_records` have none of these troubles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model_ops.signatures.change import LEVELS, Change, Kind, Level
from model_ops.signatures.field_changes import field_changes
from model_ops.signatures.parameter_changes import parameter_changes
from model_ops.signatures.row import SideName
from model_ops.signatures.side import Side
from model_ops.signatures.signature import Signature

__all__ = ["Change", "Compatibility", "Kind", "Level", "compare"]


@dataclass(frozen=True, kw_only=True)
class Compatibility:
    """Every change between two signatures, in the order inputs, outputs, params."""

    changes: tuple[Change, ...]

    @property
    def level(self) -> Level:
        """The level of the worst change; compatible where there is none."""
        return max((change.level for change in self.changes), key=LEVELS.index, default="compatible")


def compare(old: Signature | None, new: Signature | None) -> Compatibility:
    """Say what changes for the clients of `old` when `new` serves them; None stands for a model without a signature."""
    old, new = old or Signature(), new or Signature()
    changes = (
        *_side_changes("inputs", old.inputs, new.inputs),
        *_side_changes("outputs", old.outputs, new.outputs),
        *parameter_changes(old.params or (), new.params or ()),
    )
    return Compatibility(changes=changes)


def _side_changes(name: SideName, old: Side | None, new: Side | None) -> Iterator[Change]:
    if old and new and old.form == new.form:
        yield from field_changes(name, old.by_name, new.by_name)
    elif old and new:
        yield Change(side=name, path="", kind="form", old=old.form, new=new.form, level="breaking")
    elif old:
        yield Change(side=name, path="", kind="removed", old=old.form, new=None, level="breaking")
    elif new:
        level: Level = "breaking" if name == "inputs" else "widened"
        yield Change(side=name, path="", kind="added", old=None, new=new.form, level=level)

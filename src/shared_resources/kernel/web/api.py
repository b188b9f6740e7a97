"""What all API doors share: how their errors are described, and the header that makes an act happen once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

PREFIX = "/api/"
KEY = "Idempotency-Key"
KEY_TEXT = "a key of your own for this act, best a UUID: repeated, the same request gets the same answer"
PROBLEM = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="name; parts of nested ones are joined by dots", examples=["ends_at"])
    code: str = Field(description="stable word for programs", examples=["needed"])
    detail: str = Field(description="sentence for people, in the language asked for")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="`/problems/` and a stable code", examples=["/problems/taken"])
    title: str = Field(description="the kind of problem")
    status: int = Field(examples=[409])
    detail: str = Field(description="what went wrong, as a sentence")
    instance: str = Field(description="path of the request")
    do: str = Field(description="what to do about it; may be empty")
    errors: list[FieldProblem]
    request_id: str = Field(description="number of the request in our log")


READING = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token is over.",
    403: "The role or the token does not allow it.",
    404: "Not there, or none of the reader's business.",
    422: "A value is not right.",
}
CHANGING = {
    409: "Somebody was faster, the state has moved on, or the same request is being worked on.",
    429: "Too many tries.",
}


@dataclass
class Act(Operation):
    """An operation that changes something: whether or not its handler asks for the key, ``once`` heeds it."""

    def __post_init__(self) -> None:
        """Tell of the header, unless the handler did."""
        told = self.parameters or []
        if not any(isinstance(one, Parameter) and one.name == KEY for one in told):
            key = Parameter(
                name=KEY, param_in="header", description=KEY_TEXT, schema=Schema(type=OpenAPIType.STRING)
            )
            self.parameters = [*told, key]


def described(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    """A handler of the API whose refusals stand in the OpenAPI document; others stay as they are."""
    if not any(path.startswith(PREFIX) for path in handler.paths):
        return handler
    told = READING if handler.http_methods <= {"GET", "HEAD"} else {**READING, **CHANGING}
    problems = {
        status: ResponseSpec(Problem, description=text, media_type=PROBLEM, generate_examples=False)
        for status, text in told.items()
    }
    if told is not READING:
        handler.operation_class = Act
    handler.responses = {**problems, **(handler.responses or {})}
    return handler

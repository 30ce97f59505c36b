"""What is said to a request before it is asked where it goes, at every door."""

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.answers import Answer, Scope, error_answer, new_request_id
from mock_mindvideo.web.cors import ANY_ORIGIN, expose
from mock_mindvideo.web.fields import clean
from mock_mindvideo.web.headers import Headers

#: The methods that one path or another takes; `OPTIONS *` asks for them (RFC 9110, 9.3.7).
METHODS = b"DELETE, GET, HEAD, OPTIONS, PATCH, POST"


def readable(dialect: Dialect) -> Headers:
    """The headers that let every page read the answer, if the dialect has any."""
    return [ANY_ORIGIN, expose(dialect)] if dialect.answers.cors else []


def first_look(scope: Scope, dialect: Dialect) -> Answer | None:
    """The answer to a request that is not looked at any further; its headers are made clean."""
    try:
        clean(scope)
    except InvalidHttp as problem:
        request_id = new_request_id(dialect.ids)
        answer = error_answer(problem, request_id, dialect)
    else:
        if scope["path"] != "*":
            return None
        request_id = new_request_id(dialect.ids)
        answer = Answer(204, headers=[(b"allow", METHODS)])
    answer.headers += [*readable(dialect), *dialect.answers.naming(request_id)]
    return answer

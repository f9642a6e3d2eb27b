"""Checks answers against botocore's own model of ECS.

Standard input: a JSON list of {operation, status, body}. Standard output: a JSON list of sentences, one for each thing
that the model does not know or does not allow. The model is the service-2.json that comes with botocore.
"""

import json
import sys

import botocore.session

COMMON_ERRORS = {"ServerException", "ClientException", "InvalidParameterException"}


def check(shape, value, where, complain):
    kind = shape.type_name
    if kind == "structure":
        check_structure(shape, value, where, complain)
    elif kind == "list":
        if not isinstance(value, list):
            complain(f"{where} is not a list")
            return
        for index, item in enumerate(value):
            check(shape.member, item, f"{where}[{index}]", complain)
    elif kind == "map":
        if not isinstance(value, dict):
            complain(f"{where} is not a map")
            return
        for name, item in value.items():
            check(shape.value, item, f"{where}.{name}", complain)
    else:
        check_scalar(shape, value, where, complain)


def check_structure(shape, value, where, complain):
    if not isinstance(value, dict):
        complain(f"{where} is not a structure")
        return
    for name in value:
        if name not in shape.members:
            complain(f"{where}.{name} is unknown to {shape.name}")
    for name in shape.required_members:
        if name not in value:
            complain(f"{where}.{name} is required in {shape.name}")
    for name, member in shape.members.items():
        if name in value:
            check(member, value[name], f"{where}.{name}", complain)


def check_scalar(shape, value, where, complain):
    kind = shape.type_name
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": is_number and isinstance(value, int),
        "long": is_number and isinstance(value, int),
        "double": is_number,
        "float": is_number,
        "timestamp": is_number,
    }
    if not fits[kind]:
        complain(f"{where} is {value!r}, not of type {kind}")
        return
    if kind == "string" and shape.enum and value not in shape.enum:
        complain(f"{where} is {value!r}, not one of {shape.enum}")
    if kind == "timestamp" and not 1.5e9 < value < 4e9:
        complain(f"{where} is {value!r}, which is no time in seconds")


def check_error(operation, body, complain):
    known = {shape.name for shape in operation.error_shapes} | COMMON_ERRORS
    code = body.get("__type")
    if code not in known:
        complain(f"{operation.name} answered the error {code!r}, which is not among its own")
    if not isinstance(body.get("message"), str):
        complain(f"{operation.name} answered an error without a message")


def main():
    model = botocore.session.get_session().get_service_model("ecs")
    complaints = []
    for exchange in json.load(sys.stdin):
        operation = model.operation_model(exchange["operation"])
        if exchange["status"] == 200:
            check(operation.output_shape, exchange["body"], operation.name, complaints.append)
        else:
            check_error(operation, exchange["body"], complaints.append)
    json.dump(sorted(set(complaints)), sys.stdout)


main()

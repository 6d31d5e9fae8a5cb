"""An Echo service on grpcio, without generated code: messages are bytes, encoded by hand.

Prints the port it listens on, then serves until its standard input is closed.
"""

import sys
import time
from concurrent import futures

import grpc

CODES = {code.value[0]: code for code in grpc.StatusCode}
LIMIT_BYTES = 256 * 1024


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def note(text=b"", number=0):
    out = b""
    if text:
        out += b"\x0a" + varint(len(text)) + text
    if number:
        out += b"\x10" + varint(number)
    return out


def read_varint(data, at):
    value, shift = 0, 0
    while True:
        octet = data[at]
        at += 1
        value |= (octet & 127) << shift
        shift += 7
        if octet < 128:
            return value, at


def fields(data):
    """Text and number of a Note; other fields are passed over."""
    text, number, at = b"", 0, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        value, at = read_varint(data, at)
        if tag & 7 == 2:
            if tag >> 3 == 1:
                text = data[at : at + value]
            at += value
        elif tag >> 3 == 2:
            number = value
    return text.decode(), number


def judge(request, context):
    text, number = fields(request)
    if text.startswith("fail:"):
        _, code, detail = text.split(":", 2)
        context.set_trailing_metadata((("why", "asked"), ("why-bin", b"\x00\xff")))
        context.abort(CODES[int(code)], detail)
    if text == "wait":
        while context.is_active():
            time.sleep(0.01)
    return number


def unary(request, context):
    context.send_initial_metadata(tuple(
        (key, value) for key, value in context.invocation_metadata() if key.startswith("echo-")))
    number = judge(request, context)
    return bytes(number) if fields(request)[0] == "raw" else request


def count(request, context):
    for i in range(fields(request)[1]):
        yield note(number=i)
    judge(request, context)


def add_up(requests, context):
    return note(number=sum(judge(request, context) for request in requests))


def converse(requests, context):
    for request in requests:
        judge(request, context)
        yield request


def main():
    server = grpc.server(futures.ThreadPoolExecutor(8), options=[
        ("grpc.max_receive_message_length", LIMIT_BYTES),
        ("grpc.max_send_message_length", -1),
    ])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("alcor.rpc.tests.Echo", {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Count": grpc.unary_stream_rpc_method_handler(count),
        "Sum": grpc.stream_unary_rpc_method_handler(add_up),
        "Converse": grpc.stream_stream_rpc_method_handler(converse),
    }),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0).wait()


main()

"""Calls an Echo service through grpcio, without generated code. Arguments: address, name of the case.

Prints what came back, one line of words; the caller knows what it should be.
"""

import sys
import threading

import grpc

SERVICE = "/alcor.rpc.tests.Echo/"
# google.protobuf.StringValue and Note both keep their text in field 1.
HELLO = b"\x0a\x05hello"
SECONDS = 60


def text(value):
    data = value.encode()
    assert len(data) < 128
    return b"\x0a" + bytes([len(data)]) + data


def number(value):
    assert value < 128
    return b"\x10" + bytes([value])


def failure(call):
    try:
        result = call()
        list(result)
        return "no failure"
    except grpc.RpcError as error:
        return f"{error.code().name} {error.details()}"


def unary(channel):
    return channel.unary_unary(SERVICE + "Unary")


def case_unary(channel):
    return unary(channel)(HELLO, timeout=SECONDS).hex()


def case_gzip(channel):
    body = text("z" * 100)
    return str(unary(channel)(body, timeout=SECONDS, compression=grpc.Compression.Gzip) == body)


def case_empty(channel):
    return str(len(unary(channel)(b"", timeout=SECONDS)))


def case_metadata(channel):
    sent = (("echo-text", "a b"), ("echo-bin", b"\x00\xff"))
    _, call = unary(channel).with_call(HELLO, metadata=sent, timeout=SECONDS)
    first, last = dict(call.initial_metadata()), dict(call.trailing_metadata())
    return " ".join([
        first["echo-text"], first["echo-bin"].hex(), last["trailing-echo-text"], last["trailing-echo-bin"].hex()])


def case_status(channel):
    return failure(lambda: unary(channel)(text("fail:5:Größe 網路 100 %"), timeout=SECONDS))


def case_throw(channel):
    return failure(lambda: unary(channel)(text("throw"), timeout=SECONDS))


def case_absent(channel):
    return failure(lambda: channel.unary_unary(SERVICE + "Absent")(b"", timeout=SECONDS)).split()[0]


def case_deadline(channel):
    return failure(lambda: unary(channel)(text("wait"), timeout=0.3)).split()[0]


def case_cancel(channel):
    call = channel.unary_stream(SERVICE + "Count")(number(3) + text("wait"), timeout=SECONDS)
    seen = [next(call) for _ in range(3)]
    call.cancel()
    return f"{len(seen)} {failure(lambda: call).split()[0]}"


def case_too_big(channel):
    body = b"\x1a\x80\x80\x20" + bytes(512 * 1024)
    return failure(lambda: unary(channel)(body, timeout=SECONDS)).split()[0]


def case_big(channel):
    body = b"\x1a\x80\x80\x08" + bytes(128 * 1024)
    return str(unary(channel)(body, timeout=SECONDS) == body)


def case_server_stream(channel):
    return " ".join(m.hex() or "-" for m in channel.unary_stream(SERVICE + "Count")(number(4), timeout=SECONDS))


def case_server_stream_fails(channel):
    seen = []
    call = channel.unary_stream(SERVICE + "Count")(number(2) + text("fail:9:later"), timeout=SECONDS)
    return f"{failure(lambda: (seen.append(m) for m in call))} after {len(seen)}"


def case_client_stream(channel):
    return channel.stream_unary(SERVICE + "Sum")(iter([number(i) for i in range(10)]), timeout=SECONDS).hex()


def case_client_stream_refused(channel):
    refused = threading.Event()

    def requests():
        yield text("fail:7:enough")
        refused.wait(SECONDS)

    answer = failure(lambda: channel.stream_unary(SERVICE + "Sum")(requests(), timeout=SECONDS))
    refused.set()
    return answer


def case_duplex(channel):
    """Sends the next message only when the one before has come back."""
    turn = threading.Semaphore(1)

    def requests():
        for i in range(1, 6):
            turn.acquire()
            yield number(i)
        turn.acquire()

    seen = []
    for message in channel.stream_stream(SERVICE + "Converse")(requests(), timeout=SECONDS):
        seen.append(message.hex())
        turn.release()
    return " ".join(seen)


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        print(globals()["case_" + sys.argv[2]](channel), flush=True)


main()

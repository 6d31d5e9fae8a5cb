using Alcor.Rpc.Tests.Protocol;
using Google.Protobuf;

namespace Alcor.Rpc.Tests;

/// <summary>Our client and our server over a real connection: every kind of call, and their ends.</summary>
public sealed class LoopbackTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_gives_its_response()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var response = await channel.UnaryAsync(EchoServer.Unary, new Note { Text = "hi", Number = 7 }, null, Ct);
        Assert.Equal(new Note { Text = "hi", Number = 7 }, response);
    }

    [Fact]
    public async Task An_empty_message_is_a_message()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        Assert.Equal(new Note(), await channel.UnaryAsync(EchoServer.Unary, new Note(), null, Ct));
        Assert.Equal(new Note(), await channel.ClientStreamAsync(EchoServer.Sum, Notes(0), null, Ct));
        Assert.Empty(await AllAsync(channel.ServerStream(EchoServer.Count, new Note(), null, Ct)));
    }

    [Fact]
    public async Task A_server_stream_gives_its_responses_in_order()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var notes = await AllAsync(channel.ServerStream(EchoServer.Count, new Note { Number = 1000 }, null, Ct));
        Assert.Equal(Enumerable.Range(0, 1000), notes.Select(n => n.Number));
    }

    [Fact]
    public async Task A_server_stream_gives_its_responses_and_then_its_status()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var seen = 0;
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            var request = new Note { Number = 5, Text = "fail:9:later" };
            await foreach (var note in channel.ServerStream(EchoServer.Count, request, null, Ct))
            {
                seen++;
            }
        });
        Assert.Equal((5, RpcStatus.FailedPrecondition, "later"), (seen, failure.Status, failure.Detail));
    }

    [Fact]
    public async Task A_client_stream_is_added_up()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var sum = await channel.ClientStreamAsync(EchoServer.Sum, Notes(1000), null, Ct);
        Assert.Equal(499_500, sum.Number);
    }

    [Fact]
    public async Task A_client_stream_that_the_server_answers_early_gives_the_servers_status()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.ClientStreamAsync(EchoServer.Sum, Endless(), null, Ct));
        Assert.Equal((RpcStatus.PermissionDenied, "enough"), (failure.Status, failure.Detail));

        static async IAsyncEnumerable<Note> Endless()
        {
            for (var i = 0; ; i++)
            {
                await Task.Yield();
                var text = i == 100 ? "fail:7:enough" : "";
                yield return new Note { Text = text, Body = ByteString.CopyFrom(new byte[100]) };
            }
        }
    }

    [Fact]
    public async Task A_client_stream_whose_sequence_fails_gives_that_failure_and_cancels_the_call()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await Assert.ThrowsAsync<FormatException>(
            () => channel.ClientStreamAsync(EchoServer.Sum, Broken(), null, Ct));

        static async IAsyncEnumerable<Note> Broken()
        {
            await Task.Yield();
            yield return new Note();
            throw new FormatException("of the caller");
        }
    }

    [Fact]
    public async Task A_conversation_goes_to_and_fro_and_ends_with_the_half_close()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        await using var responses = call.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        for (var i = 0; i < 100; i++)
        {
            await call.SendAsync(new Note { Number = i }, Ct);
            Assert.True(await responses.MoveNextAsync());
            Assert.Equal(i, responses.Current.Number);
        }

        await call.CompleteAsync(Ct);
        await call.CompleteAsync(Ct);
        Assert.False(await responses.MoveNextAsync());
        Assert.Equal(RpcStatus.Ok, (await call.Outcome).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.SendAsync(new Note(), Ct).AsTask());
    }

    [Fact]
    public async Task A_server_may_speak_first_on_every_call_of_a_connection()
    {
        var method = new RpcMethod<Note, Note>("/t.T/Greet", RpcMethodKind.Duplex);
        await using var server = await EchoServer.StartAsync(app => app.MapDuplex(
            method, (_, responses, context) => responses.SendAsync(new Note(), context.CancellationToken).AsTask()));
        using var channel = server.Connect();
        for (var i = 0; i < 20; i++)
        {
            await using var call = channel.Duplex(method, null, Ct);
            Assert.Single(await AllAsync(call.ReadAllAsync(Ct)));
        }
    }

    [Fact]
    public async Task Encoded_messages_arrive_as_what_they_encode()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        var note = new Note { Text = "once", Body = ByteString.CopyFrom(new byte[50_000]) };
        await call.SendEncodedAsync(note.ToByteArray().AsMemory(), Ct);
        await call.SendEncodedAsync(ReadOnlyMemory<byte>.Empty, Ct);
        await call.CompleteAsync(Ct);
        Assert.Equal([note, new Note()], await AllAsync(call.ReadAllAsync(Ct)));
    }

    [Fact]
    public async Task Senders_on_several_threads_do_not_mix_their_messages()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        var reading = AllAsync(call.ReadAllAsync(Ct));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var body = new byte[(sender * 997) + i];
                Array.Fill(body, (byte)sender);
                await call.SendAsync(new Note { Number = sender, Body = ByteString.CopyFrom(body) }, Ct);
            }
        })));
        await call.CompleteAsync(Ct);
        var notes = await reading;
        Assert.Equal(800, notes.Count);
        Assert.All(notes, note => Assert.DoesNotContain(note.Body, octet => octet != note.Number));
        Assert.All(notes.GroupBy(n => n.Number), group =>
            Assert.Equal(Enumerable.Range(0, 100), group.Select(n => n.Body.Length - (group.Key * 997))));
    }

    [Fact]
    public async Task Metadata_goes_both_ways_text_and_bytes()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        byte[] bytes = [0, 255, 1, 254];
        var headers = new RpcMetadata { { "echo-text", "a, b" }, { "echo-text", "again" }, { "echo-bin", bytes } };
        var options = new RpcCallOptions { Headers = headers };
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync(EchoServer.Unary, new Note { Text = "fail:5:gone" }, options, Ct));
        var context = server.Begun.Take(Ct);
        Assert.Equal("a, b, again", string.Join(", ", context.RequestHeaders.GetAll("echo-text")));
        Assert.Equal(bytes, context.RequestHeaders.GetBytes("echo-bin"));
        Assert.Null(context.RequestHeaders.Get("te"));
        Assert.EndsWith("again", failure.Trailers.Get("trailing-echo-text"));
        Assert.Equal(bytes, failure.Trailers.GetBytes("trailing-echo-bin"));
    }

    [Fact]
    public async Task Response_headers_and_trailers_come_with_a_stream()
    {
        await using var server = await EchoServer.StartAsync(app => app.MapDuplex(
            new RpcMethod<Note, Note>("/t.T/M", RpcMethodKind.Duplex), async (_, responses, context) =>
            {
                context.ResponseHeaders.Add("first", "1");
                await responses.SendAsync(new Note(), context.CancellationToken);
                context.ResponseTrailers.Add("last", "2");
            }));
        using var channel = server.Connect();
        var method = new RpcMethod<Note, Note>("/t.T/M", RpcMethodKind.Duplex);
        await using var call = channel.Duplex(method, null, Ct);
        Assert.Equal("1", (await call.ResponseHeaders).Get("first"));
        Assert.Single(await AllAsync(call.ReadAllAsync(Ct)));
        Assert.Equal("2", (await call.Outcome).Trailers.Get("last"));
    }

    [Fact]
    public void A_method_is_checked_against_its_description()
    {
        var service = EchoReflection.Descriptor.Services[0];
        Assert.Equal("/alcor.rpc.tests.Echo/Converse", EchoServer.Converse.Path);
        Assert.Equal(
            [RpcMethodKind.Unary, RpcMethodKind.ServerStream, RpcMethodKind.ClientStream, RpcMethodKind.Duplex],
            [EchoServer.Unary.Kind, EchoServer.Count.Kind, EchoServer.Sum.Kind, EchoServer.Converse.Kind]);
        Assert.Throws<ArgumentException>(() => new RpcMethod<Note, Other>(service, "Unary"));
        Assert.Throws<ArgumentException>(() => new RpcMethod<Other, Note>(service, "Unary"));
        Assert.Throws<ArgumentException>(() => new RpcMethod<Note, Note>(service, "Absent"));
        Assert.Throws<ArgumentException>(() => new RpcMethod<Note, Note>("no/slash", RpcMethodKind.Unary));
    }

    internal static async Task<List<Note>> AllAsync(IAsyncEnumerable<Note> notes)
    {
        var all = new List<Note>();
        await foreach (var note in notes)
        {
            all.Add(note);
        }

        return all;
    }

    internal static async IAsyncEnumerable<Note> Notes(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return new Note { Number = i };
        }
    }
}

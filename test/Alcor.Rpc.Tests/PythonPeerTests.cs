using System.Diagnostics;
using Alcor.Rpc.Tests.Protocol;
using Google.Protobuf;

namespace Alcor.Rpc.Tests;

/// <summary>An independent implementation at the other end: grpcio, as a process of its own.</summary>
public sealed class PythonPeerTests
{
    // The interpreter of the distribution, which its python3-grpcio package belongs to; PATH may name another one.
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(FindMissing);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unary", "0a0568656c6c6f")]
    [InlineData("gzip", "True")]
    [InlineData("empty", "0")]
    [InlineData("metadata", "a b 00ff a b 00ff")]
    [InlineData("status", "NOT_FOUND Größe 網路 100 %")]
    [InlineData("throw", "UNKNOWN the handler failed")]
    [InlineData("absent", "UNIMPLEMENTED")]
    [InlineData("deadline", "DEADLINE_EXCEEDED")]
    [InlineData("cancel", "3 CANCELLED")]
    [InlineData("too_big", "RESOURCE_EXHAUSTED")]
    [InlineData("big", "True")]
    [InlineData("server_stream", "- 1001 1002 1003")]
    [InlineData("server_stream_fails", "FAILED_PRECONDITION later after 2")]
    [InlineData("client_stream", "102d")]
    [InlineData("client_stream_refused", "PERMISSION_DENIED enough")]
    [InlineData("duplex", "1001 1002 1003 1004 1005")]
    public async Task Our_server_answers_their_client(string name, string expected)
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        await using var server = await EchoServer.StartAsync();
        using var peer = Start("client.py", $"127.0.0.1:{server.Address.Port}", name);
        try
        {
            var errors = peer.StandardError.ReadToEndAsync(Ct);
            var answer = await peer.StandardOutput.ReadToEndAsync(Ct);
            Assert.True(answer.TrimEnd() == expected, $"{answer}\n{await errors}");
            if (name is "deadline" or "cancel")
            {
                // Their side is over; ours has to notice.
                Assert.Equal(name == "cancel" ? "Count" : "Unary", server.Cancelled.Take(Ct));
            }
        }
        finally
        {
            Stop(peer);
        }
    }

    [Fact]
    public Task Our_client_makes_every_kind_of_call_to_their_server() => WithTheirServerAsync(async channel =>
    {
        var note = new Note { Text = "hello", Number = 3, Body = ByteString.CopyFrom(new byte[100_000]) };
        Assert.Equal(note, await channel.UnaryAsync(EchoServer.Unary, note, null, Ct));
        Assert.Equal(new Note(), await channel.UnaryAsync(EchoServer.Unary, new Note(), null, Ct));

        var counted = await LoopbackTests.AllAsync(
            channel.ServerStream(EchoServer.Count, new Note { Number = 500 }, null, Ct));
        Assert.Equal(Enumerable.Range(0, 500), counted.Select(n => n.Number));

        var sum = await channel.ClientStreamAsync(EchoServer.Sum, LoopbackTests.Notes(500), null, Ct);
        Assert.Equal(124_750, sum.Number);

        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        await using var responses = call.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        for (var i = 1; i <= 100; i++)
        {
            await call.SendAsync(new Note { Number = i }, Ct);
            Assert.True(await responses.MoveNextAsync());
            Assert.Equal(i, responses.Current.Number);
        }

        await call.CompleteAsync(Ct);
        Assert.False(await responses.MoveNextAsync());
        Assert.Equal(RpcStatus.Ok, (await call.Outcome).Status);
    });

    [Fact]
    public Task Our_client_understands_how_their_calls_end() => WithTheirServerAsync(async channel =>
    {
        foreach (var status in Enum.GetValues<RpcStatus>().Where(s => s != RpcStatus.Ok))
        {
            var failure = await FailAsync(channel, new Note { Text = $"fail:{(int)status}:Größe 網路 100 %" });
            Assert.Equal((status, "Größe 網路 100 %"), (failure.Status, failure.Detail));
            Assert.Equal("asked", failure.Trailers.Get("why"));
            Assert.Equal([0, 255], failure.Trailers.GetBytes("why-bin"));
        }

        var absent = new RpcMethod<Note, Note>("/alcor.rpc.tests.Echo/Absent", RpcMethodKind.Unary);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(absent, new Note(), null, Ct));
        Assert.Equal(RpcStatus.Unimplemented, unknown.Status);

        var refused = await Assert.ThrowsAsync<RpcException>(() => channel.ClientStreamAsync(
            EchoServer.Sum, LoopbackTests.Notes(10).Prepend(new Note { Text = "fail:7:enough" }), null, Ct));
        Assert.Equal((RpcStatus.PermissionDenied, "enough"), (refused.Status, refused.Detail));
    });

    [Fact]
    public Task Our_client_keeps_limits_and_deadlines_with_their_server() => WithTheirServerAsync(async channel =>
    {
        var tooBigForThem = new Note { Body = ByteString.CopyFrom(new byte[EchoServer.LimitBytes + 1]) };
        Assert.Equal(RpcStatus.ResourceExhausted, (await FailAsync(channel, tooBigForThem)).Status);
        var tooBigForUs = new Note { Text = "raw", Number = RpcLimits.MessageBytesMax + 1 };
        Assert.Equal(RpcStatus.ResourceExhausted, (await FailAsync(channel, tooBigForUs)).Status);

        var options = new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(300) };
        var late = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync(EchoServer.Unary, new Note { Text = "wait" }, options, Ct));
        Assert.Equal(RpcStatus.DeadlineExceeded, late.Status);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var call = channel.Duplex(EchoServer.Converse, null, stop.Token);
        await call.SendAsync(new Note(), Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => LoopbackTests.AllAsync(call.ReadAllAsync(Ct)));
        Assert.Equal(RpcStatus.Cancelled, (await call.Outcome).Status);
        Assert.Equal(1, (await channel.UnaryAsync(EchoServer.Unary, new Note { Number = 1 }, null, Ct)).Number);
    });

    [Fact]
    public async Task A_peer_that_is_killed_leaves_our_call_unavailable()
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        using var peer = Start("server.py");
        try
        {
            using var channel = await ConnectAsync(peer);
            await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
            await using var responses = call.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
            await call.SendAsync(new Note(), Ct);
            Assert.True(await responses.MoveNextAsync());
            peer.Kill();
            var lost = await Assert.ThrowsAsync<RpcException>(() => responses.MoveNextAsync().AsTask());
            Assert.Equal(RpcStatus.Unavailable, lost.Status);
        }
        finally
        {
            Stop(peer);
        }
    }

    private static Task<RpcException> FailAsync(RpcChannel channel, Note request) =>
        Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(EchoServer.Unary, request, null, Ct));

    private static async Task WithTheirServerAsync(Func<RpcChannel, Task> test)
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        using var peer = Start("server.py");
        try
        {
            using var channel = await ConnectAsync(peer);
            await test(channel);
        }
        finally
        {
            Stop(peer);
        }
    }

    private static async Task<RpcChannel> ConnectAsync(Process peer)
    {
        var port = await peer.StandardOutput.ReadLineAsync(Ct)
            ?? throw new InvalidOperationException(await peer.StandardError.ReadToEndAsync(Ct));
        return new RpcChannel(new Uri($"http://127.0.0.1:{port}"));
    }

    private static Process Start(string script, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Peers", script);
        return Process.Start(new ProcessStartInfo(Python, [path, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        })!;
    }

    private static void Stop(Process peer)
    {
        if (!peer.HasExited)
        {
            peer.Kill();
        }

        peer.WaitForExit();
    }

    private static string? FindMissing()
    {
        if (!File.Exists(Python))
        {
            return $"{Python} is not installed";
        }

        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", "import grpc"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : "python3-grpcio is not installed";
    }
}

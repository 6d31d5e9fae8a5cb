using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alcor.Rpc.Tests.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;

namespace Alcor.Rpc.Tests;

/// <summary>How calls end other than well: statuses, deadlines, cancellation, limits, lost connections.</summary>
public sealed class EndingTests
{
    // Protection against hanging only: no test waits for it to pass.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<RpcStatus> Failures => [.. Enum.GetValues<RpcStatus>().Where(s => s != RpcStatus.Ok)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Every_status_arrives_with_its_detail(RpcStatus status)
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var detail = "100 % wahr: Größe, 網路, 🙂, \r\n\t%41";
        var failure = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(
            EchoServer.Unary, new Note { Text = $"fail:{(int)status}:{detail}" }, null, Ct));
        Assert.Equal((status, detail), (failure.Status, failure.Detail));
    }

    [Fact]
    public async Task A_handler_that_throws_is_unknown_and_its_secrets_stay_inside()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var failure = await FailAsync(channel, new Note { Text = "throw" });
        Assert.Equal(RpcStatus.Unknown, failure.Status);
        Assert.DoesNotContain("secret", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_not_mapped_is_unimplemented()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        string[] paths = ["/alcor.rpc.tests.Echo/Absent", "/no.Service/At", "/alcor.rpc.tests.echo/Unary"];
        foreach (var path in paths)
        {
            var method = new RpcMethod<Note, Note>(path, RpcMethodKind.Unary);
            var failure = await Assert.ThrowsAsync<RpcException>(
                () => channel.UnaryAsync(method, new Note(), null, Ct));
            Assert.Equal(RpcStatus.Unimplemented, failure.Status);
        }
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var options = new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(300) };
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync(EchoServer.Unary, new Note { Text = "wait" }, options, Ct));
        Assert.Equal(RpcStatus.DeadlineExceeded, failure.Status);
        Assert.NotNull(server.Begun.Take(Ct).Deadline);
        Assert.Equal("Unary", server.Cancelled.Take(Ct));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_ends_the_call_before_it_starts()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var options = new RpcCallOptions { Timeout = TimeSpan.Zero };
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync(EchoServer.Unary, new Note(), options, Ct));
        Assert.Equal(RpcStatus.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task A_deadline_ends_a_conversation_in_which_nobody_speaks()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var options = new RpcCallOptions { Timeout = TimeSpan.FromMilliseconds(300) };
        await using var call = channel.Duplex(EchoServer.Converse, options, Ct);
        Assert.Equal(RpcStatus.DeadlineExceeded, (await call.Outcome.WaitAsync(Long, Ct)).Status);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.SendAsync(new Note(), Ct).AsTask());
        Assert.Equal(RpcStatus.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task A_server_enforces_the_deadline_that_its_handler_ignores()
    {
        var release = new TaskCompletionSource();
        var method = new RpcMethod<Note, Note>("/t.T/Deaf", RpcMethodKind.Unary);
        await using var server = await EchoServer.StartAsync(app => app.MapUnary(method, async (request, _) =>
        {
            await release.Task;
            return request;
        }));
        using var http = RawHttp.Client();
        using var request = RawHttp.Request(server.Address, "/t.T/Deaf", RawHttp.Frame(0, []));
        request.Headers.TryAddWithoutValidation("grpc-timeout", "50m");
        using var response = await http.SendAsync(request, Ct);
        Assert.Equal("4", RawHttp.Status(response));
        release.SetResult();
    }

    [Fact]
    public async Task Cancelling_at_the_client_cancels_the_handler()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var calling = channel.UnaryAsync(EchoServer.Unary, new Note { Text = "wait" }, null, stop.Token);
        server.Begun.Take(Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => calling);
        Assert.Equal("Unary", server.Cancelled.Take(Ct));
    }

    [Fact]
    public async Task Leaving_a_server_stream_cancels_the_handler()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await foreach (var note in channel.ServerStream(
            EchoServer.Count, new Note { Number = 3, Text = "wait" }, null, Ct))
        {
            break;
        }

        Assert.Equal("Count", server.Cancelled.Take(Ct));
    }

    [Fact]
    public async Task Disposing_of_a_conversation_cancels_the_handler()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var call = channel.Duplex(EchoServer.Converse, null, Ct);
        await call.SendAsync(new Note(), Ct);
        server.Begun.Take(Ct);
        await call.DisposeAsync();
        Assert.Equal("Converse", server.Cancelled.Take(Ct));
        Assert.Equal(RpcStatus.Cancelled, (await call.Outcome).Status);
    }

    [Fact]
    public async Task Cancelling_a_read_cancels_the_call()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        await call.SendAsync(new Note(), Ct);
        var reading = LoopbackTests.AllAsync(call.ReadAllAsync(stop.Token));
        server.Begun.Take(Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reading);
        Assert.Equal("Converse", server.Cancelled.Take(Ct));
    }

    [Fact]
    public async Task A_reset_by_the_server_is_cancelled_at_the_client()
    {
        await using var server = await EchoServer.StartAsync(app => app.MapPost("/t.T/Reset", async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.FlushAsync();
            http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(8);
        }));
        using var channel = server.Connect();
        var method = new RpcMethod<Note, Note>("/t.T/Reset", RpcMethodKind.Unary);
        var failure = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(method, new Note(), null, Ct));
        Assert.Equal(RpcStatus.Cancelled, failure.Status);
    }

    [Fact]
    public async Task Messages_up_to_the_limit_pass_and_larger_ones_do_not()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        using var narrow = server.Connect(new RpcChannelOptions { SendBytesMax = 100, ReceiveBytesMax = 100 });
        var envelope = new Note { Body = Bytes(EchoServer.LimitBytes) }.CalculateSize() - EchoServer.LimitBytes;
        var largest = new Note { Body = Bytes(EchoServer.LimitBytes - envelope) };
        Assert.Equal(largest, await channel.UnaryAsync(EchoServer.Unary, largest, null, Ct));

        RpcException[] failures =
        [
            await FailAsync(channel, new Note { Body = Bytes(EchoServer.LimitBytes - envelope + 1) }),
            await FailAsync(channel, new Note { Text = "grow", Number = EchoServer.LimitBytes }),
            await FailAsync(narrow, new Note { Body = Bytes(100) }),
            await FailAsync(narrow, new Note { Text = "grow", Number = 100 }),
        ];
        Assert.All(failures, failure => Assert.Equal(RpcStatus.ResourceExhausted, failure.Status));
    }

    [Fact]
    public async Task Big_messages_of_a_conversation_pass_both_ways_at_once()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        var note = new Note { Body = Bytes(200_000) };
        var reading = LoopbackTests.AllAsync(call.ReadAllAsync(Ct));
        for (var i = 0; i < 50; i++)
        {
            await call.SendAsync(note, Ct);
        }

        await call.CompleteAsync(Ct);
        Assert.Equal(Enumerable.Repeat(note, 50), await reading);
    }

    [Fact]
    public async Task A_sender_waits_for_a_receiver_that_does_not_read()
    {
        var reached = 0;
        var stuck = new TaskCompletionSource();
        var method = new RpcMethod<Note, Note>("/t.T/Flood", RpcMethodKind.ServerStream);
        await using var server = await EchoServer.StartAsync(app => app.MapServerStream(method, async (_, sink, call) =>
        {
            try
            {
                for (; reached < 100_000; reached++)
                {
                    await sink.SendAsync(new Note { Body = Bytes(100_000) }, call.CancellationToken);
                }
            }
            finally
            {
                stuck.TrySetResult();
            }
        }));
        using var channel = server.Connect();
        await foreach (var note in channel.ServerStream(method, new Note(), null, Ct))
        {
            break;
        }

        await stuck.Task.WaitAsync(Long, Ct);
        Assert.True(reached < 100_000);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var channel = new RpcChannel(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(RpcStatus.Unavailable, (await FailAsync(channel, new Note())).Status);
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.SendAsync(new Note(), Ct).AsTask());
        Assert.Equal(RpcStatus.Unavailable, failure.Status);
    }

    [Fact]
    public async Task A_server_that_goes_away_leaves_its_calls_unavailable()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        await using var call = channel.Duplex(EchoServer.Converse, null, Ct);
        await call.SendAsync(new Note(), Ct);
        var reading = LoopbackTests.AllAsync(call.ReadAllAsync(Ct));
        server.Begun.Take(Ct);
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await server.StopAsync(now.Token);
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Long, Ct));
        Assert.Equal(RpcStatus.Unavailable, failure.Status);
        Assert.Equal(RpcStatus.Unavailable, (await FailAsync(channel, new Note())).Status);
    }

    [Fact]
    public async Task A_channel_connects_again_after_its_server_came_back()
    {
        var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)relay.LocalEndpoint).Port}");
        await using var server = await EchoServer.StartAsync();
        using var channel = new RpcChannel(address);
        var first = channel.UnaryAsync(EchoServer.Unary, new Note(), null, Ct);
        using (await relay.AcceptTcpClientAsync(Ct))
        {
        }

        Assert.Equal(RpcStatus.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => first)).Status);
        var second = channel.UnaryAsync(EchoServer.Unary, new Note { Number = 2 }, null, Ct);
        using var client = await relay.AcceptTcpClientAsync(Ct);
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, server.Address.Port, Ct);
        var pumps = new[]
        {
            client.GetStream().CopyToAsync(upstream.GetStream(), Ct),
            upstream.GetStream().CopyToAsync(client.GetStream(), Ct),
        };
        Assert.Equal(2, (await second).Number);
        client.Close();
        upstream.Close();
        await Task.WhenAny(Task.WhenAll(pumps));
        relay.Dispose();
    }

    [Fact]
    public async Task Calls_work_over_tls_and_fail_where_the_certificate_is_not_trusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var begin = DateTimeOffset.UnixEpoch;
        using var certificate = asked.CreateSelfSigned(begin, begin.AddYears(200));
        await using var server = await EchoServer.StartAsync(certificate: certificate);
        using var trusting = server.Connect(new RpcChannelOptions
        {
            Tls = new() { RemoteCertificateValidationCallback = (_, shown, _, _) =>
                shown!.GetCertHashString() == certificate.GetCertHashString() },
        });
        Assert.Equal(3, (await trusting.UnaryAsync(EchoServer.Unary, new Note { Number = 3 }, null, Ct)).Number);
        using var distrusting = server.Connect();
        Assert.Equal(RpcStatus.Unavailable, (await FailAsync(distrusting, new Note())).Status);
    }

    private static Task<RpcException> FailAsync(RpcChannel channel, Note request) =>
        Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(EchoServer.Unary, request, null, Ct));

    private static ByteString Bytes(int count) => ByteString.CopyFrom(new byte[count]);
}

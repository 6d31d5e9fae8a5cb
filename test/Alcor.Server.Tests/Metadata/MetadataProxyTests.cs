using System.Net;
using System.Net.Sockets;
using System.Text;
using Alcor.Agent.Services;
using Alcor.Server.Metadata;
using Microsoft.AspNetCore.Http;

namespace Alcor.Server.Tests.Metadata;

/// <summary>
/// The proxy over real sockets of the loopback: machines ask from addresses of their own, and a small server is in the
/// place of Nova.
/// </summary>
public sealed class MetadataProxyTests : IAsyncLifetime
{
    private static readonly IPAddress Known = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress WithoutMachine = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress Unknown = IPAddress.Parse("127.0.0.4");
    private NovaStub _nova = null!;
    private MetadataListener _listener = null!;
    private IPEndPoint _endpoint = null!;
    private ServiceDirectory? _directory = Directory();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _nova = await NovaStub.StartAsync();
        (_listener, _endpoint) = await ListenAsync(_nova.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _nova.DisposeAsync();
    }

    [Fact]
    public async Task Nova_hears_who_asks_and_what()
    {
        var answer = await SayAsync(Known, "GET /latest/meta-data/ami-id?a=%2f..&b HTTP/1.1\r\n"
            + "Host: 169.254.169.254\r\nX-aws-ec2-metadata-token: abc\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.EndsWith("ami-id\n", Body(answer));
        var asked = Assert.Single(_nova.Requests);
        Assert.Equal(("GET", "/latest/meta-data/ami-id?a=%2f..&b"), (asked.Method, asked.Target));
        Assert.Equal("abc", asked.Headers["X-aws-ec2-metadata-token"]);
        Assert.Equal("machine", asked.Headers["X-Instance-ID"]);
        Assert.Equal("project", asked.Headers["X-Tenant-ID"]);
        Assert.Equal("10.0.0.10", asked.Headers["X-Forwarded-For"]);
        // printf machine | openssl dgst -sha256 -hmac secret
        Assert.Equal("3ef01871c21cdfd8588d7851d5d80c21a12f8795ab454b351eb9129748d9fc17",
            asked.Headers["X-Instance-ID-Signature"]);
    }

    [Fact]
    public async Task What_a_machine_says_of_itself_is_not_passed_on()
    {
        await SayAsync(Known, "GET / HTTP/1.1\r\nHost: nova\r\nX-Instance-ID: other\r\nx_instance_id: other\r\n"
            + "X-Tenant-ID: other\r\nX-Tenant_ID: other\r\nX-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n"
            + "X-Instance-ID-Signature: 00\r\nX-Metadata-Provider: other\r\nConnection: close\r\n\r\n");
        var asked = Assert.Single(_nova.Requests);
        Assert.DoesNotContain(asked.Headers, header => header.Value.Contains("other", StringComparison.Ordinal)
            || header.Value.Contains("192.0.2.1", StringComparison.Ordinal) || header.Key.Contains('_'));
        Assert.Equal("machine", asked.Headers["X-Instance-ID"]);
        Assert.Equal(_nova.Url.Authority, asked.Headers["Host"]);
    }

    [Fact]
    public async Task What_belongs_to_one_connection_stays_there()
    {
        _nova.Answer = http =>
        {
            http.Response.Headers["X-Kept"] = "of Nova";
            http.Response.Headers["X-Hop"] = "of Nova";
            http.Response.Headers.KeepAlive = "timeout=99";
            http.Response.Headers.Connection = "X-Hop";
            return Task.CompletedTask;
        };
        var answer = await SayAsync(Known, "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Hop\r\nX-Hop: of the machine\r\n"
            + "Keep-Alive: timeout=5\r\nTE: trailers\r\nUpgrade: websocket\r\nProxy-Authorization: x\r\nX-Kept: too\r\n"
            + "\r\nGET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Contains("X-Kept: of Nova\r\n", answer);
        Assert.DoesNotContain("X-Hop", answer);
        Assert.DoesNotContain("timeout=99", answer);
        var headers = Assert.Single(_nova.Requests, asked => asked.Target == "/").Headers;
        Assert.Equal("too", headers["X-Kept"]);
        Assert.Empty(headers.Keys.Intersect(
            ["X-Hop", "Keep-Alive", "TE", "Upgrade", "Proxy-Authorization"], StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Content-Length: 8\r\n\r\npassword")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\npass\r\n4\r\nword\r\n0\r\n\r\n")]
    public async Task A_body_goes_through_however_it_is_sent(string rest)
    {
        await SayAsync(Known, "POST /openstack/2013-04-04/password HTTP/1.1\r\nHost: a\r\nContent-Type: text/x\r\n"
            + "Connection: close\r\n" + rest);
        var asked = Assert.Single(_nova.Requests);
        Assert.Equal(("POST", "password", "8"), (asked.Method, asked.Body, asked.Headers["Content-Length"]));
        Assert.Equal("text/x", asked.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_and_Nova_is_not_asked()
    {
        var answer = await SayAsync(Known, "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
            + $"{MetadataLimits.RequestBodyBytesMax + 1}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", answer);
        Assert.Empty(_nova.Requests);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(204)]
    [InlineData(302)]
    public async Task What_Nova_answers_is_answered(int status)
    {
        _nova.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "http://elsewhere.test/";
            return status == 204 ? Task.CompletedTask : http.Response.WriteAsync("because");
        };
        var answer = await SayAsync(Known, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Contains("Location: http://elsewhere.test/\r\n", answer);
        if (status != 204)
            Assert.EndsWith("because", Body(answer));
        Assert.Single(_nova.Requests);
    }

    [Fact]
    public async Task HEAD_has_the_length_and_no_body()
    {
        _nova.Answer = http =>
        {
            http.Response.ContentLength = 77;
            return Task.CompletedTask;
        };
        var answer = await SayAsync(Known, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Contains("Content-Length: 77\r\n", answer);
        Assert.Empty(Body(answer));
    }

    [Theory]
    [InlineData("GET http://elsewhere.test/latest HTTP/1.1", 200, "/latest")]
    [InlineData("GET http://elsewhere.test HTTP/1.1", 200, "/")]
    [InlineData("GET //elsewhere.test/ HTTP/1.1", 200, "//elsewhere.test/")]
    [InlineData("GET /a/../../b HTTP/1.1", 200, "/a/../../b")]
    [InlineData("OPTIONS * HTTP/1.1", 400, null)]
    [InlineData("TRACE / HTTP/1.1", 405, null)]
    public async Task A_machine_does_not_choose_whom_to_ask(string line, int status, string? target)
    {
        var answer = await SayAsync(Known, $"{line}\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Equal(target, _nova.Requests.SingleOrDefault()?.Target);
    }

    [Fact]
    public async Task Who_is_of_no_machine_or_not_known_has_no_metadata()
    {
        const string asked = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 404 ", await SayAsync(WithoutMachine, asked));
        Assert.StartsWith("HTTP/1.1 404 ", await SayAsync(Unknown, asked));
        _directory = null;
        Assert.StartsWith("HTTP/1.1 503 ", await SayAsync(Known, asked));
        Assert.Empty(_nova.Requests);
    }

    [Fact]
    public async Task Nova_that_is_away_slow_or_broken_is_said_to_be()
    {
        const string asked = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        var never = new TaskCompletionSource();
        _nova.Answer = _ => never.Task;
        var (slow, endpoint) = await ListenAsync(_nova.Url, TimeSpan.FromMilliseconds(200));
        var late = await SayAsync(Known, asked, endpoint);
        Assert.StartsWith("HTTP/1.1 504 ", late);
        Assert.Equal("Nova has not answered in time.\n", Body(late));
        never.SetResult();
        await slow.DisposeAsync();

        _nova.Answer = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        Assert.StartsWith("HTTP/1.1 502 ", await SayAsync(Known, asked));

        await _nova.DisposeAsync();
        var away = await SayAsync(Known, asked);
        Assert.StartsWith("HTTP/1.1 502 ", away);
        Assert.Equal("Nova cannot be reached.\n", Body(away));
    }

    [Fact]
    public async Task Half_an_answer_does_not_look_like_a_whole_one()
    {
        _nova.Answer = async http =>
        {
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        var answer = await SayAsync(Known, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.False(answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
            && answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task One_machine_has_few_connections_and_the_others_have_theirs()
    {
        // Any of them may be the one too many: they are admitted at the same time.
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = Enumerable.Range(0, MetadataLimits.ConnectionsPerClientMax + 1)
            .Select(_ => HoldAsync(Known, _endpoint, leave.Token)).ToList();
        await await Task.WhenAny(held);
        const string asked = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 404 ", await SayAsync(WithoutMachine, asked));
        _ = Assert.Single(held, connection => connection.IsCompleted);
        await leave.CancelAsync();
    }

    [Fact]
    public void The_secret_is_not_in_what_is_logged() =>
        Assert.Equal("metadata of http://nova.test/",
            new MetadataOptions(new Uri("http://nova.test"), Encoding.UTF8.GetBytes("secret")).ToString());

    private static ServiceDirectory Directory() => ServiceDirectory.Empty
        .With(default, [],
        [
            new ServiceClient(Guid.Empty, Known, IPAddress.Parse("10.0.0.10"), Guid.Empty)
            {
                MachineId = "machine", ProjectId = "project",
            },
            new ServiceClient(Guid.Empty, WithoutMachine, IPAddress.Parse("10.0.0.11"), Guid.Empty),
        ]);

    private async Task<(MetadataListener Listener, IPEndPoint Endpoint)> ListenAsync(
        Uri nova, TimeSpan? patience = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new MetadataOptions(nova, Encoding.UTF8.GetBytes("secret"))
        {
            AnswerTimeout = patience ?? MetadataLimits.AnswerTimeout,
        };
        var proxy = new MetadataProxy(options, () => _directory, TimeProvider.System);
        return (await MetadataListener.StartAsync([socket], proxy, Token), (IPEndPoint)socket.LocalEndPoint!);
    }

    private Task<string> SayAsync(IPAddress from, string text) => SayAsync(from, text, _endpoint);

    /// <summary>Says it byte for byte, and reads until the other end closes.</summary>
    private static async Task<string> SayAsync(IPAddress from, string text, IPEndPoint to)
    {
        using var socket = await ConnectAsync(from, to);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Token);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync(Token);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<Socket> ConnectAsync(IPAddress from, IPEndPoint to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to, Token);
        return socket;
    }

    /// <summary>Says nothing, until the other end closes: which it may before the connection is known here.</summary>
    private static async Task HoldAsync(IPAddress from, IPEndPoint to, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await ConnectAsync(from, to);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], cancellationToken));
        }
        catch (SocketException)
        {
            // As good an end as any.
        }
    }

    /// <summary>Of an answer with its length, or in chunks.</summary>
    private static string Body(string answer)
    {
        var at = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var (head, body) = (answer[..at], answer[at..]);
        if (!head.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
            return body;
        var whole = new StringBuilder();
        while (Convert.ToInt32(body[..body.IndexOf('\r')], 16) is var length and > 0)
        {
            var start = body.IndexOf('\n') + 1;
            whole.Append(body.AsSpan(start, length));
            body = body[(start + length + 2)..];
        }
        return whole.ToString();
    }
}

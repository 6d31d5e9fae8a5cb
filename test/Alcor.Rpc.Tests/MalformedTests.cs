using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Alcor.Rpc.Tests.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Alcor.Rpc.Tests;

/// <summary>What no proper peer sends: always a clean status, never a hang, and the server lives on.</summary>
public sealed class MalformedTests
{
    private const string UnaryPath = "/alcor.rpc.tests.Echo/Unary";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Bodies => new()
    {
        { "nothing at all", [], "12" },
        { "two messages", [.. RawHttp.Frame(0, []), .. RawHttp.Frame(0, [])], "12" },
        { "part of a header", [0, 0, 0], "13" },
        { "part of a message", [0, 0, 0, 0, 9, 1, 2], "13" },
        { "an unknown flag", RawHttp.Frame(2, []), "13" },
        { "compressed with nothing announced", RawHttp.Frame(1, [1]), "13" },
        { "over the limit", [0, 0xff, 0xff, 0xff, 0xff], "8" },
        { "no protobuf", RawHttp.Frame(0, [0xff, 0xff, 0xff]), "13" },
        { "an empty message", RawHttp.Frame(0, []), "0" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_server_answers_a_malformed_body_with_a_status(string what, byte[] body, string status)
    {
        await using var server = await EchoServer.StartAsync();
        using var http = RawHttp.Client();
        using var response = await http.SendAsync(RawHttp.Request(server.Address, UnaryPath, body), Ct);
        Assert.True(RawHttp.Status(response) == status, $"{what}: {RawHttp.Status(response)}");
    }

    [Theory]
    [InlineData("content-type", "application/json", 415, null)]
    [InlineData("content-type", "application/grpc-web", 415, null)]
    [InlineData("content-type", "application/grpc+proto; a=b", 200, "0")]
    [InlineData("te", "", 200, "13")]
    [InlineData("grpc-timeout", "fast", 200, "13")]
    [InlineData("grpc-timeout", "123456789m", 200, "13")]
    [InlineData("grpc-timeout", "99999999H", 200, "0")]
    [InlineData("grpc-encoding", "snappy", 200, "12")]
    [InlineData("grpc-encoding", "identity", 200, "0")]
    public async Task A_server_judges_the_headers(string name, string value, int http, string? status)
    {
        await using var server = await EchoServer.StartAsync();
        using var client = RawHttp.Client();
        using var request = RawHttp.Request(server.Address, UnaryPath, RawHttp.Frame(0, []));
        HttpHeaders headers = name == "content-type" ? request.Content!.Headers : request.Headers;
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Ct);
        Assert.Equal((http, status), ((int)response.StatusCode, RawHttp.Status(response)));
        Assert.Equal(status is not null, response.Headers.Contains("grpc-accept-encoding"));
    }

    [Fact]
    public async Task A_server_understands_gzip_and_bounds_what_comes_out_of_it()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = RawHttp.Client();
        var fits = Gzip(new Note { Text = "fail:6:inflated" }.ToByteArray());
        var bomb = Gzip(new Note { Body = ByteString.CopyFrom(new byte[50_000_000]) }.ToByteArray());
        Assert.Equal("6", await SendAsync(fits));
        Assert.Equal("8", await SendAsync(bomb));
        Assert.Equal("13", await SendAsync([1, 2, 3]));

        async Task<string?> SendAsync(byte[] message)
        {
            using var request = RawHttp.Request(server.Address, UnaryPath, RawHttp.Frame(1, message));
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            using var response = await client.SendAsync(request, Ct);
            return RawHttp.Status(response);
        }
    }

    [Fact]
    public async Task Random_bodies_get_a_status_and_the_server_lives_on()
    {
        var random = Seed.For(nameof(Random_bodies_get_a_status_and_the_server_lives_on));
        await using var server = await EchoServer.StartAsync();
        using var client = RawHttp.Client();
        for (var i = 0; i < 500; i++)
        {
            var path = random.Next(2) == 0 ? UnaryPath : "/alcor.rpc.tests.Echo/Converse";
            using var response = await client.SendAsync(RawHttp.Request(server.Address, path, Mutant(random)), Ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(int.Parse(RawHttp.Status(response)!) is >= 0 and <= 16);
        }

        using var channel = server.Connect();
        Assert.Equal(1, (await channel.UnaryAsync(EchoServer.Unary, new Note { Number = 1 }, null, Ct)).Number);
    }

    [Fact]
    public async Task Random_responses_give_the_client_messages_or_a_status()
    {
        var random = Seed.For(nameof(Random_responses_give_the_client_messages_or_a_status));
        await using var server = await EchoServer.StartAsync(app => app.MapPost("/t.T/Random", async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(Mutant(random));
            var trailers = http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
            trailers["grpc-status"] = random.Next(4) switch { 0 => "0", 1 => "5", 2 => "99", _ => "x" };
        }));
        using var channel = server.Connect();
        var method = new RpcMethod<Note, Note>("/t.T/Random", RpcMethodKind.Duplex);
        for (var i = 0; i < 500; i++)
        {
            await using var call = channel.Duplex(method, null, Ct);
            var reading = LoopbackTests.AllAsync(call.ReadAllAsync(Ct));
            await Task.WhenAny(reading);
            Assert.True(reading.IsCompletedSuccessfully || reading.Exception!.InnerException is RpcException);
            Assert.Equal(reading.IsCompletedSuccessfully, (await call.Outcome).Status == RpcStatus.Ok);
        }
    }

    [Theory]
    [InlineData(200, "text/html", RpcStatus.Unknown)]
    [InlineData(200, "application/grpc", RpcStatus.Unknown)]
    [InlineData(400, "text/html", RpcStatus.Internal)]
    [InlineData(401, "text/html", RpcStatus.Unauthenticated)]
    [InlineData(403, "text/html", RpcStatus.PermissionDenied)]
    [InlineData(404, "text/html", RpcStatus.Unimplemented)]
    [InlineData(429, "text/html", RpcStatus.Unavailable)]
    [InlineData(503, "text/html", RpcStatus.Unavailable)]
    [InlineData(418, "text/html", RpcStatus.Unknown)]
    public async Task A_response_of_something_else_has_a_status(int code, string contentType, RpcStatus expected)
    {
        await using var server = await EchoServer.StartAsync(app => app.MapPost("/t.T/Page", async http =>
        {
            http.Response.StatusCode = code;
            http.Response.ContentType = contentType;
            await http.Response.Body.WriteAsync(RawHttp.Frame(0, []));
        }));
        Assert.Equal(expected, await StatusOfAsync(server.Address, "/t.T/Page"));
    }

    [Theory]
    [InlineData(0, RpcStatus.Unimplemented)]
    [InlineData(2, RpcStatus.Unimplemented)]
    public async Task A_unary_response_is_exactly_one_message(int messages, RpcStatus expected)
    {
        await using var server = await EchoServer.StartAsync(app => app.MapPost("/t.T/Some", async http =>
        {
            http.Response.ContentType = "application/grpc";
            for (var i = 0; i < messages; i++)
            {
                await http.Response.Body.WriteAsync(RawHttp.Frame(0, []));
            }

            http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
        }));
        Assert.Equal(expected, await StatusOfAsync(server.Address, "/t.T/Some"));
    }

    [Fact]
    public async Task A_server_that_speaks_no_http_is_an_error_and_no_hang()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Ct);
                await client.GetStream().WriteAsync("SSH-2.0-something else entirely\r\n"u8.ToArray(), Ct);
            },
            Ct);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var status = await StatusOfAsync(new Uri($"http://127.0.0.1:{port}"), "/t.T/M");
        Assert.True(status is RpcStatus.Unavailable or RpcStatus.Internal, status.ToString());
        await serving;
    }

    private static async Task<RpcStatus> StatusOfAsync(Uri address, string path)
    {
        using var channel = new RpcChannel(address);
        var method = new RpcMethod<Note, Note>(path, RpcMethodKind.Unary);
        var failure = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(method, new Note(), null, Ct));
        return failure.Status;
    }

    /// <summary>A good body, cut, flipped or extended at random places.</summary>
    private static byte[] Mutant(Random random)
    {
        var body = new List<byte>();
        for (var i = random.Next(4); i > 0; i--)
        {
            body.AddRange(RawHttp.Frame(0, new Note { Number = random.Next(), Text = "some text" }.ToByteArray()));
        }

        for (var i = random.Next(4); i > 0 && body.Count > 0; i--)
        {
            body[random.Next(body.Count)] = (byte)random.Next(256);
        }

        var tail = new byte[random.Next(12)];
        random.NextBytes(tail);
        body.AddRange(random.Next(2) == 0 ? tail : []);
        return [.. body.Take(random.Next(2) == 0 ? random.Next(body.Count + 1) : body.Count)];
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return compressed.ToArray();
    }
}

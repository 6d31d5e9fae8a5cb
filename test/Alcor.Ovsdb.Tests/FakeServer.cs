using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alcor.Ovsdb.Tests;

/// <summary>An error that <see cref="FakeServer"/> answers with.</summary>
internal sealed class FakeServerException(string error) : Exception(error);

/// <summary>An OVSDB server in memory on a unix socket: knows the plain monitor only, says what it is told.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Socket> sockets = [];
    private readonly Lock gate = new();
    private readonly Task accepting;

    public FakeServer()
    {
        SocketPath = Path.Combine(Path.GetTempPath(), $"alcor-ovsdb-{Guid.NewGuid():N}.sock");
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        accepting = AcceptAsync();
    }

    public string SocketPath { get; }

    /// <summary>Reads and says nothing.</summary>
    public bool Mute { get; set; }

    /// <summary>Answers of this test, before the usual ones; null leaves it to them.</summary>
    public Func<string, JsonArray, JsonNode?> Handle { get; set; } = (_, _) => null;

    /// <summary>What monitor answers.</summary>
    public string Contents { get; set; } = "{}";

    /// <summary>The name of the last monitor.</summary>
    public string MonitorId { get; private set; } = "";

    /// <summary>Messages of the clients that are answers.</summary>
    public TaskCompletionSource<JsonNode> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Send(string json)
    {
        lock (gate)
        {
            foreach (var socket in sockets) socket.Send(Encoding.UTF8.GetBytes(json));
        }
    }

    public void SendUpdate(string updates) =>
        Send($$"""{"method":"update","id":null,"params":["{{MonitorId}}",{{updates}}]}""");

    public void Disconnect()
    {
        lock (gate)
        {
            foreach (var socket in sockets) socket.Dispose();
            sockets.Clear();
        }
    }

    public Task<Stream> DialAsync(CancellationToken cancellation) => OvsdbEndpoint.UnixSocket(SocketPath)(cancellation);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        Disconnect();
        File.Delete(SocketPath);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stopping.Token);
                lock (gate) sockets.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket);
            var reader = new OvsdbMessageReader(stream, OvsdbLimits.MessageBytesMax);
            while (await reader.ReadAsync(stopping.Token) is { } message)
            {
                if (Mute) continue;
                var node = JsonNode.Parse(message.RootElement.GetRawText())!;
                if (node["method"] is null) Answered.TrySetResult(node);
                else lock (gate) socket.Send(Answer(node));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException
            or SocketException or OvsdbFormatException)
        {
            // The client or the test has closed this connection.
        }
    }

    private byte[] Answer(JsonNode request)
    {
        var answer = new JsonObject { ["id"] = request["id"]!.DeepClone(), ["result"] = null, ["error"] = null };
        try
        {
            var method = (string)request["method"]!;
            var parameters = request["params"]!.AsArray();
            answer["result"] = Handle(method, parameters) ?? Usual(method, parameters);
        }
        catch (FakeServerException error)
        {
            answer["error"] = error.Message;
        }

        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private JsonNode Usual(string method, JsonArray parameters)
    {
        switch (method)
        {
            case "echo": return parameters.DeepClone();
            case "list_dbs": return new JsonArray("Things", "_Server");
            case "get_schema": return JsonNode.Parse(TestSchema.Json)!;
            case "monitor_cancel": return new JsonObject();
            case "monitor":
                MonitorId = (string)parameters[1]!;
                return JsonNode.Parse(Contents)!;
            default: throw new FakeServerException("unknown method");
        }
    }
}

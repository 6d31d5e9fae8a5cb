using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Alcor.Ovsdb.Tests;

public sealed class ConnectionTests
{
    private const string Row = "36bef046-7da7-43a5-905a-c17899216fcb";

    private static readonly ImmutableArray<OvsdbMonitorTable> Watched = [new("Thing", ["name", "tags"])];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Databases_and_schema_are_read()
    {
        await using var server = new FakeServer();
        await using var connection = await ConnectAsync(server);
        Assert.Equal(["Things", "_Server"], await connection.ListDatabasesAsync(Cancellation));
        var schema = await connection.GetSchemaAsync("Things", Cancellation);
        Assert.Equal(("Things", "1.0.0"), (schema.Name, schema.Version));
        Assert.Equal(OvsdbValue.EmptyMap, schema.Column("Thing", "options").Default);
        Assert.Equal(0, schema.Column("Thing", "weight").Default.Single.Real);
        Assert.True(schema.Column("Thing", "owner") is { IsOptional: true, IsComposite: false });
        Assert.Throws<OvsdbFormatException>(() => schema.Column("Thing", "color"));
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_answers()
    {
        await using var server = new FakeServer();
        server.Handle = (method, parameters) => method == "transact"
            ? new JsonArray(new JsonObject { ["count"] = int.Parse((string)parameters[1]!["comment"]!) })
            : null;
        await using var connection = await ConnectAsync(server);
        var counts = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async i =>
        {
            OvsdbOperation[] operations = [new OvsdbOperation.Comment(i.ToString())];
            return (await connection.TransactAsync("Things", operations, Cancellation))[0].Count!.Value;
        }));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), counts);
    }

    [Fact]
    public async Task The_servers_echo_is_answered()
    {
        await using var server = new FakeServer();
        await using var connection = await ConnectAsync(server);
        await connection.EchoAsync(Cancellation);
        server.Send("""{"method":"echo","id":"echo","params":["a",{"b":[1.50]}]}""");
        var answer = await server.Answered.Task.WaitAsync(Cancellation);
        Assert.Equal("""{"id":"echo","result":["a",{"b":[1.50]}],"error":null}""", answer.ToJsonString());
    }

    [Fact]
    public async Task A_remote_error_names_the_method()
    {
        await using var server = new FakeServer();
        server.Handle = (_, _) => throw new FakeServerException("unknown database");
        await using var connection = await ConnectAsync(server);
        var error = await Assert.ThrowsAsync<OvsdbRemoteException>(
            () => connection.GetSchemaAsync("Nothing", Cancellation));
        Assert.Equal(("get_schema", "unknown database"), (error.Method, error.Error));
    }

    [Theory]
    [InlineData("""[{"count":1},{"error":"constraint violation","details":"too many"},null]""", 1, "delete from Thing")]
    [InlineData("""[{},{},{},{"error":"referential integrity violation","details":"too many"}]""", 3, null)]
    public async Task A_failed_transaction_names_its_operation(string answer, int index, string? operation)
    {
        await using var server = new FakeServer();
        server.Handle = (_, _) => JsonNode.Parse(answer);
        await using var connection = await ConnectAsync(server);
        OvsdbOperation[] operations =
        [
            new OvsdbOperation.Comment("first"),
            new OvsdbOperation.Delete("Thing", OvsdbCondition.Everywhere),
            new OvsdbOperation.Abort(),
        ];
        var error = await Assert.ThrowsAsync<OvsdbTransactionException>(
            () => connection.TransactAsync("Things", operations, Cancellation));
        Assert.Equal((index, operation, "too many"), (error.OperationIndex, error.Operation?.Name, error.Details));
    }

    [Fact]
    public async Task A_monitor_gives_the_first_contents_and_then_every_change_in_order()
    {
        await using var server = new FakeServer
        {
            Contents = $$$$$$"""{"Thing":{"{{{{{{Row}}}}}}":{"new":{"name":"a","tags":["set",[]]}}}}""",
        };
        await using var connection = await ConnectAsync(server);
        var updates = Channel.CreateUnbounded<OvsdbUpdate>();
        var schema = await connection.GetSchemaAsync("Things", Cancellation);
        var monitor = await connection.MonitorAsync(
            schema, Watched, update => Assert.True(updates.Writer.TryWrite(update)), Cancellation);
        Assert.True(updates.Reader.TryRead(out var first));
        Assert.True(first is { IsInitial: true, Rows: [{ Kind: OvsdbRowUpdateKind.Insert }] });

        server.SendUpdate($$$$$$"""{"Thing":{"{{{{{{Row}}}}}}":{"old":{"name":"a"},"new":{"name":"b","tags":"x"}}}}""");
        server.SendUpdate($$$$$$"""{"Thing":{"{{{{{{Row}}}}}}":{"old":{"name":"b","tags":"x"}}}}""");
        var changed = Assert.Single((await updates.Reader.ReadAsync(Cancellation)).Rows);
        Assert.Equal((OvsdbRowUpdateKind.Replace, "b"), (changed.Kind, changed.Row.Text("name")));
        var deleted = Assert.Single((await updates.Reader.ReadAsync(Cancellation)).Rows);
        Assert.Equal((OvsdbRowUpdateKind.Delete, Guid.Parse(Row)), (deleted.Kind, deleted.Uuid));

        await connection.CancelMonitorAsync(monitor, Cancellation);
        server.SendUpdate("""{"Thing":{}}""");
        await connection.EchoAsync(Cancellation);
        Assert.False(updates.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_disconnection_fails_open_requests_and_completes_once()
    {
        await using var server = new FakeServer();
        await using var connection = await ConnectAsync(server);
        await connection.EchoAsync(Cancellation);
        server.Mute = true;
        var open = connection.ListDatabasesAsync(Cancellation);
        server.Disconnect();
        await Assert.ThrowsAsync<OvsdbConnectionLostException>(() => open);
        var loss = await connection.Lost.WaitAsync(Cancellation);
        Assert.Contains("lost", loss.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OvsdbConnectionLostException>(() => connection.EchoAsync(Cancellation));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"id\":null,\"result\":5}")]
    [InlineData("{\"id\":\"1\",\"result\":5}")]
    [InlineData("{\"method\":5}")]
    [InlineData("{\"method\":\"update\",\"params\":[1]}")]
    public async Task Malformed_input_ends_the_session_with_a_format_error(string text)
    {
        await using var server = new FakeServer();
        await using var connection = await ConnectAsync(server);
        await connection.EchoAsync(Cancellation);
        server.Send(text);
        var loss = await connection.Lost.WaitAsync(Cancellation);
        Assert.IsType<OvsdbFormatException>(loss.InnerException);
    }

    [Fact]
    public async Task Malformed_first_contents_end_the_session_and_the_request()
    {
        await using var server = new FakeServer { Contents = """{"Thing":{"no uuid":{"new":{}}}}""" };
        await using var connection = await ConnectAsync(server);
        var schema = await connection.GetSchemaAsync("Things", Cancellation);
        var error = await Assert.ThrowsAsync<OvsdbConnectionLostException>(
            () => connection.MonitorAsync(schema, Watched, _ => { }, Cancellation));
        Assert.IsType<OvsdbFormatException>(error.InnerException);
    }

    [Fact]
    public async Task A_silent_server_is_noticed()
    {
        await using var server = new FakeServer { Mute = true };
        var options = new OvsdbConnectionOptions(TimeProvider.System)
        {
            EchoInterval = TimeSpan.FromMilliseconds(20),
            EchoTimeout = TimeSpan.FromMilliseconds(20),
        };
        await using var connection = OvsdbConnection.Start(await server.DialAsync(Cancellation), options);
        var open = connection.ListDatabasesAsync(Cancellation);
        var loss = await connection.Lost.WaitAsync(Cancellation);
        Assert.Contains("does not answer", loss.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OvsdbConnectionLostException>(() => open);
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_session_usable()
    {
        await using var server = new FakeServer { Mute = true };
        await using var connection = await ConnectAsync(server);
        using var source = new CancellationTokenSource();
        var open = connection.ListDatabasesAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open);
        server.Mute = false;
        await connection.EchoAsync(Cancellation);
    }

    private static async Task<OvsdbConnection> ConnectAsync(FakeServer server) =>
        OvsdbConnection.Start(await server.DialAsync(Cancellation), new OvsdbConnectionOptions(TimeProvider.System));
}

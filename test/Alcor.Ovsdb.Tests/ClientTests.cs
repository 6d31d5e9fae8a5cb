using System.Collections.Immutable;

namespace Alcor.Ovsdb.Tests;

public sealed class ClientTests
{
    private static readonly ImmutableArray<OvsdbMonitorTable> Watched = [new("Thing", ["name"])];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_loss_the_client_dials_again_and_reports_the_difference()
    {
        await using var server = new FakeServer { Contents = Things(1, 2) };
        await using var client = OvsdbClient.Start(Options(server.DialAsync));
        await using var changes = client.Replica.ChangesAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await changes.MoveNextAsync());
        Assert.True(changes.Current is { IsResynchronized: true, Rows.Length: 2 });

        server.Contents = Things(2, 3);
        server.Disconnect();
        Assert.True(await changes.MoveNextAsync());
        Assert.True(changes.Current is { IsResynchronized: true, Before: not null });
        Assert.Equal(
            [(Uuid(1), false), (Uuid(3), true)],
            changes.Current.Rows.Select(row => (row.Uuid, row.After is not null)).Order());
        Assert.IsType<OvsdbConnectionLostException>(client.LastFailure);

        await client.ConnectionAsync(Cancellation);
        server.SendUpdate(Things(4));
        Assert.True(await changes.MoveNextAsync());
        Assert.True(changes.Current is { IsResynchronized: false, Rows: [{ Before: null }] });
    }

    [Fact]
    public async Task While_the_server_is_away_the_snapshot_stays_and_dialling_backs_off()
    {
        var time = new ManualTime();
        var refuse = false;
        await using var server = new FakeServer { Contents = Things(1) };
        await using var client = OvsdbClient.Start(Options(Dial) with { Time = time });
        var snapshot = await client.Replica.WaitForAsync(_ => true, Cancellation);
        await client.ConnectionAsync(Cancellation);

        refuse = true;
        server.Disconnect();
        int[] pauses = [50, 100, 200, 400, 800, 1000, 1000];
        foreach (var pause in pauses)
            Assert.Equal(pause, (await time.FireNextAsync(IsPause, Cancellation)).TotalMilliseconds);
        Assert.Same(snapshot, client.Replica.Current);
        Assert.False(client.IsConnected);
        Assert.IsType<IOException>(client.LastFailure);

        refuse = false;
        await time.FireNextAsync(IsPause, Cancellation);
        await client.ConnectionAsync(Cancellation);

        // The other timers are the keep-alive's and that of the setup.
        static bool IsPause(TimeSpan due) => due <= OvsdbLimits.RetryMax;

        Task<Stream> Dial(CancellationToken cancellation) =>
            refuse ? Task.FromException<Stream>(new IOException("refused")) : server.DialAsync(cancellation);
    }

    [Fact]
    public async Task A_malformed_update_leads_to_a_full_read()
    {
        await using var server = new FakeServer { Contents = Things(1) };
        await using var client = OvsdbClient.Start(Options(server.DialAsync));
        await client.ConnectionAsync(Cancellation);
        server.Contents = Things(1, 2);
        server.SendUpdate(Things(9).Replace("new", "old", StringComparison.Ordinal));
        await client.Replica.WaitForAsync(snapshot => snapshot.Table("Thing").Count == 2, Cancellation);
    }

    [Fact]
    public async Task Disposal_ends_whoever_waits()
    {
        var client = OvsdbClient.Start(Options(_ => Task.FromException<Stream>(new IOException("refused"))));
        var connection = client.ConnectionAsync(Cancellation);
        var snapshot = client.Replica.WaitForAsync(_ => true, Cancellation);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => snapshot);
    }

    private static OvsdbClientOptions Options(Func<CancellationToken, Task<Stream>> dial) =>
        new(dial, "Things", Watched, TimeProvider.System);

    private static Guid Uuid(int number) => new(number, 0, 0, new byte[8]);

    private static string Things(params int[] numbers) =>
        "{\"Thing\":{" + string.Join(",", numbers.Select(Thing)) + "}}";

    private static string Thing(int number) => $$$"""  "{{{Uuid(number)}}}":{"new":{"name":"{{{number}}}"}}  """;
}

using Alcor.Kernel.Store;
using Alcor.Storage;

namespace Alcor.Server.Tests;

/// <summary>The store fails: the caller learns that, and what it means for the request, and nothing of the inside.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task A_failed_commit_is_a_500_without_internals()
    {
        await using var broken = await StartAsync(() => new StoreException("disk full at /secret"));
        var message = (await broken.Running.PostAsync("/v2.0/networks", """{"network": {}}"""))
            .Error(500, "HTTPInternalServerError");
        Assert.Equal("Request Failed: internal server error while processing your request.", message);
    }

    [Fact]
    public async Task An_unknown_outcome_is_said_to_be_unknown()
    {
        await using var broken = await StartAsync(() => new CommitUnknownException("?", new IOException("secret")));
        var message = (await broken.Running.PostAsync("/v2.0/networks", """{"network": {}}"""))
            .Error(500, "HTTPInternalServerError");
        Assert.Contains("the outcome is unknown", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_read_is_a_500_and_the_next_request_is_served()
    {
        await using var broken = await StartAsync(() => new StoreException("?"));
        broken.Store.FailsReads = true;
        (await broken.Running.GetAsync("/v2.0/networks")).Error(500);
        (await broken.Running.GetAsync("/v2.0/networks/x")).Error(500);
        broken.Store.FailsReads = false;
        (await broken.Running.GetAsync("/v2.0/networks")).Is(200);
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_not_mistaken_for_a_whole_one()
    {
        await using var broken = await StartAsync(() => new StoreException("?"));
        broken.Store.FailsCommits = false;
        var item = $$"""{"description": "{{new string('x', 250)}}"}""";
        var items = string.Join(',', Enumerable.Repeat(item, ServerLimits.ListReadMax + 1));
        (await broken.Running.PostAsync("/v2.0/networks", $$"""{"networks": [{{items}}]}""")).Is(201);
        broken.Store.FailsSecondPortion = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => broken.Running.GetAsync("/v2.0/networks"));
    }

    private static async Task<Broken> StartAsync(Func<Exception> failure)
    {
        var store = new FailingStore(failure);
        var running = new RunningServer(RunningServer.Options with { Store = store });
        await running.InitializeAsync();
        return new Broken(running, store);
    }

    private sealed record Broken(RunningServer Running, FailingStore Store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }

    private sealed class FailingStore(Func<Exception> failure) : IStore
    {
        private readonly MemoryStore inner = new();

        public bool FailsCommits { get; set; } = true;

        public bool FailsReads { get; set; }

        public bool FailsSecondPortion { get; set; }

        public ValueTask<StoredResource?> GetAsync(ResourceKey key, CancellationToken cancellationToken) =>
            FailsReads ? throw failure() : inner.GetAsync(key, cancellationToken);

        public ValueTask<IReadOnlyList<StoredResource>> ListAsync(ListQuery query, CancellationToken cancellationToken) =>
            FailsReads || (FailsSecondPortion && query.After is not null)
                ? throw failure()
                : inner.ListAsync(query, cancellationToken);

        public ValueTask<IReadOnlyList<ResourceKey>> ReferrersAsync(
            ResourceKey target, int limit, CancellationToken cancellationToken) =>
            inner.ReferrersAsync(target, limit, cancellationToken);

        public ValueTask<PartitionSnapshot> SnapshotAsync(PartitionKey partition, CancellationToken cancellationToken) =>
            inner.SnapshotAsync(partition, cancellationToken);

        public ValueTask<PartitionChanges> ChangesAsync(
            PartitionKey partition, long after, CancellationToken cancellationToken) =>
            inner.ChangesAsync(partition, after, cancellationToken);

        public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(
            IReadOnlyList<Transaction> transactions, CancellationToken cancellationToken) =>
            FailsCommits ? throw failure() : inner.CommitAsync(transactions, cancellationToken);

        public IDisposable Subscribe(Action<PartitionRevision> onCommitted) => inner.Subscribe(onCommitted);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

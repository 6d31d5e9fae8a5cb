using Alcor.Kernel;
using Alcor.Kernel.Resources;
using Alcor.Network;
using Alcor.Storage;

namespace Alcor.Server.Tests;

/// <summary>
/// The store fails: the caller learns that, and what it means for the request, and nothing of the inside.
/// </summary>
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
        broken.Store.BeforeRead = _ => throw new StoreException("?");
        (await broken.Running.GetAsync("/v2.0/networks")).Error(500);
        (await broken.Running.GetAsync("/v2.0/networks/x")).Error(500);
        broken.Store.BeforeRead = _ => { };
        (await broken.Running.GetAsync("/v2.0/networks")).Is(200);
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_not_mistaken_for_a_whole_one()
    {
        await using var broken = await StartAsync(() => new StoreException("?"));
        broken.Store.BeforeCommit = () => Task.CompletedTask;
        var item = $$"""{"description": "{{new string('x', 250)}}"}""";
        var items = string.Join(',', Enumerable.Repeat(item, ServerLimits.ListReadMax + 1));
        (await broken.Running.PostAsync("/v2.0/networks", $$"""{"networks": [{{items}}]}""")).Is(201);
        broken.Store.BeforeRead = query =>
        {
            if (query is { After: not null })
                throw new StoreException("?");
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => broken.Running.GetAsync("/v2.0/networks"));
    }

    [Fact]
    public async Task A_full_lane_asks_to_come_again()
    {
        var gate = new TaskCompletionSource();
        await using var broken = await StartAsync(() => new StoreException("?"));
        broken.Store.BeforeCommit = () => gate.Task;
        var lanes = broken.Running.Server.Parts.Lanes;
        var commands = NetworkCatalog.Commands(new NetworkSettings())[0];
        var waiting = new List<Task>();
        for (var i = 0; i < Limits.LaneQueueMax + Limits.LaneBatchMax; i++)
        {
            var item = new NewResource(Guid.CreateVersion7().ToString(), "", Body.Empty, 0);
            waiting.Add(lanes.ExecuteAsync(commands.Create([item])));
        }
        var refused = await broken.Running.PostAsync("/v2.0/networks", """{"network": {}}""");
        refused.Error(503, "ServiceUnavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Response.Headers.RetryAfter?.Delta);
        gate.SetResult();
        await Task.WhenAll(waiting);
        (await broken.Running.PostAsync("/v2.0/networks", """{"network": {}}""")).Is(201);
    }

    private static async Task<Broken> StartAsync(Func<Exception> failure)
    {
        var store = new InterceptedStore { BeforeCommit = () => throw failure() };
        var running = new RunningServer(RunningServer.Options with { Store = store });
        await running.InitializeAsync();
        return new Broken(running, store);
    }

    private sealed record Broken(RunningServer Running, InterceptedStore Store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }
}

namespace Alcor.Dataplane;

/// <summary>
/// Has the gateways of routers looked after whenever a host comes or goes, and from time to time while it is there: the
/// hosts one after the other, each again until it succeeds. Nothing is lost with it: what it does follows from what is
/// stored, and any other dataplane may do the same.
/// </summary>
/// <remarks>Bounded by the hosts: each waits once at most.</remarks>
internal sealed class GatewayWatch : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<string> queue = new();
    private readonly HashSet<string> waiting = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly IHostFacts facts;
    private readonly DataplaneOptions options;
    private readonly TimeProvider time;
    private bool isRunning;

    public GatewayWatch(IHostFacts facts, DataplaneOptions options, TimeProvider time)
    {
        (this.facts, this.options, this.time) = (facts, options, time);
        stopped = stopping.Token;
    }

    /// <summary>Something about the host is another than before, or may be.</summary>
    public void Wake(string host)
    {
        lock (gate)
        {
            if (stopped.IsCancellationRequested)
                return;
            if (waiting.Add(host))
                queue.Enqueue(host);
            if (isRunning)
                return;
            isRunning = true;
        }
        _ = RunAsync();
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (Take() is { } host)
            {
                try
                {
                    await facts.PlaceGatewaysAsync(host, stopped);
                }
#pragma warning disable CA1031 // Whatever went wrong, the gateways have to go where they belong.
                catch (Exception) when (!stopped.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Wake(host);
                    await Task.Delay(options.RetryDelay, time, stopped);
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The process ends. The next one looks at all hosts that are gone, and at the others when they connect.
        }
    }

    private string? Take()
    {
        lock (gate)
        {
            if (stopped.IsCancellationRequested || !queue.TryDequeue(out var host))
            {
                isRunning = false;
                return null;
            }
            waiting.Remove(host);
            return host;
        }
    }
}

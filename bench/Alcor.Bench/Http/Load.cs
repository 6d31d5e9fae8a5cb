using System.Diagnostics;

namespace Alcor.Bench.Http;

/// <summary>What each of the clients sends, over and over.</summary>
/// <param name="Requests">Sent in turn; each client begins at another one.</param>
/// <param name="Status">What a success answers.</param>
/// <param name="PerRequest">Operations in one request.</param>
internal sealed record Work(IReadOnlyList<byte[]> Requests, int Status, int PerRequest, string Unit);

/// <summary>
/// A closed loop: each client has one connection, and sends its next request when the last one is answered.
/// </summary>
internal sealed class Load(ServerUnderTest server, int clients, Work work)
{
    private long succeeded;
    private long left;

    /// <summary>Operations that have succeeded so far, warm-up included.</summary>
    public long Succeeded => Interlocked.Read(ref succeeded);

    /// <summary>The body of the last answer that was not the expected one.</summary>
    public string? Failure { get; private set; }

    /// <summary>Runs for a while, and then measures.</summary>
    public async Task<Figure> MeasureAsync(
        string name, string setup, (Extent WarmUp, Extent Measured) extents, CancellationToken cancellationToken)
    {
        var connections = new List<Connection>();
        try
        {
            for (var i = 0; i < clients; i++)
                connections.Add(await Connection.OpenAsync(server.Api, cancellationToken));
            await RunAsync(connections, extents.WarmUp, cancellationToken);
            return await MeasureAsync(connections, (name, setup), extents.Measured, cancellationToken);
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    private async Task<Figure> MeasureAsync(
        List<Connection> connections,
        (string Name, string Setup) what,
        Extent extent,
        CancellationToken cancellationToken)
    {
        var (serverBefore, clientBefore) = (server.ProcessorSeconds, ProcessorTime.OfThisProcess());
        var watch = Stopwatch.StartNew();
        var runs = await RunAsync(connections, extent, cancellationToken);
        var elapsed = watch.Elapsed.TotalSeconds;
        var (serverAfter, clientAfter) = (server.ProcessorSeconds, ProcessorTime.OfThisProcess());
        var latencies = new Latencies();
        foreach (var run in runs)
            latencies.AddAll(run.Latencies);
        return new Figure(
            what.Name,
            what.Setup,
            work.Unit,
            (long)latencies.Count * work.PerRequest,
            elapsed,
            LatencyFigure.Of(latencies),
            serverAfter - serverBefore,
            clientAfter - clientBefore,
            runs.Sum(run => run.Errors),
            Failure is null ? "" : Failure[..Math.Min(Failure.Length, 200)]);
    }

    private async Task<ClientRun[]> RunAsync(
        List<Connection> connections, Extent extent, CancellationToken cancellationToken)
    {
        var end = Stopwatch.GetTimestamp() + (long)(extent.Seconds * Stopwatch.Frequency);
        Interlocked.Exchange(ref left, extent.Operations);
        return await Task.WhenAll(connections.Select((connection, client) =>
            Task.Run(() => RunClientAsync(connection, client, end, cancellationToken), cancellationToken)));
    }

    private async Task<ClientRun> RunClientAsync(
        Connection connection, int client, long end, CancellationToken cancellationToken)
    {
        var run = new ClientRun();
        var next = client;
        for (var now = Stopwatch.GetTimestamp(); now < end && Interlocked.Add(ref left, -work.PerRequest) >= 0;)
        {
            await connection.ExchangeAsync(work.Requests[next++ % work.Requests.Count], cancellationToken);
            var answered = Stopwatch.GetTimestamp();
            if (connection.Status == work.Status)
            {
                run.Latencies.Add(now, answered);
                Interlocked.Add(ref succeeded, work.PerRequest);
            }
            else
            {
                run.Errors++;
                Failure = $"{connection.Status} {System.Text.Encoding.UTF8.GetString(connection.Body.Span)}";
            }
            now = answered;
        }
        return run;
    }

    private sealed class ClientRun
    {
        public Latencies Latencies { get; } = new();

        public long Errors { get; set; }
    }
}

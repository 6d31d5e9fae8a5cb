using Alcor.Bench.Http;

namespace Alcor.Bench.Cases;

/// <summary>
/// The same load on an empty network and on one with 100,000 ports: what there is must not slow down what comes.
/// </summary>
internal static class FlatnessCase
{
    private const int Clients = 50;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var existing in new[] { 0, 100_000 })
        {
            var setup = FormattableString.Invariant($"create, {Clients} clients, {existing:N0} ports are there");
            if (!bench.Wants(setup))
                continue;
            var database = bench.NewFile("flatness");
            try
            {
                await using var server = await ServerUnderTest.StartAsync(
                    database, "http://127.0.0.1:0", cancellationToken);
                using var api = await Api.OpenAsync(server, cancellationToken);
                var network = await api.CreateNetworkAsync("flat", cancellationToken);
                await Population.AddAsync(api, network, existing, cancellationToken);
                var load = new Load(server, Clients, PortRequests.Create([network], perRequest: 1, host: ""));
                var figure = await load.MeasureAsync(
                    "flatness", setup, (bench.WarmUpSeconds, bench.Seconds), cancellationToken);
                var fault = await api.FindFaultAsync(existing + load.Succeeded, cancellationToken);
                bench.Report.Add(HttpCase.Checked(figure, fault));
            }
            finally
            {
                Workbench.Remove(database);
            }
        }
    }
}

using Alcor.Bench.Http;

namespace Alcor.Bench.Cases;

/// <summary>
/// The same load on an empty network and on one with 100,000 ports: what there is must not slow down what comes.
/// </summary>
internal static class FlatnessCase
{
    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var existing in new[] { 0, 100_000 })
        {
            var wanted = new[] { 1, 50 }
                .Select(clients => (Clients: clients, Setup: Describe(clients, existing)))
                .Where(one => bench.Wants(one.Setup))
                .ToList();
            if (wanted.Count == 0)
                continue;
            var database = bench.NewFile("flatness");
            try
            {
                await using var server = await ServerUnderTest.StartAsync(
                    database, "http://127.0.0.1:0", cancellationToken);
                using var api = await Api.OpenAsync(server, cancellationToken);
                var network = await api.CreateNetworkAsync("flat", cancellationToken);
                await Population.AddAsync(api, network, existing, cancellationToken);
                long there = existing;
                foreach (var (clients, setup) in wanted)
                {
                    var load = new Load(server, clients, PortRequests.Create([network], perRequest: 1, host: ""));
                    var figure = await load.MeasureAsync("flatness", setup, bench.Extents, cancellationToken);
                    there += load.Succeeded;
                    using var checking = await Api.OpenAsync(server, cancellationToken);
                    var fault = await checking.FindFaultAsync(there, cancellationToken);
                    bench.Report.Add(HttpCase.Checked(figure, fault));
                }
            }
            finally
            {
                Workbench.Remove(database);
            }
        }
    }

    private static string Describe(int clients, int existing) => FormattableString.Invariant(
        $"create, {clients} client{(clients == 1 ? "" : "s")}, {existing:N0} ports are there");
}

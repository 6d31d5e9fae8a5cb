using Alcor.Bench.Http;

namespace Alcor.Bench.Cases;

/// <summary>Lists of ports among 1,000 and 5,000, half of them in each of two networks, ten of each device.</summary>
internal static class ListCase
{
    private const int Clients = 4;
    private const int PortsOfDevice = 10;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var ports in new[] { 1_000, 5_000 })
            await RunAsync(bench, ports, cancellationToken);
    }

    private static async Task RunAsync(Workbench bench, int ports, CancellationToken cancellationToken)
    {
        var wanted = new[] { "all", "a page of 100", "by network", "by network and status", "by fixed IP", "by device" }
            .Select(what => (What: what, Setup: FormattableString.Invariant($"list {ports:N0} ports, {what}")))
            .Where(one => bench.Wants(one.Setup))
            .ToList();
        if (wanted.Count == 0)
            return;
        var database = bench.NewFile("lists");
        try
        {
            await using var server = await ServerUnderTest.StartAsync(
                database, "http://127.0.0.1:0", cancellationToken);
            using var api = await Api.OpenAsync(server, cancellationToken);
            var networks = await api.CreateNetworksAsync(2, cancellationToken);
            foreach (var network in networks)
                await AddAsync(api, network, ports / networks.Count, cancellationToken);
            foreach (var (what, setup) in wanted)
            {
                var work = new Work([.. Queries(what, networks[0], ports).Select(Get)], 200, 1, "lists");
                bench.Report.Add(await new Load(server, Clients, work).MeasureAsync(
                    "lists", setup, bench.Extents, cancellationToken));
            }
        }
        finally
        {
            Workbench.Remove(database);
        }
    }

    private static byte[] Get(string query) => Connection.Request("GET", $"/v2.0/ports{query}");

    /// <summary>The same question about one thing after the other.</summary>
    private static IEnumerable<string> Queries(string what, string network, int ports) => what switch
    {
        "all" => [""],
        "a page of 100" => ["?limit=100"],
        "by network" => [$"?network_id={network}"],
        "by network and status" => [$"?network_id={network}&status=DOWN"],
        "by fixed IP" => Enumerable.Range(2, 200).Select(host => $"?fixed_ips=ip_address%3D10.0.0.{host}"),
        _ => Enumerable.Range(0, ports / 2 / PortsOfDevice).Select(device => $"?device_id={Device(network, device)}"),
    };

    private static async Task AddAsync(Api api, string network, int ports, CancellationToken cancellationToken)
    {
        var items = Enumerable.Range(0, ports).Select(i =>
            $$"""{"network_id":"{{network}}","name":"web","device_id":"{{Device(network, i / PortsOfDevice)}}"}""");
        foreach (var some in items.Chunk(500))
        {
            await api.SendAsync(
                "POST", "/v2.0/ports", $$"""{"ports":[{{string.Join(',', some)}}]}""", cancellationToken);
        }
    }

    private static string Device(string network, int number) =>
        FormattableString.Invariant($"{network[..24]}{number:x12}");
}

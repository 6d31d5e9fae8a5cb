using Alcor.Bench.Hosts;
using Alcor.Bench.Http;

namespace Alcor.Bench.Cases;

/// <summary>
/// Ports created, shown and listed over HTTP, durable; the server is another process on this machine.
/// </summary>
internal static class HttpCase
{
    private const int ListedPorts = 10_000;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        foreach (var clients in new[] { 1, 10, 50 })
            await CreateAsync(
                bench, new CreateSetup(clients, PerRequest: 1, Networks: 1, Bound: false), cancellationToken);
        await CreateAsync(
            bench, new CreateSetup(Clients: 50, PerRequest: 1, Networks: 10, Bound: false), cancellationToken);
        await CreateAsync(
            bench, new CreateSetup(Clients: 50, PerRequest: 1, Networks: 1, Bound: true), cancellationToken);
        foreach (var clients in new[] { 1, 4, 10 })
            await CreateAsync(
                bench, new CreateSetup(clients, PerRequest: 100, Networks: 1, Bound: false), cancellationToken);
        await CreateAsync(
            bench, new CreateSetup(Clients: 4, PerRequest: 100, Networks: 10, Bound: false), cancellationToken);
        await CreateAsync(
            bench, new CreateSetup(Clients: 4, PerRequest: 100, Networks: 1, Bound: true), cancellationToken);
        // Only a member is held to quotas and policies, and needs the network shared.
        if (Connection.Identity.Length > 0)
        {
            foreach (var (clients, perRequest) in new[] { (1, 1), (50, 1), (4, 100) })
                await CreateAsync(
                    bench,
                    new CreateSetup(clients, perRequest, Networks: 1, Bound: false) { Shared = true },
                    cancellationToken);
        }
        await ReadAsync(bench, cancellationToken);
    }

    private static async Task CreateAsync(Workbench bench, CreateSetup setup, CancellationToken cancellationToken)
    {
        if (!bench.Wants(setup.ToString()))
            return;
        var database = bench.NewFile("http");
        try
        {
            await using var server = await ServerUnderTest.StartAsync(
                database, "http://127.0.0.1:0", cancellationToken);
            using var api = await Api.OpenAsync(server, cancellationToken);
            var networks = setup.Shared
                ? await ShareNetworkAsync(server, cancellationToken)
                : await api.CreateNetworksAsync(setup.Networks, cancellationToken);
            var host = "";
            if (setup.Bound)
            {
                // A host that is known but away: the ports are bound, and nobody answers for them. With one that
                // answers, see fanout.
                await using var known = await FakeHost.ConnectAsync(server.Southbound, 1, cancellationToken);
                host = known.Name;
            }
            var work = PortRequests.Create(networks, setup.PerRequest, host);
            var load = new Load(server, setup.Clients, work);
            var figure = await load.MeasureAsync(
                "http", setup.ToString(), bench.Extents, cancellationToken);
            // On a connection of its own: an idle one is closed, and the load may have taken longer than that.
            using var checking = await Api.OpenAsync(server, cancellationToken);
            bench.Report.Add(Checked(figure, await checking.FindFaultAsync(load.Succeeded, cancellationToken)));
        }
        finally
        {
            Workbench.Remove(database);
        }
    }

    private static async Task<IReadOnlyList<string>> ShareNetworkAsync(
        ServerUnderTest server, CancellationToken cancellationToken)
    {
        using var administrator = await Api.OpenAsync(server, cancellationToken, identity: "");
        var network = await administrator.CreateNetworkAsync("shared", cancellationToken);
        await administrator.ShareNetworkAsync(network, Connection.MemberProject, cancellationToken);
        return [network];
    }

    private static async Task ReadAsync(Workbench bench, CancellationToken cancellationToken)
    {
        const string one = "show a port, 1 client";
        const string show = "show a port, 10 clients";
        const string page = "list a page of 100 of 10,000, 4 clients";
        if (!bench.Wants(one) && !bench.Wants(show) && !bench.Wants(page))
            return;
        var database = bench.NewFile("http");
        try
        {
            await using var server = await ServerUnderTest.StartAsync(
                database, "http://127.0.0.1:0", cancellationToken);
            using var api = await Api.OpenAsync(server, cancellationToken);
            var ids = await Population.CreateAsync(api, ListedPorts, cancellationToken);
            var extents = bench.Extents;
            var shows = new Work(
                [.. ids.Take(1_000).Select(id => Connection.Request("GET", $"/v2.0/ports/{id}"))], 200, 1, "requests");
            var pages = new Work(
                [
                    .. ids.Chunk(100).Select(
                        some => Connection.Request("GET", $"/v2.0/ports?limit=100&marker={some[0]}")),
                ],
                200, 1, "pages");
            if (bench.Wants(one))
                bench.Report.Add(
                    await new Load(server, 1, shows).MeasureAsync("http", one, extents, cancellationToken));
            if (bench.Wants(show))
                bench.Report.Add(
                    await new Load(server, 10, shows).MeasureAsync("http", show, extents, cancellationToken));
            if (bench.Wants(page))
                bench.Report.Add(
                    await new Load(server, 4, pages).MeasureAsync("http", page, extents, cancellationToken));
        }
        finally
        {
            Workbench.Remove(database);
        }
    }

    /// <summary>A fault of what is in the store afterwards counts as an error.</summary>
    public static Figure Checked(Figure figure, string? fault) =>
        fault is null ? figure : figure with { Errors = figure.Errors + 1, Note = fault };

    private sealed record CreateSetup(int Clients, int PerRequest, int Networks, bool Bound)
    {
        /// <summary>The network is the administrator's, shared with who asks by an RBAC policy.</summary>
        public bool Shared { get; init; }

        public override string ToString() =>
            (PerRequest == 1 ? "create" : $"create {PerRequest} in one request")
            + (Bound ? " bound" : "")
            + $", {Clients} client{(Clients == 1 ? "" : "s")}, {Networks} {(Shared ? "shared " : "")}network"
            + (Networks == 1 ? "" : "s");
    }
}

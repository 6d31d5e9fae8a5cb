namespace Alcor.Lab;

/// <param name="Executable">The path of the built "alcor".</param>
public sealed record RegionOptions(string Executable)
{
    /// <summary>Where the API listens; null for port 9696 of the lab's ServerAddress, which no other lab has.</summary>
    public string? Listen { get; init; }

    /// <summary>What the hosts are called in binding:host_id, in order; those of the lab if empty.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>More arguments for "alcor serve".</summary>
    public IReadOnlyList<string> ServeArguments { get; init; } = [];

    /// <summary>More arguments for "alcor agent".</summary>
    public IReadOnlyList<string> AgentArguments { get; init; } = [];
}

/// <summary>
/// The product on a lab: "alcor serve" on a database file in the root namespace, and "alcor agent" on every host, as
/// processes that end with the lab and not with this process. Each can be ended and started again.
/// </summary>
public sealed class Region : IDisposable
{
    private const int SouthboundPort = 9697;
    private readonly RegionOptions _options;
    private Daemon? _server;
    private Daemon? _relay;

    private Region(LabTopology lab, RegionOptions options)
    {
        _options = options;
        Lab = lab;
        Listen = options.Listen ?? $"http://{lab.ServerAddress}:9696";
        Api = new NetworkingClient(new Uri(Listen));
        Hosts = [.. lab.Hosts.Select((host, i) => new RegionHost(this, host, options.HostNames.ElementAtOrDefault(i)))];
    }

    public LabTopology Lab { get; }

    public NetworkingClient Api { get; }

    public IReadOnlyList<RegionHost> Hosts { get; }

    public string Listen { get; }

    /// <summary>Where agents dial.</summary>
    public string Southbound => $"http://{Lab.ServerAddress}:{SouthboundPort}";

    public string Database => Path.Combine(Lab.Directory, "alcor.db");

    public string ServerLog => Path.Combine(Lab.Directory, "serve.log");

    /// <summary>Starts the server, waits until it answers, and starts the agents.</summary>
    public static async Task<Region> StartAsync(
        LabTopology lab, RegionOptions options, CancellationToken cancellationToken)
    {
        var region = new Region(lab, options);
        foreach (var host in region.Hosts)
            host.StartAgent();
        await region.StartServerAsync(cancellationToken);
        return region;
    }

    /// <summary>Starts "alcor serve" and waits until it answers.</summary>
    public Task StartServerAsync(CancellationToken cancellationToken) => StartAsync([], cancellationToken);

    /// <summary>Starts the API and the relay to the hosts as two processes, which meet in the database.</summary>
    public async Task StartApartAsync(CancellationToken cancellationToken)
    {
        await StartAsync(["--roles", "api"], cancellationToken);
        StartRelay();
    }

    public void StartRelay() => _relay = Serve("relay", ["--roles", "dataplane"]);

    /// <summary>Ends the relay by SIGKILL, as a crash does; the API goes on.</summary>
    public Task KillRelayAsync() => _relay!.KillAsync();

    private Daemon Serve(string name, string[] roles) => Lab.Start(name, new CommandLine(_options.Executable, [
        "serve", "--listen", Listen, "--southbound", Southbound, "--database", Database, .. roles,
        .. _options.ServeArguments]));

    private async Task StartAsync(string[] roles, CancellationToken cancellationToken)
    {
        _server = Serve("serve", roles);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await Api.AnswersAsync(limit.Token))
        {
            _server.RequireRunning();
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        }
    }

    /// <summary>Ends the server by SIGTERM, as an upgrade does.</summary>
    public Task StopServerAsync() => _server!.StopAsync();

    /// <summary>Ends the server by SIGKILL, as a crash does.</summary>
    public Task KillServerAsync() => _server!.KillAsync();

    public void Dispose() => Api.Dispose();

    internal Daemon StartAgent(RegionHost host) =>
        host.Lab.Start("agent", _options.Executable, ["agent", "--dataplane", Southbound, "--host", host.Name,
            "--tunnel-address", $"{host.Lab.TunnelAddress}", "--run-directory", host.Lab.Switch.Directory,
            "--datapath-type", "netdev", "--bridge", LabHost.IntegrationBridge,
            "--service-namespace", $"{host.Lab.Namespace.Name}-svc", .. _options.AgentArguments]);
}

/// <summary>A host of a region, with its agent.</summary>
public sealed class RegionHost
{
    private readonly Region _region;
    private Daemon? _agent;

    internal RegionHost(Region region, LabHost lab, string? name)
    {
        _region = region;
        Lab = lab;
        Name = name ?? lab.Name;
    }

    /// <summary>What it is called in binding:host_id.</summary>
    public string Name { get; }

    public LabHost Lab { get; }

    public string AgentLog => Path.Combine(Lab.Switch.Directory, "agent.log");

    public void StartAgent() => _agent = _region.StartAgent(this);

    /// <summary>Ends the agent by SIGTERM, as an upgrade does.</summary>
    public Task StopAgentAsync() => _agent!.StopAsync();

    /// <summary>Ends the agent by SIGKILL, as a crash does.</summary>
    public Task KillAgentAsync() => _agent!.KillAsync();

    /// <summary>Creates a virtual machine that holds a port, and plugs it in this host's switch.</summary>
    public Task<VirtualMachine> BootAsync(string name, NetworkingPort port, CancellationToken cancellationToken) =>
        Lab.AddMachineAsync(new VirtualMachineOptions(name, port.Id, port.MacAddress), cancellationToken);
}

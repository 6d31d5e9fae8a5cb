namespace Alcor.System.Tests.Scenarios;

/// <summary>What there is, what is done, and who reaches whom, as data.</summary>
/// <param name="Name">A sentence that is true when the scenario passes.</param>
internal sealed record Scenario(string Name)
{
    /// <summary>Security groups, which let everything out as they come, and nothing in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public required IReadOnlyList<Place> Machines { get; init; }

    /// <summary>Networks that each router joins.</summary>
    public IReadOnlyList<(string Router, string[] Networks)> Routers { get; init; } = [];

    public required IReadOnlyList<Step> Steps { get; init; }

    public override string ToString() => Name;
}

/// <summary>A machine on a host, by its number from 0.</summary>
/// <param name="Groups">Those of its port; none: the default group of its project.</param>
internal sealed record Place(string Name, int Host, params string[] Groups)
{
    /// <summary>Networks come into being by being named here.</summary>
    public string Network { get; init; } = "red";

    public bool IsUnprotected { get; init; }

    /// <summary>Another machine whose address it is allowed to send from; null: nobody's.</summary>
    public string? MayBe { get; init; }
}

/// <summary>What machines offer, and others ask for.</summary>
internal sealed record Service(ServiceKind Kind, int Port = 0)
{
    public static readonly Service Ping = new(ServiceKind.Ping);

    public static Service Tcp(int port) => new(ServiceKind.Tcp, port);

    public static Service Udp(int port) => new(ServiceKind.Udp, port);

    public static Service Http(int port) => new(ServiceKind.Http, port);

    public static Service Throughput(int port) => new(ServiceKind.Throughput, port);

    public override string ToString() => Port == 0 ? $"{Kind}" : $"{Kind} {Port}";
}

/// <summary>One thing that is done or has to be so: one of the records of this file.</summary>
internal abstract record Step;

/// <summary>A rule is added to a group.</summary>
/// <param name="Service">Null: everything.</param>
internal sealed record Allow(string Rule, string Group, Service? Service = null) : Step
{
    /// <summary>A machine, or a prefix; null: anybody.</summary>
    public string? Remote { get; init; }

    public string? RemoteGroup { get; init; }

    public override string ToString() =>
        $"{Group} lets {Remote ?? RemoteGroup ?? "everybody"} use {Service?.ToString() ?? "everything"} ({Rule})";
}

/// <summary>A rule is removed: one that was added, or group/direction for those that every group comes with.</summary>
internal sealed record Revoke(string Rule) : Step
{
    public override string ToString() => $"rule {Rule} ends";
}

/// <summary>A machine leaves its groups for others.</summary>
internal sealed record Put(string Machine, params string[] Groups) : Step
{
    public override string ToString() => $"{Machine} is in {string.Join(", ", Groups)} now";
}

/// <summary>A machine asks for its address by DHCP again, and gets the same.</summary>
internal sealed record Lease(string Machine) : Step
{
    public override string ToString() => $"{Machine} gets its address again";
}

/// <summary>Sooner or later, one machine reaches the other.</summary>
internal sealed record Reach(string From, string To, Service Service) : Step
{
    /// <summary>The machine whose address it sends from, by UDP alone; null: its own.</summary>
    public string? As { get; init; }

    public override string ToString() => $"{From} reaches {To} by {Service}{(As is null ? "" : $" as {As}")}";
}

/// <summary>Sooner or later, one machine does not reach the other any more.</summary>
internal sealed record Miss(string From, string To, Service Service) : Step
{
    /// <inheritdoc cref="Reach.As"/>
    public string? As { get; init; }

    public override string ToString() => $"{From} does not reach {To} by {Service}{(As is null ? "" : $" as {As}")}";
}

/// <summary>A TCP connection begins, and something is said and echoed in it all the time.</summary>
internal sealed record Hold(string Connection, string From, string To, int Port) : Step
{
    public override string ToString() => $"{From} keeps a connection to port {Port} of {To} ({Connection})";
}

/// <summary>The connection goes on.</summary>
internal sealed record Flows(string Connection) : Step
{
    public override string ToString() => $"{Connection} goes on";
}

/// <summary>Sooner or later, nothing comes back in the connection any more.</summary>
internal sealed record Stalls(string Connection) : Step
{
    public override string ToString() => $"{Connection} is cut";
}

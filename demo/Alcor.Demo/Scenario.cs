using System.Text.Json.Nodes;

namespace Alcor.Demo;

/// <summary>The story of the demonstration, the same on every stage: a network, three machines, every ping.</summary>
internal sealed class Scenario(IStage stage, Report report, TimeProvider time)
{
    private const int PingsPerPair = 5;

    // A first ping that stays without an answer is sent again, so often.
    private const int FirstPingsMax = 10;

    /// <returns>Whether every ping of every machine was answered.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var network = await CreateNetworkAsync(cancellationToken);
        var hosts = stage.Hosts;
        (string Name, string Host)[] places = [("vm1", hosts[0]), ("vm2", hosts[0]), ("vm3", hosts[1])];
        var booted = await Task.WhenAll(places.Select(
            place => BootAsync(network, place.Name, place.Host, cancellationToken)));
        report.Step("each machine has an address by DHCP: " + string.Join(", ", booted.Select(b => b.Times.Address)));
        for (var i = 0; i < booted.Length; i++)
            booted[i] = await FirstPingAsync(booted[i], booted[^(i + 1 == booted.Length ? 2 : 1)], cancellationToken);
        var pings = new List<PingOutcome>();
        foreach (var from in booted)
        {
            foreach (var to in booted.Where(other => other != from))
            {
                var echoes = await from.Machine.PingAsync(to.Times.Address, PingsPerPair, cancellationToken);
                pings.Add(new PingOutcome(from.Times, to.Times, echoes));
            }
        }

        report.Step($"every machine has pinged every other {PingsPerPair} times");
        report.Ports(booted.Select(b => b.Times));
        report.Pings(pings);
        return pings.TrueForAll(ping => ping.Echoes.Lost == 0);
    }

    private async Task<string> CreateNetworkAsync(CancellationToken cancellationToken)
    {
        var network = await stage.Api.CreateAsync("networks", new JsonObject { ["name"] = "demo" }, cancellationToken);
        var id = (string)network["id"]!;
        var subnet = new JsonObject
        {
            ["network_id"] = id,
            ["name"] = "demo",
            ["ip_version"] = 4,
            ["cidr"] = "10.0.0.0/24",
        };
        await stage.Api.CreateAsync("subnets", subnet, cancellationToken);
        report.Step("network demo with the subnet 10.0.0.0/24 is there");
        return id;
    }

    private async Task<Booted> BootAsync(
        string network, string name, string host, CancellationToken cancellationToken)
    {
        var attributes = new JsonObject { ["network_id"] = network, ["name"] = name, ["binding:host_id"] = host };
        var port = await stage.Api.CreatePortAsync(attributes, cancellationToken);
        var accepted = time.GetTimestamp();
        report.Step($"port {name} was accepted for {host}: {port.Address}, {port.MacAddress}, {port.Status}");
        var machine = await stage.PlugAsync(name, host, port, cancellationToken);
        var plugged = time.GetElapsedTime(accepted);
        // As Nova does: a machine starts when its port is ACTIVE, and then its first question must be answered.
        await stage.Api.WaitForPortAsync(port.Id, "ACTIVE", cancellationToken);
        var active = time.GetElapsedTime(accepted);
        var address = await machine.LeaseAsync(cancellationToken);
        var lease = time.GetElapsedTime(accepted);
        if (address != port.Address)
            throw new DemoFailedException($"{name} was given {address} by DHCP, and its port has {port.Address}");
        var times = new PortTimes(name, host, address) { Plugged = plugged, Active = active, Lease = lease };
        return new Booted(machine, times, accepted);
    }

    private async Task<Booted> FirstPingAsync(Booted source, Booted target, CancellationToken cancellationToken)
    {
        for (var i = 0; i < FirstPingsMax; i++)
        {
            var echoes = await source.Machine.PingAsync(target.Times.Address, 1, cancellationToken);
            if (echoes.Received > 0)
                return source with { Times = source.Times with { FirstPing = time.GetElapsedTime(source.Accepted) } };
        }

        return source;
    }

    private sealed record Booted(IMachine Machine, PortTimes Times, long Accepted);
}

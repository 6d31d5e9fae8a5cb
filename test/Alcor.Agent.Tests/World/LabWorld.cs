using Alcor.Lab;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.World;

/// <summary>Hosts of the lab with an agent each, which are told the same but for their own ports.</summary>
internal sealed class LabWorld : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private readonly List<LabAgent> _agents = [];
    private readonly Dictionary<string, ulong> _revisions = [];

    private LabWorld(LabTopology lab) => Lab = lab;

    public LabTopology Lab { get; }

    public IReadOnlyList<LabAgent> Agents => _agents;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="word">Begins the names of the lab, at most three letters.</param>
    public static async Task<LabWorld> StartAsync(string word, int hosts)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync(word);
        return new LabWorld(await LabTopology.StartAsync(LabTopologyOptions.ForTest(word, hosts), Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        await Lab.DisposeAsync();
    }

    /// <summary>Starts the agents of all hosts.</summary>
    public async Task StartAgentsAsync(params string[] physicalNetworks)
    {
        foreach (var host in Lab.Hosts)
            _agents.Add(new LabAgent(host, physicalNetworks));
        foreach (var agent in _agents)
            await agent.ConnectedAsync();
    }

    /// <summary>Starts the agents of all hosts, which lead to a network outside: "physnet1" to them.</summary>
    /// <param name="address">Of the machine outside, with its prefix length.</param>
    public async Task<ExternalNetwork> StartWithOutsideAsync(string address, int vlan = 0)
    {
        var external = await ExternalNetwork.CreateAsync(Lab, address, vlan);
        foreach (var host in Lab.Hosts)
            await external.JoinAsync(host);
        await StartAgentsAsync("physnet1");
        return external;
    }

    public string Tunnel(int host) => Lab.Hosts[host].TunnelAddress.ToString();

    /// <summary>A machine with the id and MAC address of a port, and addresses set by hand.</summary>
    /// <param name="addresses">Each with its prefix length, and the gateway if any: "10.0.0.5/24 10.0.0.1".</param>
    public async Task<VirtualMachine> PlugAsync(int host, int port, params string[] addresses)
    {
        var machine = await Lab.Hosts[host].AddMachineAsync(
            new VirtualMachineOptions($"vm{port}", Say.Id(port).ToString("D"), Say.MacOf(port).ToString()),
            Cancellation);
        foreach (var text in addresses.Select(address => address.Split(' ')))
            await machine.SetAddressAsync(text[0], text.ElementAtOrDefault(1));
        return machine;
    }

    /// <summary>Tells every host a partition, and each its own ports; waits until all is in the switches.</summary>
    public async Task SayAsync((int Host, Entry Port)[] ports, params (string Partition, Entry[] Entries)[] partitions)
    {
        for (var host = 0; host < _agents.Count; host++)
        {
            var own = ports.Where(port => port.Host == host).Select(port => port.Port).ToArray();
            _agents[host].Dataplane.Say([
                .. partitions.Select(said => Say.Snapshot(said.Partition, 1, said.Entries)),
                Say.Snapshot(Say.HostPartition, 1, own), Say.Synchronized(),
            ]);
        }
        foreach (var partition in partitions.Select(said => said.Partition).Append(Say.HostPartition))
        {
            _revisions[partition] = 1;
            await AppliedAsync(partition);
        }
    }

    /// <summary>Tells every host a change of a partition; waits until it is in the switches.</summary>
    public async Task ChangeAsync(string partition, params Entry[] entries)
    {
        var from = _revisions[partition]++;
        foreach (var agent in _agents)
            agent.Dataplane.Say(Say.Difference(partition, from, from + 1, entries));
        await AppliedAsync(partition);
    }

    /// <summary>What the switches say they have equals what was written, and nothing was refused.</summary>
    public async Task RequireNoDriftAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.All(_agents, agent => Assert.True(
            agent.Status is { Drift: 0, FlowsRefused: 0 }, $"{agent.Status}\n{string.Join('\n', agent.Log.Lines)}"));
    }

    private async Task AppliedAsync(string partition)
    {
        foreach (var agent in _agents)
        {
            await agent.AppliedAsync(partition, _revisions[partition]);
            await agent.EventuallyAsync(() => agent.Dataplane.Acks.Last(ack => ack.Partition == partition)
                .Results.All(result => result.State == EntryState.Applied));
        }
    }
}

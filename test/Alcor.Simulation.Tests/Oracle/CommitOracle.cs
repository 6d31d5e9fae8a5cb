using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>
/// Sees every commit in its order, and holds the store to what it promises, from the resources alone.
/// </summary>
internal sealed class CommitOracle(Simulation world, Oracle oracle)
{
    private readonly Dictionary<ResourceKey, Stamped<object>> _resources = [];
    private readonly Dictionary<(string Space, string Number), ResourceKey> _owners = [];

    private readonly HashSet<ResourceKey> _portsSeen = [];

    public History History { get; } = new();

    public int PortsEverSeen => _portsSeen.Count;

    public IEnumerable<T> All<T>()
        where T : class => _resources.Values.Select(stamped => stamped.Value).OfType<T>();

    public T? Find<T>(ResourceType<T> type, string id)
        where T : class => _resources.TryGetValue(type.Key(id), out var found) ? (T)found.Value : null;

    public Stamped<object>? Find(ResourceKey key) => _resources.TryGetValue(key, out var found) ? found : null;

    public void OnCommitted(Transaction transaction, CommitResult.Committed committed)
    {
        var revisions = committed.Revisions.ToDictionary(one => one.Partition, one => one.Revision);
        foreach (var (partition, revision) in revisions)
        {
            world.Trace.Write($"commit {partition}@{revision}");
            oracle.Require(revision == History.Last(partition) + 1, "revisions of a partition are gapless",
                $"{partition} went from {History.Last(partition)} to {revision}");
        }
        var changes = transaction.Writes.Select(write => (write, Before: Find(write.Key),
            After: Decode(write))).ToList();
        var deleted = changes.Where(change => change.After is null).Select(change => change.write.Key).ToHashSet();
        foreach (var (write, before, _) in changes)
            Release(write.Key, before?.Value);
        foreach (var (write, before, after) in changes)
        {
            Put(write.Key, after, revisions[write.Partition]);
            oracle.Operations.OnCommitted(write.Key, before, after, revisions[write.Partition], deleted);
        }
        foreach (var byPartition in changes.GroupBy(change => change.write.Partition))
            History.Add(byPartition.Key, byPartition.Select(change => (change.write.Key, change.After)));
        foreach (var (write, before, after) in changes)
        {
            CheckReferences(write.Key, before?.Value, after);
            if (after is Port port && port.Status != (before?.Value as Port)?.Status)
                world.Trace.Write($"port {port.Id} generation {port.Generation} on '{port.HostId}' is {port.Status}");
            if (after is Port { Status: PortStatus.Active } active)
                oracle.Switches.OnActive(active, before?.Value as Port);
        }
    }

    private static object? Decode(Write write) =>
        write.Value is { } value ? NetworkCatalog.Types[write.Key.Type].Decode(value) : null;

    private void Release(ResourceKey key, object? value)
    {
        foreach (var number in NumbersOf(value))
        {
            if (_owners.TryGetValue(number, out var owner) && owner == key)
                _owners.Remove(number);
        }
    }

    private void Put(ResourceKey key, object? value, long revision)
    {
        if (value is null)
            _resources.Remove(key);
        else
            _resources[key] = new Stamped<object>(value, revision);
        if (value is Port)
            _portsSeen.Add(key);
        foreach (var number in NumbersOf(value))
        {
            if (!_owners.TryAdd(number, key))
            {
                oracle.Violate("an address, a MAC address and a segmentation id have one owner",
                    $"{number} belongs to {_owners[number]} and to {key}");
            }
        }
    }

    private static IEnumerable<(string Space, string Number)> NumbersOf(object? value) => value switch
    {
        Port port => port.FixedIps.Select(ip => (ip.SubnetId, ip.IpAddress.ToString()))
            .Append(($"mac of {port.NetworkId}", port.MacAddress.ToString())),
        NetworkResource network => network.Segments.Select(s => ("segmentation id", $"{s.SegmentationId}")),
        _ => [],
    };

    private void CheckReferences(ResourceKey key, object? before, object? after)
    {
        const string rule = "references hold";
        switch (after ?? before)
        {
            case Port port:
                CheckBinding(port.Id, port.HostId);
                if (before is Port earlier)
                    CheckBinding(port.Id, earlier.HostId);
                var network = Find(NetworkResource.Type, port.NetworkId);
                oracle.Require(after is null || network is not null, rule, $"{key} is in no network");
                foreach (var ip in port.FixedIps)
                {
                    var subnet = Find(Subnet.Type, ip.SubnetId);
                    oracle.Require(after is null || subnet?.NetworkId == port.NetworkId, rule,
                        $"{key} is in no subnet");
                }
                break;
            case Subnet subnet:
                var lists = Find(NetworkResource.Type, subnet.NetworkId)?.SubnetIds.Contains(subnet.Id) ?? false;
                oracle.Require(lists == after is not null, rule,
                    $"{key} is {(lists ? "" : "not ")}listed by its network");
                oracle.Require(after is not null || !All<Port>().Any(IsIn(subnet)), rule,
                    $"{key} is gone from under ports");
                break;
            case NetworkResource gone when after is null:
                oracle.Require(!All<Port>().Any(port => port.NetworkId == gone.Id), rule,
                    $"{key} is gone from under ports");
                oracle.Require(!All<Subnet>().Any(s => s.NetworkId == gone.Id), rule,
                    $"{key} is gone from under subnets");
                break;
            case Binding binding:
                CheckBinding(binding.PortId, binding.HostId);
                break;
        }
    }

    private static Func<Port, bool> IsIn(Subnet subnet) => port => port.FixedIps.Any(ip => ip.SubnetId == subnet.Id);

    private void CheckBinding(string portId, string host)
    {
        var port = Find(Port.Type, portId);
        var of = port is null ? null : Binding.AllOf(port).SingleOrDefault(binding => binding.HostId == host);
        var expected = of is null ? "none" : Describe(of);
        var actual = Find(Binding.Type, $"{portId}@{host}") is { } binding ? Describe(binding) : "none";
        oracle.Require(expected == actual, "a binding exists exactly while its port is bound, and says the same",
            $"port {portId} on {host} asks for {expected}, there is {actual}");
    }

    private static string Describe(Binding binding) =>
        $"{binding.NetworkId} {binding.AdminStateUp} {binding.MacAddress} {binding.Generation} "
        + string.Join(' ', binding.FixedIps.Select(ip => $"{ip.SubnetId}:{ip.IpAddress}"));
}

using Alcor.Agent.Desired;
using Alcor.Agent.Tracing;
using Alcor.GoalState;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.AddressGroups;
using Alcor.Network.FloatingIps;
using Alcor.Network.NetworkAcls;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.SecurityGroups;
using Alcor.Protocol.V1;

namespace Alcor.Server.Tracing;

/// <summary>What hosts must know, read from the store: each partition once, with the names of what it holds.</summary>
/// <param name="project">Who asks: what others have is not named to them. Null: an administrator.</param>
internal sealed class KnownPartitions(IStore store, Catalog catalog, string? project)
{
    private readonly Dictionary<PartitionKey, GoalTable> tables = [];
    private readonly Dictionary<Guid, string> names = [];
    private readonly HashSet<Guid> visible = [];

    public TraceNames Names => new(names, project is null ? null : visible);

    /// <summary>Takes note that a resource is seen by whoever asks, though it is another's.</summary>
    public void Show(string id) => visible.Add(Guid.ParseExact(id, "D"));

    /// <summary>All that a host must know, as the dataplane would tell it.</summary>
    public async Task<DesiredState> OfHostAsync(string host, CancellationToken cancellationToken)
    {
        var own = PartitionKey.Host(host);
        await ReadAsync(own, cancellationToken);
        SortedSet<PartitionKey> interest;
        var unread = new List<PartitionKey>();
        do
        {
            unread.Clear();
            interest = Interest.Of(own, partition => tables.TryGetValue(partition, out var table)
                ? table.Leads.Partitions
                : []);
            unread.AddRange(interest.Where(partition => !tables.ContainsKey(partition)));
            foreach (var partition in unread)
                await ReadAsync(partition, cancellationToken);
        }
        while (unread.Count > 0);
        return interest.Append(own).Select(partition => UpdateOf(tables[partition]))
            .Aggregate(DesiredState.Empty, (state, update) => state.Apply(update).State);
    }

    private async Task ReadAsync(PartitionKey partition, CancellationToken cancellationToken)
    {
        if (tables.ContainsKey(partition))
            return;
        var snapshot = await store.SnapshotAsync(partition, cancellationToken);
        tables[partition] = GoalTable.Of(snapshot, catalog);
        foreach (var resource in snapshot.Resources)
        {
            if (!Guid.TryParseExact(resource.Key.Id, "D", out var id))
                continue;
            var type = catalog[resource.Key.Type];
            var value = type.Decode(resource.Value);
            if (NameOf(value) is { Length: > 0 } name)
                names[id] = name;
            if (project is not null && type.IsVisible(value, project))
                visible.Add(id);
        }
    }

    private static PartitionUpdate UpdateOf(GoalTable table) => DataplaneMessage.Parser.ParseFrom(
        UpdateMessage.Piece(table.Partition, table.Revision, last: true, [.. table.Entries.Values])).Update;

    private static string NameOf(object resource) => resource switch
    {
        Network.Networks.Network network => network.Name,
        Port port => port.Name,
        SecurityGroup group => group.Name,
        AddressGroup group => group.Name,
        QosPolicy policy => policy.Name,
        Router router => router.Name,
        NetworkAcl acl => acl.Name,
        FloatingIp ip => ip.Address.ToString(),
        _ => "",
    };
}

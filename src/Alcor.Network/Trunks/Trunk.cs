using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

/// <summary>A port whose traffic the parent port of a trunk carries too, tagged.</summary>
/// <param name="SegmentationId">The VLAN tag that its traffic has on the parent port.</param>
public readonly record struct SubPort(string PortId, string SegmentationType, int SegmentationId);

/// <summary>
/// Many networks over one interface: a parent port, and subports each of which has a tag of its own on it. Each of
/// these ports is in no other trunk.
/// </summary>
public sealed record Trunk(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    bool AdminStateUp,
    string PortId,
    ImmutableArray<SubPort> SubPorts,
    ImmutableArray<string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The only thing that can tell subports apart.</summary>
    public const string Vlan = "vlan";

    /// <summary>In a request: as the network of the subport is segmented.</summary>
    public const string Inherit = "inherit";

    public static readonly ResourceType<Trunk> Type = new("trunk", "trunks")
    {
        Json = NetworkJson.Default.Trunk,
        Id = trunk => trunk.Id,
        Partition = trunk => PartitionKey.Trunk(trunk.Id),
        Claims = trunk => trunk.PortIds.Select(port => new Claim($"trunk-port/{port}", 0)),
        References = trunk => trunk.PortIds.Select(Port.Type.Key),
        IndexedBy = [("name", trunk => [trunk.Name])],
        ListedByReference = [("port_id", "port")],
        VisibleTo = trunk => [trunk.ProjectId],
        QuotaProject = trunk => trunk.ProjectId,
        Tags = trunk => trunk.Tags,
        WithTags = (trunk, tags, now) => trunk with { Tags = tags, UpdatedAt = now },
        ShownIn = [TrunkAttributes.StatusName],
        ShownWith = trunk => trunk.Status is null ? trunk.PortIds.Select(Port.Type.Key) : [],
        WithShown = (trunk, read) => trunk with
        {
            Status = TrunkStatus.Of(trunk, id => (Port?)read(Port.Type.Key(id))),
        },
        Attributes = TrunkAttributes.All,
    };

    /// <summary>
    /// Not stored: what its ports are, as that was when it was looked for or shown; null: nobody has looked.
    /// </summary>
    [JsonIgnore]
    public string? Status { get; init; }

    /// <summary>The parent and the subports.</summary>
    public IEnumerable<string> PortIds => SubPorts.Select(port => port.PortId).Prepend(PortId);
}

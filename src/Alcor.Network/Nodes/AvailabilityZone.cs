using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Nodes;

/// <summary>
/// A zone of hosts, as what is put into it sees it: it follows from the zones of the nodes. Each host serves its
/// networks and routers itself, so that a zone is one of both.
/// </summary>
/// <param name="Resource">What can be put into it: network or router.</param>
/// <param name="IsAvailable">Whether the operator has not taken all of its agents out of service.</param>
public sealed record AvailabilityZone(string Name, string Resource, bool IsAvailable)
{
    /// <summary>The zone of hosts that the operator put into none: Neutron's agents have it, too.</summary>
    public const string Default = "nova";

    public static readonly ResourceType<AvailabilityZone> Type = new("availability_zone", "availability_zones")
    {
        Json = NetworkJson.Default.AvailabilityZone,
        Id = zone => $"{zone.Name}/{zone.Resource}",
        Partition = _ => new PartitionKey("agent", ""),
        Api = new ApiNames("availability_zones", "availability_zone", "availability_zones")
        {
            NotFound = zone => new ApiError(
                404, "AvailabilityZoneNotFound", $"AvailabilityZone {zone} could not be found."),
        },
        Attributes =
        [
            new Attribute<AvailabilityZone, string>("name", Schemas.Text(255), "The name of the zone.")
            {
                Read = zone => zone.Value.Name,
            },
            new Attribute<AvailabilityZone, string>(
                "resource", Schemas.OneOf("network", "router"), "What can be put into it.")
            {
                Read = zone => zone.Value.Resource,
            },
            new Attribute<AvailabilityZone, string>(
                "state", Schemas.OneOf("available", "unavailable"), "Whether any of its agents is in service.")
            {
                Read = zone => zone.Value.IsAvailable ? "available" : "unavailable",
            },
        ],
    };

    public static string NameOf(string zone) => zone.Length > 0 ? zone : Default;

    /// <summary>The zones that there are, for networks and for routers.</summary>
    public static IEnumerable<AvailabilityZone> Of(IEnumerable<Agent> agents) =>
        from zone in agents.GroupBy(agent => NameOf(agent.Zone))
        orderby zone.Key
        from resource in (string[])["network", "router"]
        select new AvailabilityZone(zone.Key, resource, zone.Any(agent => agent.AdminStateUp));
}

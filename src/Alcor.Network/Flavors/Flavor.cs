using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

/// <summary>A kind of service that the operator offers by name. It belongs to no project: all see it.</summary>
/// <param name="ServiceType">One of <see cref="ServiceTypes"/>.</param>
public sealed record Flavor(string Id, string Name, string? Description, string ServiceType, bool Enabled)
{
    /// <summary>The only service that has providers, as Neutron names it.</summary>
    public const string Routing = "L3_ROUTER_NAT";

    /// <summary>What flavors can be of: the parts of the API, as Neutron's plugins are named.</summary>
    public static readonly IReadOnlyList<string> ServiceTypes = ["CORE", Routing, "QOS", "trunk", "FLAVORS"];

    public static readonly ResourceType<Flavor> Type = new("flavor", "flavors")
    {
        Json = NetworkJson.Default.Flavor,
        Id = flavor => flavor.Id,
        Partition = flavor => PartitionOf(flavor.Id),
        References = flavor => flavor.ServiceProfileIds.OrEmpty().Select(ServiceProfile.Type.Key),
        IndexedBy = [("name", flavor => [flavor.Name])],
        Attributes = FlavorAttributes.All,
        Api = new ApiNames("flavors", "flavor", "flavors")
        {
            NotFound = FlavorErrors.NotFound,
            InUse = (id, _) => FlavorErrors.InUse(id),
        },
    };

    /// <summary>The profiles that it is made of, the one that is chosen first.</summary>
    public ImmutableArray<string> ServiceProfileIds { get; init; }

    public static PartitionKey PartitionOf(string id) => new("flavor", id);
}

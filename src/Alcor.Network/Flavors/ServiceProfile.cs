using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Flavors;

/// <summary>Who provides a service, and how: what flavors are made of. It belongs to no project.</summary>
/// <param name="Driver">That of a <see cref="RouterProvider"/>; empty: none, and then there is a metainfo.</param>
/// <param name="Metainfo">What the driver is to know; kept as it is.</param>
public sealed record ServiceProfile(string Id, string? Description, string Driver, string Metainfo, bool Enabled)
{
    public static readonly ResourceType<ServiceProfile> Type = new("service_profile", "service_profiles")
    {
        Json = NetworkJson.Default.ServiceProfile,
        Id = profile => profile.Id,
        Partition = profile => PartitionOf(profile.Id),
        Attributes = ServiceProfileAttributes.All,
        Api = new ApiNames("service_profiles", "service_profile", "service_profiles")
        {
            NotFound = FlavorErrors.ProfileNotFound,
            InUse = (id, _) => FlavorErrors.ProfileInUse(id),
        },
    };

    public static PartitionKey PartitionOf(string id) => new("service-profile", id);
}

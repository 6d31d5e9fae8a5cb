using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressGroups;

/// <summary>Blocks of addresses under one name, for rules of security groups.</summary>
/// <param name="Addresses">Each once, with its host bits zero.</param>
public sealed record AddressGroup(
    string Id,
    string ProjectId,
    string Name,
    string Description,
    ImmutableArray<IPNetwork> Addresses,
    ImmutableArray<Share> Shares)
{
    public static readonly ResourceType<AddressGroup> Type = new("address_group", "address_groups")
    {
        Json = NetworkJson.Default.AddressGroup,
        Id = group => group.Id,
        Partition = group => PartitionKey.AddressGroup(group.Id),
        IndexedBy = [("name", group => [group.Name])],
        VisibleTo = group => Sharing.Shares.VisibleTo(group.ProjectId, group.Shares),
        Attributes = AddressGroupAttributes.All,
        Api = new ApiNames("address-groups", "address_group", "address_groups")
        {
            InUse = (id, _) => ApiError.Conflict(
                "AddressGroupInUse", $"Address group {id} is in use on one or more security group rules."),
            NotFound = id => new ApiError(404, "AddressGroupNotFound", $"Address group {id} could not be found."),
        },
    };
}

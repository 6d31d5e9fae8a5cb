using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.IpAllocations;

/// <summary>The attributes of an address that somebody has, in Alcor's own API.</summary>
public static class IpAllocationAttributes
{
    public static readonly Attribute<IpAllocation, string> Id =
        new("id", Schemas.Text(CommonAttributes.TextMax), "The address and its subnet, with @ between them.")
        {
            Read = allocation => allocation.Value.Id,
        };

    public static readonly Attribute<IpAllocation, string> SubnetId =
        new("subnet_id", Schemas.Uuid, "The subnet that the address is of.")
        {
            Read = allocation => allocation.Value.SubnetId,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<IpAllocation, IPAddress?> IpAddress =
        new(
            "ip_address",
            Schemas.Nullable(Schemas.IpAddress),
            "The address. A reservation that names none gets the lowest free one of the allocation pools; one that is "
            + "named need not be in a pool. The gateway cannot be reserved.")
        {
            Read = allocation => allocation.Value.IpAddress,
            InCreate = Presence.Optional,
        };

    /// <summary>What the subnet says; no request names it.</summary>
    public static readonly Attribute<IpAllocation, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network of the subnet.")
        {
            Read = allocation => allocation.Value.NetworkId,
            Default = "",
        };

    public static readonly Attribute<IpAllocation, string> State =
        new(
            "state",
            Schemas.OneOf(IpAllocation.Reserved, IpAllocation.Allocated),
            "Whether it is kept from ports, or a port has it. A subnet with reserved addresses cannot be deleted.")
        {
            Read = allocation => allocation.Value.State,
        };

    public static readonly Attribute<IpAllocation, string?> PortId =
        new("port_id", Schemas.Nullable(Schemas.Uuid), "The port that has it; null: it is reserved.")
        {
            Read = allocation => allocation.Value.PortId,
        };

    public static readonly Attribute<IpAllocation, string> Description =
        new("description", Schemas.Text(CommonAttributes.TextMax), "What it is reserved for.")
        {
            Read = allocation => allocation.Value.Description,
            InCreate = Presence.Optional,
            Default = "",
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, SubnetId, IpAddress, NetworkId, State, PortId, Description,
        new Attribute<IpAllocation, DateTimeOffset>(
            "created_at", Schemas.Timestamp, "When it was reserved, or its port created, UTC.")
        {
            Read = allocation => allocation.Value.CreatedAt,
        },
        CommonAttributes.RevisionNumber<IpAllocation>(),
    ];
}

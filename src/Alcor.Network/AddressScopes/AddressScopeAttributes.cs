using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.AddressScopes;

/// <summary>The attributes of an address scope in the Networking API v2.0.</summary>
public static class AddressScopeAttributes
{
    public static readonly Attribute<AddressScope, string> Id =
        new("id", Schemas.Uuid, "The UUID of the address scope.") { Read = scope => scope.Value.Id };

    public static readonly Attribute<AddressScope, string> Name = CommonAttributes.Name<AddressScope>(s => s.Name);

    public static readonly Attribute<AddressScope, string> ProjectId =
        CommonAttributes.ProjectId<AddressScope>(scope => scope.ProjectId);

    public static readonly Attribute<AddressScope, bool> Shared =
        new("shared", Schemas.Boolean, "Whether other projects may put subnet pools into it.")
        {
            Read = scope => Sharing.Shares.WithEverybody(scope.Value.Shares),
            ReadFor = (scope, caller) => Sharing.Shares.IsSharedWith(caller.ProjectId, scope.Value.Shares),
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<AddressScope, long> IpVersion =
        new("ip_version", SubnetSchemas.IpVersion, "The version of IP: 4 or 6.")
        {
            Read = scope => scope.Value.IpVersion,
            InCreate = Presence.Required,
        };

    public static readonly IReadOnlyList<IAttribute> All =
        [Id, Name, ProjectId, CommonAttributes.TenantId<AddressScope>(s => s.ProjectId), Shared, IpVersion];
}

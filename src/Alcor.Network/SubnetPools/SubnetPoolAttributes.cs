using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.SubnetPools;

/// <summary>The attributes of a subnet pool in the Networking API v2.0.</summary>
public static class SubnetPoolAttributes
{
    /// <summary>Prefix lengths of pools are numbers in requests and texts in answers, as in Neutron.</summary>
    private static readonly Schema<long> PrefixLength = new()
    {
        TryRead = SubnetSchemas.NonNegative.TryRead,
        Unconvertible = SubnetSchemas.NonNegative.Unconvertible,
        Write = (writer, value) => writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture)),
        FilterTexts = SubnetSchemas.NonNegative.FilterTexts,
        SortKey = value => value,
        Describe = () => new JsonObject { ["type"] = "string", ["format"] = "prefix length" },
    };

    public static readonly Attribute<SubnetPool, string> Id =
        new("id", Schemas.Uuid, "The UUID of the subnet pool.") { Read = pool => pool.Value.Id };

    public static readonly Attribute<SubnetPool, string> Name =
        new("name", SubnetSchemas.NotBlank, "A name for people; need not be unique.")
        {
            Read = pool => pool.Value.Name,
            InCreate = Presence.Required,
            InUpdate = true,
        };

    public static readonly Attribute<SubnetPool, string> Description =
        CommonAttributes.Description<SubnetPool>(pool => pool.Description);

    public static readonly Attribute<SubnetPool, string> ProjectId =
        CommonAttributes.ProjectId<SubnetPool>(pool => pool.ProjectId);

    public static readonly Attribute<SubnetPool, ImmutableArray<IPNetwork>> Prefixes =
        new("prefixes", SubnetSchemas.Prefixes, "The blocks that it consists of; updates may add to them.")
        {
            Read = pool => pool.Value.Prefixes,
            InCreate = Presence.Required,
            InUpdate = true,
            Default = [],
        };

    public static readonly Attribute<SubnetPool, long> IpVersion =
        new("ip_version", SubnetSchemas.IpVersion, "The version of IP of its prefixes.")
        {
            Read = pool => pool.Value.IpVersion,
        };

    public static readonly Attribute<SubnetPool, long?> DefaultPrefixLength =
        Length("default_prefixlen", pool => pool.DefaultPrefixLength, "of subnets that do not name one");

    public static readonly Attribute<SubnetPool, long?> MinPrefixLength =
        Length("min_prefixlen", pool => pool.MinPrefixLength, "of the largest subnet");

    public static readonly Attribute<SubnetPool, long?> MaxPrefixLength =
        Length("max_prefixlen", pool => pool.MaxPrefixLength, "of the smallest subnet");

    public static readonly Attribute<SubnetPool, long?> DefaultQuota =
        new(
            "default_quota",
            Schemas.NullableValue(SubnetSchemas.NonNegative),
            "What a project may have of it, in addresses (IPv6: in blocks of prefix length 64).")
        {
            Read = pool => pool.Value.DefaultQuota,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<SubnetPool, bool> IsDefault =
        new("is_default", Schemas.Boolean, "Whether it is the default pool of its version of IP.")
        {
            Read = pool => pool.Value.IsDefault,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly Attribute<SubnetPool, bool> Shared =
        new("shared", Schemas.Boolean, "Whether other projects may take subnets from it.")
        {
            Read = pool => Sharing.Shares.WithEverybody(pool.Value.Shares),
            ReadFor = (pool, caller) => Sharing.Shares.IsSharedWith(caller.ProjectId, pool.Value.Shares),
            InCreate = Presence.Optional,
        };

    public static readonly Attribute<SubnetPool, string?> AddressScopeId =
        new("address_scope_id", Schemas.Nullable(Schemas.Uuid), "The address scope that it is in.")
        {
            Read = pool => pool.Value.AddressScopeId,
            InCreate = Presence.Optional,
            InUpdate = true,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, Description, ProjectId, CommonAttributes.TenantId<SubnetPool>(pool => pool.ProjectId), Prefixes,
        IpVersion, DefaultPrefixLength, MinPrefixLength, MaxPrefixLength, DefaultQuota, IsDefault, Shared,
        AddressScopeId,
        CommonAttributes.CreatedAt<SubnetPool>(pool => pool.CreatedAt),
        CommonAttributes.UpdatedAt<SubnetPool>(pool => pool.UpdatedAt),
        CommonAttributes.RevisionNumber<SubnetPool>(),
    ];

    private static Attribute<SubnetPool, long?> Length(string name, Func<SubnetPool, long> read, string of) =>
        new(name, Schemas.NullableValue(PrefixLength), $"The prefix length {of}.")
        {
            Read = pool => read(pool.Value),
            InCreate = Presence.Optional,
            InUpdate = true,
        };
}

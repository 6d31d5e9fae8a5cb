using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Sharing;

namespace Alcor.Network.AddressGroups;

/// <summary>The attributes of an address group in the Networking API v2.0.</summary>
public static class AddressGroupAttributes
{
    /// <summary>Blocks that one request may name: hosts keep each of them as flows.</summary>
    private const int AddressesMax = 5_000;

    public static readonly Attribute<AddressGroup, string> Id =
        new("id", Schemas.Uuid, "The UUID of the address group.") { Read = group => group.Value.Id };

    public static readonly Attribute<AddressGroup, string> Name = CommonAttributes.Name<AddressGroup>(g => g.Name);

    public static readonly Attribute<AddressGroup, string> ProjectId =
        CommonAttributes.ProjectId<AddressGroup>(g => g.ProjectId);

    public static readonly Attribute<AddressGroup, ImmutableArray<IPNetwork>> Addresses =
        new(
            "addresses",
            DistinctBlocks,
            "Blocks of addresses; host bits are taken off.")
        {
            Read = group => group.Value.Addresses,
            InCreate = Presence.Optional,
            IsFilterable = false,
            Default = [],
        };

    public static readonly Attribute<AddressGroup, string> Description =
        CommonAttributes.LongDescription<AddressGroup>(group => group.Description);

    /// <summary>For the policy alone: Neutron does not show it.</summary>
    public static readonly Attribute<AddressGroup, bool> Shared =
        new("shared", Schemas.Boolean, "Whether other projects may use it.")
        {
            Read = group => Shares.WithEverybody(group.Value.Shares),
            ReadFor = (group, caller) => Shares.IsSharedWith(caller.ProjectId, group.Value.Shares),
            IsVisible = false,
            IsFilterable = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        Id, Name, ProjectId, Addresses, Description, Shared, CommonAttributes.TenantId<AddressGroup>(g => g.ProjectId),
    ];

    /// <summary>What the actions take: as Neutron, they have addresses without a length for whole ones.</summary>
    internal static readonly IAttribute Changed =
        new Attribute<AddressGroup, ImmutableArray<IPNetwork>>(
            "addresses", Schemas.ListOf(Block(isLengthNeeded: false), AddressesMax), "Blocks of addresses.")
        {
            Read = group => group.Value.Addresses,
            InCreate = Presence.Required,
        };

    private static Schema<ImmutableArray<IPNetwork>> DistinctBlocks
    {
        get
        {
            var list = Schemas.ListOf(Block(isLengthNeeded: true), AddressesMax);
            return new()
            {
                TryRead = (JsonElement json, out ImmutableArray<IPNetwork> value, out string reason) =>
                {
                    if (!list.TryRead(json, out value, out reason))
                        return false;
                    var texts = json.ValueKind == JsonValueKind.Null ? default : json.EnumerateArray();
                    var twice = texts.GroupBy(one => $"{one}").FirstOrDefault(same => same.Count() > 1);
                    reason = twice is null ? "" : $"Duplicate items in the list: '{twice.Key}'";
                    return twice is null;
                },
                Write = list.Write,
                FilterTexts = list.FilterTexts,
                Describe = list.Describe,
            };
        }
    }

    private static Schema<IPNetwork> Block(bool isLengthNeeded) => new()
    {
        TryRead = (JsonElement json, out IPNetwork value, out string reason) =>
        {
            (value, reason) = (default, $"'{json}' is not a valid IP subnet");
            if (json.ValueKind != JsonValueKind.String || !AddressPrefix.TryParse(json.GetString()!, out var prefix))
                return false;
            value = prefix.Network;
            reason = isLengthNeeded && json.GetString() is var text && prefix.IsIpv4 && text != prefix.ToString()
                ? $"'{text}' isn't a recognized IP subnet cidr, '{prefix}' is recommended"
                : "";
            return reason.Length == 0;
        },
        Write = (writer, value) => writer.WriteStringValue(value.ToString()),
        FilterTexts = value => [value.ToString()],
        Describe = () => new JsonObject { ["type"] = "string", ["format"] = "cidr" },
    };
}

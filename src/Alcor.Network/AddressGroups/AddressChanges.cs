using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Resources;

namespace Alcor.Network.AddressGroups;

/// <summary>Adds blocks to a group and takes them away: all that are named, or none.</summary>
internal static class AddressChanges
{
    public static Result<AddressGroup> Add(AddressGroup group, ImmutableArray<IPNetwork> blocks)
    {
        var there = blocks.Distinct().Where(group.Addresses.Contains).ToList();
        return there.Count == 0
            ? group with { Addresses = [.. group.Addresses, .. blocks.Distinct()] }
            : new ApiError(
                400,
                "AddressesAlreadyExist",
                $"Addresses {Name(there)} already exist in the address group {group.Id}.");
    }

    public static Result<AddressGroup> Remove(AddressGroup group, ImmutableArray<IPNetwork> blocks)
    {
        var missing = blocks.Distinct().Where(block => !group.Addresses.Contains(block)).ToList();
        return missing.Count == 0
            ? group with { Addresses = group.Addresses.RemoveRange(blocks.Distinct()) }
            : new ApiError(
                404, "AddressesNotFound", $"Addresses {Name(missing)} not found in the address group {group.Id}.");
    }

    /// <summary>As Neutron writes a list.</summary>
    private static string Name(IEnumerable<IPNetwork> blocks) =>
        $"[{string.Join(", ", blocks.Select(block => $"'{block}'"))}]";
}

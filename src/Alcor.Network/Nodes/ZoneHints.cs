using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Network.Subnets;

namespace Alcor.Network.Nodes;

/// <summary>
/// Zones that a network or a router is wished to be in. They are kept and shown; since each host serves the networks
/// and routers of its own ports, only the gateways of routers are placed by them.
/// </summary>
internal static class ZoneHints
{
    /// <summary>Characters of the whole list as JSON: what Neutron keeps.</summary>
    private const int CharactersMax = 255;

    public static Schema<ImmutableArray<string>> Schema { get; } =
        SubnetSchemas.UniqueList(Schemas.Text(CommonAttributes.TextMax), "items in the list:");

    /// <summary>An error for a zone that no host is in.</summary>
    public static ApiError? Check(ImmutableArray<string> hints, DecideContext context)
    {
        if (LengthOf(hints) > CharactersMax)
            return Errors.InvalidInput("Too many availability_zone_hints specified");
        foreach (var zone in hints.Where(zone => !IsKnown(zone, context)))
            return AvailabilityZone.Type.Api.NotFound(zone);
        return null;
    }

    private static bool IsKnown(string zone, DecideContext context) =>
        zone.Length > 0 && context.List(Agent.Type, Agent.ZoneIndex, zone, limit: 1).Count > 0;

    /// <summary>As Python prints the list: ["a", "b"].</summary>
    private static int LengthOf(ImmutableArray<string> hints) =>
        hints.Sum(hint => JsonEncodedText.Encode(hint).Value.Length + "\"\", ".Length);
}

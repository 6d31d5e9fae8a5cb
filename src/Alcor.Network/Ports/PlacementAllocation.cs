using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;
using Alcor.Network.Qos;

namespace Alcor.Network.Ports;

/// <summary>
/// The member allocation of a port's binding:profile: which provider gives what the port wants of Placement, by the ids
/// of the groups of its request. Whoever asks Placement writes it; here its ids follow those of the groups.
/// </summary>
internal static class PlacementAllocation
{
    private const string Member = "allocation";

    private static readonly QosRuleKind[] Kinds = [.. QosRuleKind.All.Where(ResourceRequest.Counts)];

    /// <summary>The port of a machine with what its allocation is after its policy became another one.</summary>
    public static Port FollowPolicy(this Port port, string? earlierPolicyId, DecideContext context)
    {
        if (port.EffectiveQosPolicyId == earlierPolicyId
            || !port.DeviceOwner.StartsWith(DeviceOwner.ComputePrefix, StringComparison.Ordinal)
            || JsonNode.Parse(port.Profile) is not JsonObject profile
            || profile[Member] is not JsonObject { Count: > 0 } allocation)
            return port;
        var earlier = QosSupport.PolicyOf(earlierPolicyId, context);
        var present = QosSupport.PolicyOf(port.EffectiveQosPolicyId, context);
        var ids = Kinds
            .Select(kind => (Earlier: ResourceRequest.GroupIdOf(kind, port.Id, earlier),
                Present: ResourceRequest.GroupIdOf(kind, port.Id, present)))
            .Where(group => group.Earlier is not null)
            .ToDictionary(group => group.Earlier!, group => group.Present);
        if (ids.Count == 0)
            return port;
        var moved = new JsonObject();
        foreach (var (group, provider) in allocation)
        {
            if (ids.GetValueOrDefault(group) is { } id)
                moved[id] = provider?.DeepClone();
        }
        profile[Member] = moved;
        return port with { Profile = profile.ToJsonString() };
    }
}

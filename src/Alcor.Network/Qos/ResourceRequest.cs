using System.Collections.Immutable;
using System.Text;
using Alcor.Kernel.Resources;
using Alcor.Network.Ports;

namespace Alcor.Network.Qos;

/// <summary>
/// What a port wants of the host that it comes to, in the words of OpenStack's Placement: the groups of one request
/// are found below one provider.
/// </summary>
public sealed record ResourceRequest(ImmutableArray<RequestGroup> Groups)
{
    private static readonly QosRuleKind[] Guaranteed = [QosRuleKind.MinimumBandwidth, QosRuleKind.MinimumPacketRate];

    /// <summary>What the policy of a port guarantees it; null: nothing.</summary>
    /// <param name="network">Its own: the first segment says which physical network has to have the bandwidth.</param>
    public static ResourceRequest? Of(Port port, QosPolicy policy, Networks.Network network)
    {
        var groups = Guaranteed
            .Select(kind => GroupOf(kind, port, policy, network))
            .OfType<RequestGroup>()
            .ToImmutableArray();
        return groups.IsEmpty ? null : new ResourceRequest(groups);
    }

    /// <summary>Whether Placement counts what rules of the kind guarantee.</summary>
    public static bool Counts(QosRuleKind kind) => Guaranteed.Contains(kind);

    /// <summary>The id of the group that asks for what the rules of a kind guarantee; null: there is none.</summary>
    public static string? GroupIdOf(QosRuleKind kind, string portId, QosPolicy? policy)
    {
        var rules = policy?.RulesOf(kind).Select(rule => rule.Id).ToList() ?? [];
        return rules.Count == 0 ? null : DerivedId.Named(portId, string.Join(':', rules));
    }

    private static RequestGroup? GroupOf(QosRuleKind kind, Port port, QosPolicy policy, Networks.Network network)
    {
        if (GroupIdOf(kind, port.Id, policy) is not { } id)
            return null;
        var traits = ImmutableArray.Create(Trait($"VNIC_TYPE_{port.VnicType}"));
        if (kind == QosRuleKind.MinimumBandwidth)
        {
            if (network.FirstPhysicalNetwork is not { } physical)
                return null;
            traits = traits.Insert(0, Trait($"PHYSNET_{physical}"));
        }
        var resources = policy.RulesOf(kind)
            .Select(rule => KeyValuePair.Create(ResourceClass(kind, rule.Direction), rule.Value));
        return new RequestGroup(id, traits, [.. resources]);
    }

    private static string ResourceClass(QosRuleKind kind, string direction)
    {
        var (name, unit) = kind == QosRuleKind.MinimumBandwidth
            ? ("NET_BW", "KILOBIT_PER_SEC")
            : ("NET_PACKET_RATE", "KILOPACKET_PER_SEC");
        return direction switch
        {
            QosRuleKind.Ingress => $"{name}_IGR_{unit}",
            QosRuleKind.Egress => $"{name}_EGR_{unit}",
            _ => $"{name}_{unit}",
        };
    }

    /// <summary>A trait that is not one of Placement's own; other characters, in a row, are one _.</summary>
    private static string Trait(string text)
    {
        var name = new StringBuilder("CUSTOM_");
        var isReplaced = false;
        foreach (var character in text.ToUpperInvariant())
        {
            var isKept = char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character) || character == '_';
            if (isKept || !isReplaced)
                name.Append(isKept ? character : '_');
            isReplaced = !isKept;
        }
        return name.ToString();
    }
}

/// <summary>Resources that have to be of one provider.</summary>
/// <param name="Id">Stays the same for the same rules of the same port.</param>
/// <param name="Traits">What the provider has to be.</param>
public sealed record RequestGroup(
    string Id, ImmutableArray<string> Traits, ImmutableArray<KeyValuePair<string, int>> Resources);

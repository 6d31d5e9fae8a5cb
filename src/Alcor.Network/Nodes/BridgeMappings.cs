using System.Collections.Immutable;

namespace Alcor.Network.Nodes;

/// <summary>
/// What an agent says of the physical networks of its host, each with the bridge that leads to it:
/// <c>physnet1:br-ex,physnet2:br-data</c>.
/// </summary>
public static class BridgeMappings
{
    /// <summary>The name of the configuration, which Neutron's agents have, too.</summary>
    public const string Name = "bridge_mappings";

    /// <summary>Reads the pairs; null: it is not such a text.</summary>
    public static ImmutableArray<KeyValuePair<string, string>>? Parse(string text)
    {
        var read = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pair.Split(':') is not [{ Length: > 0 } network, { Length: > 0 } bridge]
                || read.Any(one => one.Key == network))
                return null;
            read.Add(KeyValuePair.Create(network, bridge));
        }
        return read.ToImmutable();
    }

    /// <summary>The physical networks that configurations name; null: they say nothing of them.</summary>
    public static ImmutableArray<string>? NetworksOf(IReadOnlyDictionary<string, string> configurations) =>
        configurations.TryGetValue(Name, out var text) && Parse(text) is { } pairs
            ? [.. pairs.Select(pair => pair.Key)]
            : null;
}

using System.Globalization;
using System.Net;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.FloatingIps;

/// <summary>Ports of a transport protocol, from the first to the last.</summary>
public readonly record struct PortRange(int First, int Last)
{
    public const int Highest = 65_535;

    /// <summary>The port, if it is one alone.</summary>
    public long? Single => First == Last ? First : null;

    public static PortRange? Of(long? port) => port is { } one ? new PortRange((int)one, (int)one) : null;

    /// <summary>Reads one number or two, separated by a colon.</summary>
    public static bool TryParse(string text, out PortRange range)
    {
        var parts = text.Split(':');
        range = default;
        if (parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return false;
        range = new PortRange(first, last);
        return true;
    }

    public bool Overlaps(PortRange other) => First <= other.Last && other.First <= Last;

    public override string ToString() => $"{First}:{Last}";
}

/// <summary>
/// Ports of a floating IP that lead to ports of an address behind its router. It lives with the floating IP.
/// </summary>
public sealed record PortForwarding(
    string Id,
    string FloatingIpId,
    string NetworkId,
    string Protocol,
    PortRange ExternalPorts,
    string InternalPortId,
    IPAddress InternalIpAddress,
    PortRange InternalPorts,
    string Description)
{
    public static readonly ResourceType<PortForwarding> Type = new("port_forwarding", "port_forwardings")
    {
        Json = NetworkJson.Default.PortForwarding,
        Id = forwarding => forwarding.Id,
        Partition = forwarding => PartitionKey.Network(forwarding.NetworkId),
        References = forwarding =>
            [FloatingIp.Type.Key(forwarding.FloatingIpId), Port.Type.Key(forwarding.InternalPortId)],
        ListedByReference = [("floatingip_id", "floatingip"), ("internal_port_id", "port")],
        Parent = new ParentLink("floatingip", "floatingip_id", IsInPath: true),
        Api = new ApiNames("port_forwardings", "port_forwarding", "port_forwardings")
        {
            Policy = "floatingip_port_forwarding",
            NotFound = id => new ApiError(404, "PortForwardingNotFound", $"Port Forwarding {id} could not be found."),
        },
        Attributes = PortForwardingAttributes.All,
    };
}

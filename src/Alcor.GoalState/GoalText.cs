using System.Net;
using System.Text;
using Alcor.Kernel.Addresses;
using Alcor.Protocol;
using Alcor.Protocol.V1;

namespace Alcor.GoalState;

/// <summary>A goal state as text that a person can review, one entry a line.</summary>
public static class GoalText
{
    public static string Of(GoalTable table)
    {
        var text = new StringBuilder($"{table.Partition} at revision {table.Revision}\n");
        foreach (var entry in table.Entries.Values)
            text.Append($"  {Of(entry)}\n");
        return text.ToString();
    }

    public static string Of(GoalEntry entry)
    {
        var kind = entry.Key.Kind.ToString().ToLowerInvariant();
        var value = entry.Removed ? "removed" : Describe(entry);
        return $"{kind,-8} {entry.Key.Id:D} r{entry.Revision} {value}";
    }

    private static string Describe(GoalEntry entry)
    {
        var value = entry.Value.Span;
        return entry.Key.Kind switch
        {
            EntryKind.Network => Describe(NetworkEntry.Parser.ParseFrom(value)),
            EntryKind.Subnet => Describe(SubnetEntry.Parser.ParseFrom(value)),
            EntryKind.Neighbor => Describe(NeighborEntry.Parser.ParseFrom(value)),
            EntryKind.Port => Describe(PortEntry.Parser.ParseFrom(value)),
            _ => Convert.ToHexStringLower(value),
        };
    }

    private static string Describe(NetworkEntry network) =>
        $"vni={network.SegmentationId} mtu={network.Mtu} {UpOrDown(network.AdminStateUp)}";

    private static string Describe(SubnetEntry subnet)
    {
        var parts = new List<string> { subnet.Cidr };
        if (subnet.Gateway.Length > 0)
            parts.Add($"gateway={subnet.Gateway}");
        parts.Add(subnet.EnableDhcp ? "dhcp" : "no-dhcp");
        if (subnet.DnsNameservers.Count > 0)
            parts.Add($"dns={string.Join(',', subnet.DnsNameservers)}");
        if (subnet.HostRoutes.Count > 0)
            parts.Add($"routes={string.Join(',', subnet.HostRoutes.Select(r => $"{r.Destination}->{r.Nexthop}"))}");
        return string.Join(' ', parts);
    }

    private static string Describe(NeighborEntry neighbor)
    {
        var addresses = string.Join(',', neighbor.Addresses.Select(address => new IPAddress(address.Span)));
        return $"{new MacAddress(neighbor.Mac)} {addresses} on {neighbor.Host} "
            + $"via {new IPAddress(neighbor.TunnelAddress.Span)}";
    }

    private static string Describe(PortEntry port)
    {
        var addresses = port.FixedIps.Select(ip => $"{new IPAddress(ip.Address.Span)}@{EntryId.Decode(ip.SubnetId)}");
        return $"{new MacAddress(port.Mac)} {string.Join(',', addresses)} "
            + $"network={EntryId.Decode(port.NetworkId)} {UpOrDown(port.AdminStateUp)} generation={port.Generation}";
    }

    private static string UpOrDown(bool isUp) => isUp ? "up" : "down";
}

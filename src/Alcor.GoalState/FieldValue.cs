using System.Net;
using Alcor.Protocol;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>Parts of values, as <c>dataplane.proto</c> writes them.</summary>
internal static class FieldValue
{
    public static ByteString Of(IPAddress address) => ByteString.CopyFrom(address.GetAddressBytes());

    public static Protocol.V1.FixedIp Of(Network.Ports.FixedIp ip) =>
        new() { SubnetId = EntryId.Encode(ip.SubnetId), Address = Of(ip.IpAddress) };

    public static Protocol.V1.AddressPair Of(Network.Ports.AllowedAddress allowed) =>
        new() { Cidr = allowed.Block.ToString(), Mac = allowed.MacAddress.Bits };

    public static Protocol.V1.DhcpOption Of(Network.Ports.ExtraDhcpOption option) =>
        new() { Name = option.Name, Value = option.Value ?? "", IpVersion = (uint)option.IpVersion };

    public static Protocol.V1.HostRoute Of(Network.Subnets.HostRoute route) =>
        new() { Destination = route.Destination.ToString(), Nexthop = route.Nexthop.ToString() };
}

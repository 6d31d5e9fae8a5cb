using System.Collections.Immutable;
using System.Net;
using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Network.Networks;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;

namespace Alcor.Simulation.Tests;

/// <summary>Bodies of requests, as the Networking API would have read them.</summary>
internal static class Requests
{
    public static Body Of(params (IAttribute Attribute, object? Value)[] named) =>
        new(named.ToDictionary(one => one.Attribute, one => one.Value));

    /// <summary>Without port security: the frames sent here are of no protocol that a rule could allow.</summary>
    public static Body Network(string tag, bool isUp = true) => Of(
        (NetworkAttributes.Description, tag),
        (NetworkAttributes.AdminStateUp, isUp),
        (NetworkAttributes.PortSecurityEnabled, false));

    public static Body Subnet(string tag, string networkId, string cidr) => Of(
        (SubnetAttributes.Description, tag),
        (SubnetAttributes.NetworkId, networkId),
        (SubnetAttributes.IpVersion, 4L),
        (SubnetAttributes.Cidr, IPNetwork.Parse(cidr)));

    public static Body Port(string tag, string networkId, string host) => Of(
        (PortAttributes.Description, tag), (PortAttributes.NetworkId, networkId), (PortAttributes.HostId, host));

    /// <summary>A request for any port that may collide with others.</summary>
    public static Body RandomPort(Random random, string tag, string networkId, string host)
    {
        var named = new List<(IAttribute, object?)>
        {
            (PortAttributes.Description, tag), (PortAttributes.NetworkId, networkId), (PortAttributes.HostId, host),
        };
        if (random.Next(5) == 0)
            named.Add((PortAttributes.MacAddress, (MacAddress?)SomeMac(random)));
        if (random.Next(8) == 0)
            named.Add((PortAttributes.AdminStateUp, false));
        return Of([.. named]);
    }

    /// <summary>An update of a port: any of what users may change.</summary>
    public static Body RandomPortUpdate(Random random, string tag, Port port, string host)
    {
        var named = new List<(IAttribute, object?)> { (PortAttributes.Description, tag) };
        if (random.Next(2) == 0)
            named.Add((PortAttributes.HostId, host));
        if (random.Next(4) == 0)
            named.Add((PortAttributes.Name, $"name-{random.Next(100)}"));
        if (random.Next(6) == 0)
            named.Add((PortAttributes.AdminStateUp, random.Next(3) > 0));
        if (random.Next(6) == 0)
            named.Add((PortAttributes.DeviceId, $"machine-{random.Next(100)}"));
        if (random.Next(8) == 0)
            named.Add((PortAttributes.MacAddress, (MacAddress?)SomeMac(random)));
        if (random.Next(4) == 0 && port.FixedIps.Length > 0)
            named.Add((PortAttributes.FixedIps, Addresses(random, port)));
        return Of([.. named]);
    }

    /// <summary>Few, so that they collide.</summary>
    private static MacAddress SomeMac(Random random) => new(0xfa163e000000 + (ulong)random.Next(1, 12));

    private static ImmutableArray<FixedIpRequest> Addresses(Random random, Port port)
    {
        var subnet = port.FixedIps[0].SubnetId;
        var near = port.FixedIps[0].IpAddress.GetAddressBytes();
        near[3] = (byte)random.Next(2, 20);
        return random.Next(4) switch
        {
            0 => [],
            1 => [new FixedIpRequest(subnet, null), new FixedIpRequest(subnet, null)],
            _ => [new FixedIpRequest(subnet, new IPAddress(near))],
        };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Networks;

/// <summary>What the extension network-ip-availability shows of a network.</summary>
public static class NetworkIpAvailabilityAttributes
{
    public static readonly Attribute<NetworkIpAvailability, string> NetworkId =
        new("network_id", Schemas.Uuid, "The network.") { Read = row => row.Value.Network.Id };

    public static readonly Attribute<NetworkIpAvailability, string> NetworkName =
        new("network_name", Schemas.Text(CommonAttributes.TextMax), "The name of the network.")
        {
            Read = row => row.Value.Network.Name,
        };

    public static readonly Attribute<NetworkIpAvailability, BigInteger> TotalIps =
        new("total_ips", Count, "How many addresses its subnets have to give out; of IPv6 more than 64 bits say.")
        {
            Read = row => row.Value.TotalIps,
            IsFilterable = false,
        };

    public static readonly Attribute<NetworkIpAvailability, long> UsedIps =
        new("used_ips", Schemas.Integer(0, long.MaxValue), "How many addresses its ports have, or are reserved.")
        {
            Read = row => row.Value.UsedIps,
            IsFilterable = false,
        };

    public static readonly Attribute<NetworkIpAvailability, ImmutableArray<SubnetIpAvailability>> Subnets =
        new("subnet_ip_availability", Schemas.ListOf(Subnet, int.MaxValue), "The same for each of its subnets.")
        {
            Read = row => row.Value.Subnets,
            IsFilterable = false,
        };

    public static readonly Attribute<NetworkIpAvailability, ImmutableArray<long>> IpVersion =
        new("ip_version", Schemas.ListOf(Schemas.Integer(4, 6), 2), "Counts only the subnets of this version.")
        {
            Read = row => [.. row.Value.Subnets.Select(subnet => (long)subnet.Subnet.IpVersion)],
            IsVisible = false,
        };

    public static readonly IReadOnlyList<IAttribute> All =
    [
        NetworkId, NetworkName, CommonAttributes.ProjectId<NetworkIpAvailability>(row => row.Network.ProjectId),
        CommonAttributes.TenantId<NetworkIpAvailability>(row => row.Network.ProjectId), TotalIps, UsedIps, Subnets,
        IpVersion,
    ];

    private static Schema<BigInteger> Count => Schemas.ShownOnly<BigInteger>(
        new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        (writer, value) => writer.WriteRawValue(value.ToString(CultureInfo.InvariantCulture)));

    private static Schema<SubnetIpAvailability> Subnet => Schemas.ShownOnly<SubnetIpAvailability>(
        new JsonObject { ["type"] = "object", ["additionalProperties"] = true }, Write);

    private static void Write(Utf8JsonWriter writer, SubnetIpAvailability row)
    {
        writer.WriteStartObject();
        writer.WriteString("subnet_id", row.Subnet.Id);
        writer.WriteString("subnet_name", row.Subnet.Name);
        writer.WriteString("cidr", row.Subnet.Cidr.ToString());
        writer.WriteNumber("ip_version", row.Subnet.IpVersion);
        writer.WritePropertyName("total_ips");
        Count.Write(writer, row.TotalIps);
        writer.WriteNumber("used_ips", row.UsedIps);
        writer.WriteEndObject();
    }
}

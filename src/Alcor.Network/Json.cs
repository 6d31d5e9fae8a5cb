using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alcor.Kernel.Addresses;

namespace Alcor.Network;

/// <summary>
/// How values are kept in the store: short names, addresses as text, absent where they have their default.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(IpAddressConverter), typeof(IpNetworkConverter), typeof(MacAddressConverter)])]
[JsonSerializable(typeof(Networks.Network))]
[JsonSerializable(typeof(Networks.NetworkIpAvailability))]
[JsonSerializable(typeof(Segments.Segment))]
[JsonSerializable(typeof(Segments.NetworkSegmentRange))]
[JsonSerializable(typeof(Subnets.Subnet))]
[JsonSerializable(typeof(SubnetPools.SubnetPool))]
[JsonSerializable(typeof(SubnetPools.SubnetPoolBlocks))]
[JsonSerializable(typeof(AddressScopes.AddressScope))]
[JsonSerializable(typeof(Ports.Port))]
[JsonSerializable(typeof(Ports.Binding))]
[JsonSerializable(typeof(Ports.PortBinding))]
[JsonSerializable(typeof(MacRanges.MacRange))]
[JsonSerializable(typeof(MacRanges.MacPool))]
[JsonSerializable(typeof(IpAllocations.IpAllocation))]
[JsonSerializable(typeof(NetworkAcls.NetworkAcl))]
[JsonSerializable(typeof(NetworkAcls.NetworkAclRule))]
[JsonSerializable(typeof(AddressGroups.AddressGroup))]
[JsonSerializable(typeof(SecurityGroups.SecurityGroup))]
[JsonSerializable(typeof(SecurityGroups.SecurityGroupRule))]
[JsonSerializable(typeof(SecurityGroups.SecurityGroupMember))]
[JsonSerializable(typeof(Qos.QosPolicy))]
[JsonSerializable(typeof(Sharing.RbacPolicy))]
[JsonSerializable(typeof(Quotas.ProjectQuota))]
[JsonSerializable(typeof(Qos.QosRule))]
[JsonSerializable(typeof(Routers.Router))]
[JsonSerializable(typeof(Routers.ConnectionTracker))]
[JsonSerializable(typeof(FloatingIps.FloatingIp))]
[JsonSerializable(typeof(FloatingIps.PortForwarding))]
[JsonSerializable(typeof(FloatingIps.RoutedFloatingIp))]
[JsonSerializable(typeof(FloatingIps.RoutedPortForwarding))]
[JsonSerializable(typeof(FloatingIps.FloatingIpPool))]
[JsonSerializable(typeof(LocalIps.LocalIp))]
[JsonSerializable(typeof(LocalIps.LocalIpAssociation))]
[JsonSerializable(typeof(NdpProxies.NdpProxy))]
[JsonSerializable(typeof(Trunks.Trunk))]
[JsonSerializable(typeof(Metering.MeteringLabel))]
[JsonSerializable(typeof(Metering.MeteringLabelRule))]
[JsonSerializable(typeof(Logs.Log))]
[JsonSerializable(typeof(Flavors.Flavor))]
[JsonSerializable(typeof(Flavors.ServiceProfile))]
[JsonSerializable(typeof(Topologies.AutoAllocatedTopology))]
[JsonSerializable(typeof(Nodes.Node))]
[JsonSerializable(typeof(Nodes.Agent))]
[JsonSerializable(typeof(Nodes.AgentSession))]
[JsonSerializable(typeof(Nodes.AvailabilityZone))]
internal sealed partial class NetworkJson : JsonSerializerContext;

internal sealed class IpAddressConverter : JsonConverter<IPAddress>
{
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

internal sealed class IpNetworkConverter : JsonConverter<IPNetwork>
{
    public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPNetwork.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

internal sealed class MacAddressConverter : JsonConverter<MacAddress>
{
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MacAddress.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

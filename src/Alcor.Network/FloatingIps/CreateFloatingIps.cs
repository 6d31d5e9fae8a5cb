using Alcor.Kernel.Addresses;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Routers;
using Alcor.Network.Subnets;

namespace Alcor.Network.FloatingIps;

/// <summary>Takes an address of an external network, and lets it lead to a port if one is named.</summary>
internal sealed record CreateFloatingIps(NetworkSettings Settings, IReadOnlyList<NewResource> Items) : ICommand
{
    /// <summary>The status of a port that is none of a host's, as Neutron names it.</summary>
    private const string NotApplicable = "N/A";

    public PartitionKey Lane => PartitionKey.Network(Items[0].Body.Get(FloatingIpAttributes.NetworkId));

    public Result<Decision> Decide(Snapshot snapshot, DecideContext context)
    {
        if (Items.Count > 1)
            return ApiError.BadRequest("Bulk operation not supported");
        var item = Items[0];
        if (Check(item, snapshot) is { } wrong)
            return wrong;
        var port = RouterPorts.Build(snapshot, PortOf(item), Settings, context);
        if (port.Error is { } none)
            return none;
        var address = port.Value.FixedIps.Select(ip => ip.IpAddress).FirstOrDefault(ip => ip.Version() == 4);
        if (address is null)
            return FloatingIpErrors.ExternalIpAddressExhausted(snapshot.Partition.Id);
        var ip = New(item, address, port.Value, context.Now);
        var decision = new Decision();
        if (item.Body.Get(FloatingIpAttributes.PortId) is { } portId)
        {
            var associated = new Association(item.Caller, new PartitionView(snapshot, context))
                .Associate(decision, ip, portId, item.Body.Get(FloatingIpAttributes.FixedIpAddress));
            if (associated.Error is { } refused)
                return refused;
            ip = associated.Value;
        }
        var unfit = FloatingIpRules.CheckNames(ip) ?? FloatingIpRules.CheckPolicy(ip.QosPolicyId, item.Caller, context);
        if (unfit is not null)
            return unfit;
        return decision
            .CreateExempt(Port.Type, port.Value)
            .RestsOnMacRange(port.Value, context)
            .CreateFloatingIp(ip);
    }

    private static ApiError? Check(NewResource item, Snapshot snapshot)
    {
        var networkId = snapshot.Partition.Id;
        if (snapshot.Find(Networks.Network.Type, networkId) is not { } network
            || !item.Caller.Sees(Networks.Network.Type, network.Value))
            return Networks.Network.Type.Api.NotFound(networkId);
        if (!network.Value.IsExternal)
            return FloatingIpErrors.Bad($"Network {networkId} is not a valid external network");
        if (snapshot.All(Subnet.Type).All(subnet => subnet.IpVersion != 4))
            return FloatingIpErrors.Bad($"Network {networkId} does not contain any IPv4 subnet");
        return FloatingIpRules.CheckAddress(item.Body);
    }

    private static NewServicePort PortOf(NewResource item)
    {
        var request = new FixedIpRequest(
            item.Body.Get(FloatingIpAttributes.SubnetId), item.Body.Get(FloatingIpAttributes.Address));
        return new NewServicePort(
            DerivedId.Of(item.Id, "floating-port"), "", DeviceOwner.FloatingIp, item.Id, item.Entropy)
        {
            Requests = request == default ? [] : [request],
            Status = NotApplicable,
        };
    }

    private static FloatingIp New(
        NewResource item, System.Net.IPAddress address, Port floatingPort, DateTimeOffset now) =>
        new(
            item.Id,
            item.ProjectId,
            item.Body.Get(FloatingIpAttributes.Description),
            item.Body.Get(FloatingIpAttributes.NetworkId),
            address,
            floatingPort.Id,
            PortId: null,
            FixedIpAddress: null,
            RouterId: null,
            now,
            now)
        {
            MacAddress = floatingPort.MacAddress,
            QosPolicyId = item.Body.Get(FloatingIpAttributes.QosPolicyId),
            DnsName = item.Body.Get(FloatingIpAttributes.DnsName),
            DnsDomain = item.Body.Get(FloatingIpAttributes.DnsDomain),
        };
}

/// <summary>What holds of floating IPs however they come to be as they are.</summary>
internal static class FloatingIpRules
{
    public static ApiError? CheckAddress(Body body) =>
        body.Get(FloatingIpAttributes.FixedIpAddress) is not null && body.Get(FloatingIpAttributes.PortId) is null
            ? FloatingIpErrors.Bad("fixed_ip_address cannot be specified without a port_id")
            : null;

    /// <summary>A name and its domain are of use together alone.</summary>
    public static ApiError? CheckNames(FloatingIp ip) => (ip.DnsName, ip.DnsDomain) switch
    {
        ("", not "") => FloatingIpErrors.Bad("dns_domain cannot be specified without a dns_name"),
        (not "", "") => FloatingIpErrors.Bad("dns_name cannot be specified without a dns_domain"),
        _ => null,
    };

    public static ApiError? CheckPolicy(string? policyId, Caller caller, DecideContext context) =>
        policyId is { } id
        && (context.Read(QosPolicy.Type, id) is not { } policy || !caller.Sees(QosPolicy.Type, policy.Value))
            ? QosPolicy.Type.Api.NotFound(id)
            : null;
}

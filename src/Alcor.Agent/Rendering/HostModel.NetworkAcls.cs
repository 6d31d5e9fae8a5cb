using Alcor.Agent.Desired;
using Alcor.Agent.Pipeline;

namespace Alcor.Agent.Rendering;

internal sealed partial class HostModel
{
    public NetworkAclModels Acls { get; } = new();

    /// <summary>The subnets that a port has addresses in, each once.</summary>
    public IEnumerable<SubnetBoundary> BoundariesOf(PortValue port) =>
        port.Addresses.DistinctBy(ip => ip.SubnetId).Select(ip =>
            Network(port.NetworkId)?.Subnets.GetValueOrDefault(ip.SubnetId) is { } subnet
                ? new SubnetBoundary(ip.SubnetId, subnet.Cidr.IsIpv6(), subnet.Cidr, subnet.NetworkAcl)
                : new SubnetBoundary(ip.SubnetId, !ip.Address.Alone().IsIpv4(), Cidr: null, Acl: null));

    /// <summary>Takes over which ACLs a port is behind.</summary>
    private void SetBoundaries(EntryAddress address, HashSet<EntryAddress> affected) => Acls.SetPort(
        address,
        _ports.TryGetValue(address, out var port)
            ? [.. BoundariesOf(port).Select(boundary => boundary.Acl).OfType<Guid>()]
            : [],
        affected);
}

using Alcor.Agent.Desired;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>Names of partitions, kind/id, and which kind of entry belongs where.</summary>
internal static class Partitions
{
    private const string Network = "network";
    private const string Host = "host";
    private const string SecurityGroup = "security-group";
    private const string AddressGroup = "address-group";
    private const string QosPolicy = "qos-policy";
    private const string Router = "router";
    private const string NetworkAcl = "network-acl";

    /// <summary>Whether an entry is in a partition of its kind, and in its own if it says what that is.</summary>
    public static bool Belongs(EntryAddress address) => address.Key.Kind switch
    {
        EntryKind.Network => IdOf(Network, address) == address.Key.Id,
        EntryKind.Subnet or EntryKind.Neighbor or EntryKind.RouterPort => IdOf(Network, address) is not null,
        EntryKind.Port or EntryKind.RouterGateway => address.Partition.StartsWith($"{Host}/", StringComparison.Ordinal),
        EntryKind.SecurityGroup => IdOf(SecurityGroup, address) == address.Key.Id,
        EntryKind.SecurityGroupRule or EntryKind.SecurityGroupMember => IdOf(SecurityGroup, address) is not null,
        EntryKind.AddressGroup => IdOf(AddressGroup, address) == address.Key.Id,
        EntryKind.QosPolicy => IdOf(QosPolicy, address) == address.Key.Id,
        EntryKind.Router => IdOf(Router, address) == address.Key.Id,
        EntryKind.NetworkAcl => IdOf(NetworkAcl, address) == address.Key.Id,
        EntryKind.NetworkAclRule => IdOf(NetworkAcl, address) is not null,
        EntryKind.FloatingIp or EntryKind.PortForwarding => IdOf(Router, address) is not null,
        _ => false,
    };

    /// <summary>The network whose partition an entry is in; null: it is in another kind of partition.</summary>
    public static Guid? NetworkOf(EntryAddress address) => IdOf(Network, address);

    /// <summary>The security group whose partition an entry is in; null: it is in another kind of partition.</summary>
    public static Guid? SecurityGroupOf(EntryAddress address) => IdOf(SecurityGroup, address);

    /// <summary>The network ACL whose partition an entry is in; null: it is in another kind of partition.</summary>
    public static Guid? NetworkAclOf(EntryAddress address) => IdOf(NetworkAcl, address);

    /// <summary>The router whose partition an entry is in; null: it is in another kind of partition.</summary>
    public static Guid? RouterOf(EntryAddress address) => IdOf(Router, address);

    /// <summary>The entry of a network itself, which owns the flows that belong to it as a whole.</summary>
    public static EntryAddress OfNetwork(Guid id) => Own(Network, EntryKind.Network, id);

    public static EntryAddress OfSecurityGroup(Guid id) => Own(SecurityGroup, EntryKind.SecurityGroup, id);

    public static EntryAddress OfAddressGroup(Guid id) => Own(AddressGroup, EntryKind.AddressGroup, id);

    public static EntryAddress OfRouter(Guid id) => Own(Router, EntryKind.Router, id);

    private static EntryAddress Own(string kind, EntryKind entry, Guid id) =>
        new($"{kind}/{id:D}", new EntryKey(entry, id));

    private static Guid? IdOf(string kind, EntryAddress address)
    {
        var name = address.Partition.AsSpan();
        return name.Length > kind.Length && name[kind.Length] == '/'
            && name.StartsWith(kind, StringComparison.Ordinal)
            && Guid.TryParseExact(name[(kind.Length + 1)..], "D", out var id)
                ? id
                : null;
    }
}

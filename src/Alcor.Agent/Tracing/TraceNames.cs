using Alcor.Protocol.V1;

namespace Alcor.Agent.Tracing;

/// <summary>What to call things towards whoever asks.</summary>
/// <param name="names">Of resources, by id; those without a name need not be there.</param>
/// <param name="visible">The resources that may be named, if not all; hosts are not named then.</param>
public sealed class TraceNames(IReadOnlyDictionary<Guid, string> names, IReadOnlySet<Guid>? visible = null)
{
    private readonly List<string> _hosts = [];

    public bool Hides(Guid id) => visible is not null && !visible.Contains(id);

    /// <summary>Empty: it has none, or it may not be known.</summary>
    public string NameOf(Guid id) => Hides(id) ? "" : names.GetValueOrDefault(id, "");

    /// <summary>A host, numbered in the order of appearance where it may not be named.</summary>
    public string Host(string name)
    {
        if (visible is null)
            return name;
        if (!_hosts.Contains(name))
            _hosts.Add(name);
        return $"host-{_hosts.IndexOf(name) + 1}";
    }

    /// <summary>A resource with its kind, name and id.</summary>
    public string Of(string kind, Guid id)
    {
        if (Hides(id))
            return $"{(kind[0] is 'a' ? "an" : "a")} {kind} of another project";
        var name = NameOf(id);
        return name.Length == 0 ? $"{kind} {id:D}" : $"{kind} {name} ({id:D})";
    }

    /// <summary>What the entries of a kind are called.</summary>
    public static string WordOf(EntryKind kind) => kind switch
    {
        EntryKind.Neighbor or EntryKind.Port => "port",
        EntryKind.RouterPort => "router port",
        EntryKind.SecurityGroup => "security group",
        EntryKind.SecurityGroupRule => "rule",
        EntryKind.SecurityGroupMember => "member",
        EntryKind.AddressGroup => "address group",
        EntryKind.NetworkAcl => "network ACL",
        EntryKind.NetworkAclRule => "rule",
        EntryKind.FloatingIp => "floating IP",
        EntryKind.PortForwarding => "port forwarding",
        EntryKind.Router => "router",
        EntryKind.Subnet => "subnet",
        EntryKind.QosPolicy => "QoS policy",
        _ => "network",
    };
}

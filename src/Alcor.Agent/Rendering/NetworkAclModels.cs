using Alcor.Agent.Desired;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Rendering;

/// <summary>
/// What the host knows of network ACLs, indexed for rendering: which ports here are in subnets that have them. As
/// <see cref="HostModel"/>, it answers changes with the entries whose flows may be others now.
/// </summary>
internal sealed class NetworkAclModels
{
    private readonly Dictionary<Guid, NetworkAclModel> _acls = [];
    private readonly Dictionary<EntryAddress, HashSet<Guid>> _aclsOfPort = [];

    /// <summary>Null: nothing is known of it, and no port here is in a subnet that has it.</summary>
    public NetworkAclModel? Find(Guid id) => _acls.GetValueOrDefault(id);

    /// <summary>Why nothing passes an ACL; null: what its rules allow does.</summary>
    public string? Obstacle(Guid id) => (Find(id) ?? new NetworkAclModel(id)).Obstacle;

    /// <summary>Takes over one entry of an ACL's partition, null when it is gone.</summary>
    public void Set(Guid aclId, EntryAddress address, IEntryValue? value, HashSet<EntryAddress> affected)
    {
        var acl = Open(aclId);
        var before = acl.Obstacle;
        if (address.Key.Kind == EntryKind.NetworkAcl)
            acl.Value = value as NetworkAclValue;
        else
            acl.SetRule(address, value);
        if (acl.Obstacle != before)
        {
            affected.UnionWith(acl.Ports);
            affected.UnionWith(acl.Rules.Keys);
        }
        Close(acl);
    }

    /// <summary>A port of this host is in subnets that have these ACLs, and in no others.</summary>
    public void SetPort(EntryAddress port, HashSet<Guid> acls, HashSet<EntryAddress> affected)
    {
        var before = _aclsOfPort.GetValueOrDefault(port, []);
        foreach (var id in before.Except(acls))
        {
            var acl = Open(id);
            acl.Ports.Remove(port);
            if (acl.Ports.Count == 0)
                affected.UnionWith(acl.Rules.Keys);
            Close(acl);
        }
        foreach (var id in acls.Except(before))
        {
            var acl = Open(id);
            acl.Ports.Add(port);
            if (acl.Ports.Count == 1)
                affected.UnionWith(acl.Rules.Keys);
        }
        if (acls.Count == 0)
            _aclsOfPort.Remove(port);
        else
            _aclsOfPort[port] = acls;
    }

    private NetworkAclModel Open(Guid id)
    {
        if (!_acls.TryGetValue(id, out var acl))
            _acls[id] = acl = new(id);
        return acl;
    }

    private void Close(NetworkAclModel acl)
    {
        if (acl.IsEmpty)
            _acls.Remove(acl.Id);
    }
}

/// <summary>What the host knows of one network ACL.</summary>
internal sealed class NetworkAclModel(Guid id)
{
    // A rule that makes no sense may be one that denies: without it, others would let through what it stops.
    private readonly HashSet<EntryAddress> _senseless = [];

    public Guid Id => id;

    /// <summary>Null until the ACL's own entry has come.</summary>
    public NetworkAclValue? Value { get; set; }

    public Dictionary<EntryAddress, NetworkAclRuleValue> Rules { get; } = [];

    /// <summary>Ports of this host in subnets that have it.</summary>
    public HashSet<EntryAddress> Ports { get; } = [];

    /// <summary>Why nothing passes it; null: what its rules allow does.</summary>
    public string? Obstacle => Value is null ? $"network ACL {id:D} has not arrived"
        : _senseless.Count > 0 ? $"network ACL {id:D} has a rule that makes no sense"
        : null;

    public bool IsEmpty => Value is null && Rules.Count == 0 && _senseless.Count == 0 && Ports.Count == 0;

    public void SetRule(EntryAddress address, IEntryValue? value)
    {
        if (value is MalformedValue)
            _senseless.Add(address);
        else
            _senseless.Remove(address);
        if (value is NetworkAclRuleValue rule)
            Rules[address] = rule;
        else
            Rules.Remove(address);
    }
}
